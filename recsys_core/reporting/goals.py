"""What was to be reached on a known data set, beside what was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.reporting.tables import FIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

FAST_SECONDS, NEAR = 0.5, 0.95
FIRST, MEAN = "first split", "mean of splits"
OBJECTIVES = ("lightfm-", "fast-")
"""How names of models begin that learn one of LightFM's objectives, by the package or by our own trainer."""


class Goal(NamedTuple):
    """The least a model of a kind should reach; kinds are told by the beginning of names."""

    who: str
    models: tuple[str, ...]
    least: dict[str, float]


GOALS: dict[str, tuple[Goal, ...]] = {
    "lastfm": (
        Goal("the best recommender", ("",), {"auc": 0.92, "precision@10": 0.210, "ndcg@10": 0.27}),
        Goal(
            "the best of LightFM's objectives, on either trainer, any features",
            OBJECTIVES,
            {"auc": 0.90, "precision@10": 0.205},
        ),
    )
}


def goal_rows(
    dataset: str, means: Mapping[str, pd.DataFrame], first: int, seconds: pd.DataFrame, k: int
) -> list[dict[str, object]]:
    """Return ``goal, model, first split, mean of splits, reached`` of every goal; none for other lists.

    ``means`` are :func:`recsys_core.comparison.per_user.per_seed_means` by metric, ``first`` is the split
    seed told in full, ``seconds`` is ``tables.time_rows``. A quality is reached if both figures reach it.
    """
    goals = GOALS.get(dataset, ())
    if not goals or k != 10:
        return []
    return [row for goal in goals for row in _rows(goal, means, first)] + [_fast(seconds, f"precision@{k}")]


def _rows(goal: Goal, means: Mapping[str, pd.DataFrame], first: int) -> list[dict[str, object]]:
    """Return a row per metric for the one model of the kind that is best by the last of them."""
    last = means[list(goal.least)[-1]].mean()
    own = last[[str(name).startswith(goal.models) for name in last.index]]
    if own.empty:
        return []
    model = str(own.idxmax())
    rows: list[dict[str, object]] = []
    for metric, least in goal.least.items():
        found = float(means[metric].loc[first, model]), float(means[metric][model].mean())
        rows.append(
            {
                "goal": f"{goal.who}: {metric} at least {least:g}",
                "model": model,
                **dict(zip((FIRST, MEAN), found, strict=True)),
                "reached": min(found) >= least,
            }
        )
    return rows


def _fast(seconds: pd.DataFrame, metric: str) -> dict[str, object]:
    near = seconds[seconds[metric] >= NEAR * seconds[metric].max()].sort_values(FIT_SECONDS).iloc[0]
    took = float(near[FIT_SECONDS])
    return {
        "goal": f"{NEAR:.0%} of the best {metric} within {FAST_SECONDS:g} seconds of training",
        "model": near["model"],
        FIRST: np.nan,
        MEAN: took,
        "reached": took <= FAST_SECONDS,
    }
