"""What was to be reached on a known data set, beside what was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsys_core.reporting.tables import FIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

FAST_SECONDS, NEAR = 0.5, 0.95


class Goal(NamedTuple):
    """The least a model of a kind should reach; kinds are told by the beginning of names."""

    who: str
    models: tuple[str, ...]
    least: dict[str, float]


GOALS: dict[str, tuple[Goal, ...]] = {
    "lastfm": (
        Goal("the best recommender", ("",), {"auc": 0.92, "precision@10": 0.210, "ndcg@10": 0.27}),
        Goal(
            "the best LightFM objective, any features",
            ("lightfm-", "fast-"),
            {"auc": 0.90, "precision@10": 0.205},
        ),
    )
}


def goal_rows(
    dataset: str, verdicts: Mapping[str, pd.DataFrame], seconds: pd.DataFrame, k: int
) -> list[dict[str, object]]:
    """Return ``goal, model, measured, reached`` of every goal, none where there are none for these lists.

    Qualities are means over the splits of ``verdicts``; ``seconds`` is ``tables.time_rows``.
    """
    goals = GOALS.get(dataset, ())
    if not goals or k != 10:
        return []
    return [row for goal in goals for row in _rows(goal, verdicts)] + [_fast(seconds, f"precision@{k}")]


def _rows(goal: Goal, verdicts: Mapping[str, pd.DataFrame]) -> list[dict[str, object]]:
    """Return a row per metric for the one model of the kind that is best by the last of them."""
    last = verdicts[list(goal.least)[-1]]
    own = last[[str(name).startswith(goal.models) for name in last["model"]]]
    if own.empty:
        return []
    model = str(own.iloc[0]["model"])
    return [
        {
            "goal": f"{goal.who}: {metric} at least {least:g}",
            "model": model,
            "measured": (value := float(verdicts[metric].set_index("model").loc[model, "mean"])),
            "reached": value >= least,
        }
        for metric, least in goal.least.items()
    ]


def _fast(seconds: pd.DataFrame, metric: str) -> dict[str, object]:
    near = seconds[seconds[metric] >= NEAR * seconds[metric].max()].sort_values(FIT_SECONDS).iloc[0]
    took = float(near[FIT_SECONDS])
    return {
        "goal": f"{NEAR:.0%} of the best {metric} within {FAST_SECONDS:g} seconds of training",
        "model": near["model"],
        "measured": took,
        "reached": took <= FAST_SECONDS,
    }
