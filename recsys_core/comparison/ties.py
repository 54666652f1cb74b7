"""Both rules for equal scores side by side: does the verdict depend on the choice?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.comparison.per_user import MODEL, of_split
from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.ranking import held_out_ranks
from recsys_core.ranking.held_out import Ties

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recsys_core.ranking import Ranks
    from recsys_core.runs import Run
    from recsys_core.splitting import Split

PESSIMISTIC: Ties = "pessimistic"
HALF: Ties = "half"
RULES = (PESSIMISTIC, HALF)


def ties_table(runs: Iterable[Run], parts: Split, metric: str = "auc", *, threads: int = 1) -> pd.DataFrame:
    """Return ``model, pessimistic, half, difference, place_pessimistic, place_half``, best first.

    ``pessimistic``: an item of equal score stands before (LightFM's rule, the project's own). ``half``: it
    counts one half, the mean over all orders of equal items for AUC.
    """
    train, test = parts.train.to_csr(binary=True), parts.test.to_csr(binary=True)
    k = int(metric.partition("@")[2] or 10)
    rows: list[dict[str, object]] = []
    for run in of_split(runs, parts):
        scorer = run.model(parts.training).scorer
        ranks = {rule: held_out_ranks(scorer, test, train, threads=threads, ties=rule) for rule in RULES}
        row: dict[str, object] = {MODEL: run.manifest.model}
        for rule, one in ranks.items():
            row[rule] = rule_means(one, parts.dataset.n_items, (k,))[metric]
        rows.append(row)
    return with_places(pd.DataFrame(rows))


def rule_means(ranks: Ranks, n_items: int, ks: Sequence[int]) -> dict[str, float]:
    """Return the mean over users of every metric at each of ``ks``, under the rule ``ranks`` were made by."""
    values = per_user_metrics(ranks, n_items, ks)
    return {name: float(np.nanmean(one)) for name, one in values.items() if name != "users"}


def with_places(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``model, pessimistic, half`` best first, with ``difference`` and the places under each rule."""
    ordered = table.sort_values(PESSIMISTIC, ascending=False, ignore_index=True)
    places = {f"place_{ties}": ordered[ties].rank(ascending=False).to_numpy() for ties in RULES}
    return ordered.assign(difference=ordered[HALF] - ordered[PESSIMISTIC], **places)


def verdict_depends_on_ties(table: pd.DataFrame) -> bool:
    """Return whether the models come in another order under the other rule."""
    return bool((table[f"place_{PESSIMISTIC}"] != table[f"place_{HALF}"]).any())
