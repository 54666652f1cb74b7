"""What a study has found so far, as tables: fit to be shown, drawn or saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recsys_core.errors import SettingsError
from recsys_core.models.registry import create_model
from recsys_core.tuning.importance import Importances, importances
from recsys_core.tuning.request import SECONDS

if TYPE_CHECKING:
    from recsys_core.tuning.study import StudyCard, TuningStudy
    from recsys_core.tuning.trials import Trial

TRIAL, STATE, VALUE, BEST_SO_FAR = "trial", "state", "value", "best_so_far"


@dataclass(frozen=True)
class StudySummary:
    """A study at one moment; nothing in it changes afterwards."""

    card: StudyCard
    trials: list[Trial]

    @classmethod
    def of(cls, study: TuningStudy) -> StudySummary:
        """Return the summary of all trials so far."""
        return cls(study.card, study.trials())

    @property
    def objective(self) -> str:
        """The first objective: what the best trial is best by."""
        return self.card.request.objectives[0]

    @property
    def best(self) -> Trial | None:
        """The complete trial with the best first objective, the first of equals; None before one."""
        return max(self._complete(), key=lambda trial: (trial.values or (0.0,))[0], default=None)

    @property
    def counts(self) -> dict[str, int]:
        """How many trials there are of each state that occurs."""
        return dict(pd.Series([trial.state for trial in self.trials], dtype=object).value_counts())

    @property
    def seconds(self) -> float:
        """Training seconds of all trials."""
        return sum(trial.seconds for trial in self.trials)

    def best_configuration(self) -> dict[str, Any] | None:
        """Return ``{"model", "parameters", "epochs"}`` of the best trial, defaults included."""
        if self.best is None:
            return None
        request = self.card.request
        chosen = create_model(request.model, request.parameters(self.best.parameters))
        return {
            "model": request.model,
            "parameters": chosen.settings.to_dict(),
            "epochs": self.best.best_epoch,
        }

    def gain_over_usual(self) -> float | None:
        """Return by which share the best beats the model's usual settings, by the first objective.

        A search tries these settings first of all; None for a grid, or if they were not tried to the end.
        """
        first = (one for one in self._complete() if one.draw == 0 and not self.card.request.grid)
        usual = next((one.values[0] for one in first if one.values), 0.0)
        best = self.best
        return best.values[0] / usual - 1 if best is not None and best.values and usual > 0 else None

    def best_at_edge(self) -> list[str]:
        """Return the numbers of the best trial that lie at an end of their range: better may lie beyond."""
        space = {one.name: one for one in self.card.request.space()}
        chosen = self.best.parameters if self.best is not None else {}
        return [name for name, value in chosen.items() if space[name].at_end(value)]

    def history(self) -> pd.DataFrame:
        """Return ``trial, state, value, best_so_far``; pruned trials have the best value they reached."""
        rows = [
            {TRIAL: trial.number, STATE: trial.state, VALUE: self._reached(trial)} for trial in self.trials
        ]
        table = pd.DataFrame(rows, columns=[TRIAL, STATE, VALUE])
        complete = table[VALUE].astype(np.float64).where(table[STATE] == "complete")
        return table.assign(**{BEST_SO_FAR: complete.cummax().ffill()})

    def table(self) -> pd.DataFrame:
        """Return a row per trial: ``trial, state``, objectives, ``best_epoch, epochs, seconds``, parameters.

        A parameter that a trial did not need is missing there; ``asked`` and ``reason`` come last.
        """
        objectives, names = self.card.request.objectives, [one.name for one in self.card.request.space()]
        rows = [
            {
                TRIAL: trial.number,
                STATE: trial.state,
                **dict(zip(objectives, trial.values or (np.nan,) * len(objectives), strict=True)),
                "best_epoch": trial.best_epoch,
                "epochs": len(trial.curve),
                **({} if SECONDS in objectives else {SECONDS: trial.seconds}),
                **{name: trial.parameters.get(name) for name in names},
                "asked": trial.asked,
                "reason": trial.reason,
            }
            for trial in self.trials
        ]
        return pd.DataFrame(rows)

    def curves(self) -> dict[int, pd.DataFrame]:
        """Return the curve of every trial that has one, by its number."""
        return {trial.number: pd.DataFrame(trial.curve) for trial in self.trials if trial.curve}

    def importances(self) -> Importances:
        """Return how much each parameter decides; see :func:`recsys_core.tuning.importance.importances`."""
        return importances(self.trials, self.card.request)

    def parallel(self, top: int = 20) -> pd.DataFrame:
        """Return the ``top`` complete trials, best first: ``trial``, parameters, ``value``."""
        ranked = sorted(self._complete(), key=lambda trial: -(trial.values or (0.0,))[0])[:top]
        names = [one.name for one in self.card.request.space()]
        rows = [
            {TRIAL: trial.number, **{name: trial.parameters.get(name) for name in names}}
            | {VALUE: (trial.values or (np.nan,))[0]}
            for trial in ranked
        ]
        return pd.DataFrame(rows, columns=[TRIAL, *names, VALUE])

    def front(self) -> pd.DataFrame:
        """Return the complete trials that no other beats in every objective, best first objective first."""
        request, done = self.card.request, self._complete()
        signs = np.array([-1.0 if name == SECONDS else 1.0 for name in request.objectives])
        values = np.array([trial.values for trial in done], np.float64).reshape(len(done), len(signs)) * signs
        kept = [not ((values >= one).all(axis=1) & (values > one).any(axis=1)).any() for one in values]
        rows = [trial.number for trial, keep in zip(done, kept, strict=True) if keep]
        table = self.table()
        found = table[table[TRIAL].isin(rows)] if len(table) else table
        return found.sort_values(request.objectives[0], ascending=False, ignore_index=True) if rows else found

    def heat_map(self, rows: str = "embedding_size", columns: str = "learning_rate") -> HeatMap:
        """Return the grid of a study over two parameters, cells not yet tried being NaN.

        Raises
        ------
        SettingsError
            If the study is no grid of these two parameters.
        """
        grid = self.card.request.grid
        if set(grid) != {rows, columns}:
            raise SettingsError(f"Study {self.card.name} is no grid of {rows} and {columns}.")
        index, across = sorted(set(grid[rows])), sorted(set(grid[columns]))
        values = pd.DataFrame(
            np.nan, index=pd.Index(index, name=rows), columns=pd.Index(across, name=columns)
        )
        numbers = pd.DataFrame(-1, index=values.index, columns=values.columns)
        for trial in self.trials:
            if not trial.counts or not trial.curve:
                continue
            cell = trial.parameters[rows], trial.parameters[columns]
            values.loc[cell], numbers.loc[cell] = self._reached(trial), trial.number
        best = self.best
        outlined = None if best is None else (best.parameters[rows], best.parameters[columns])
        return HeatMap(values, numbers, outlined, self.objective)

    def _complete(self) -> list[Trial]:
        return [trial for trial in self.trials if trial.state == "complete" and trial.values]

    def _reached(self, trial: Trial) -> float:
        return max((row[self.objective] for row in trial.curve), default=np.nan)


@dataclass(frozen=True)
class HeatMap:
    """``values`` and trial ``numbers`` (-1: none) of a grid, one parameter down, the other across.

    ``best`` is the (row, column) of the best complete cell, None before one.
    """

    values: pd.DataFrame
    numbers: pd.DataFrame
    best: tuple[Any, Any] | None
    objective: str

    @property
    def filled(self) -> int:
        """How many cells have a value."""
        return int(self.values.notna().to_numpy().sum())
