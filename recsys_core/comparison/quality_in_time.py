"""Quality against seconds: who is good soonest, and who is worth waiting for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.comparison.per_user import MODEL
from recsys_core.convergence import EPOCH, SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

VALUE, BEST_SO_FAR, ON_FRONT = "value", "best_so_far", "on_front"


def quality_in_time(curves: Mapping[str, pd.DataFrame], metric: str) -> pd.DataFrame:
    """Return ``model, epoch, seconds, value, best_so_far, on_front``, a row per model and epoch.

    ``seconds`` are of training, ``metric`` a column of the curves such as ``test_auc``. ``on_front``: nothing
    that was as good by then, or better, took less time, of all models.
    """
    tables = [
        pd.DataFrame(
            {
                MODEL: model,
                EPOCH: curve[EPOCH].astype(int),
                SECONDS: curve[SECONDS].astype(float),
                VALUE: curve[metric].astype(float),
                BEST_SO_FAR: curve[metric].astype(float).cummax(),
            }
        )
        for model, curve in curves.items()
    ]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(**{ON_FRONT: pareto_front(table[SECONDS].to_numpy(), table[VALUE].to_numpy())})


def pareto_front(costs: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return which points no other beats: none is at most as costly and better, or cheaper and as good.

    Bool, shape ``(n,)``; equal points are on the front together. NaN is never on it.
    """
    costs, values = np.asarray(costs, np.float64), np.asarray(values, np.float64)
    usable = np.isfinite(costs) & np.isfinite(values)
    front = np.zeros(len(costs), bool)
    # cheapest first, best first among the equally cheap: whoever raises the best so far is on the front
    best, cost_of_best = -np.inf, np.inf
    for row in np.lexsort((-values, costs)):
        if not usable[row]:
            continue
        level = values[row] == best and costs[row] == cost_of_best
        if values[row] > best or level:
            front[row] = True
            best, cost_of_best = values[row], costs[row]
    return front


def seconds_to(table: pd.DataFrame, value: float) -> pd.Series:
    """Return the training seconds until each model of :func:`quality_in_time` reached ``value``, or NaN."""
    reached = table[table[VALUE] >= value].groupby(MODEL)[SECONDS].min()
    return reached.reindex(table[MODEL].drop_duplicates()).rename(SECONDS)


def best_against(lists: pd.DataFrame, verdicts: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return ``lists`` (a row per model) with ``mean`` of ``verdicts``, best first, and ``on_front``.

    ``on_front``: no other model is at least as good and has more of ``measure``, or better and as much;
    of popularity less is more.
    """
    table = verdicts[[MODEL, "mean"]].merge(lists, on=MODEL)
    cost = table[measure].to_numpy(np.float64) * (1 if measure == "popularity" else -1)
    return table.assign(**{ON_FRONT: pareto_front(cost, table["mean"].to_numpy(np.float64))})
