"""Which parameters decide whether a setting belongs to the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import optuna
import pandas as pd
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

from recsys_core.tuning.distributions import distribution

if TYPE_CHECKING:
    from recsys_core.tuning.request import TuningRequest
    from recsys_core.tuning.trials import Trial

NEEDED = 15  # finished trials; below, the best third is fewer than five and says nothing
TOP, AT_LEAST = 0.1, 5


@dataclass(frozen=True)
class Importances:
    """``table``: ``parameter, importance`` (shares of 1, largest first), empty while trials are too few.

    ``n_trials`` counts finished and pruned trials, ``n_best`` the best of them, which were held against all;
    ``needed`` is how many trials there must be.
    """

    table: pd.DataFrame
    n_trials: int
    n_best: int
    needed: int = NEEDED

    @property
    def enough(self) -> bool:
        """Whether there were trials enough to say anything."""
        return self.n_trials >= self.needed


def importances(trials: list[Trial], request: TuningRequest) -> Importances:
    """Return how much each parameter decides whether a trial is among the best by the first objective.

    PED-ANOVA: a parameter matters as far as its values among the best trials (a tenth, but at least five)
    are spread otherwise than among all trials. Pruned trials count, with the best value they reached. It is
    a share of what matters, not of variance, and tells of the region that was searched only.

    Watanabe, Bansal & Hutter (2023), "PED-ANOVA", IJCAI; implementation: Optuna.
    """
    first = request.objectives[0]
    judged = [trial for trial in trials if trial.state in ("complete", "pruned") and trial.curve]
    n_best = max(AT_LEAST, round(TOP * len(judged)))
    empty = pd.DataFrame({"parameter": pd.Series(dtype=object), "importance": pd.Series(dtype=float)})
    if len(judged) < NEEDED:
        return Importances(empty, len(judged), 0)
    space = {one.name: distribution(one) for one in request.space()}
    copy = optuna.create_study(direction="maximize")
    for trial in judged:
        copy.add_trial(
            optuna.create_trial(
                params=trial.parameters,
                distributions={name: space[name] for name in trial.parameters},
                value=max(row[first] for row in trial.curve),
            )
        )
    evaluator = PedAnovaImportanceEvaluator(target_quantile=n_best / len(judged))
    found = get_param_importances(copy, evaluator=evaluator)
    table = pd.DataFrame({"parameter": list(found), "importance": list(found.values())})
    return Importances(table, len(judged), n_best)
