"""Who is best, by how much, and whether that could be luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.comparison.per_user import MODEL, per_seed_means, per_user_values
from recsys_core.statistics import (
    PairedDifference,
    bootstrap_intervals,
    differences_of_pairs,
    holm,
    mean_ranks,
    paired_differences,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recsys_core.runs import Run

RESAMPLES = 10_000  # enough for p = .001 to survive the correction for a dozen models
ALPHA = 0.05


def verdict_table(runs: Iterable[Run], metric: str, *, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Return a row per model, best mean first, each held against the best on the same users.

    Columns: ``model, mean, low, high, n_users, n_seeds``; ``mean_rank, rank_low, rank_high`` (place among the
    models for one user, averaged over users); ``behind, behind_low, behind_high`` (how much the best exceeds
    it), ``p_value`` (paired bootstrap over users, two-sided), ``p_holm`` (corrected for all models held
    against the best) and ``level_with_best`` (True where ``p_holm`` is at least .05: luck may decide). Of
    several seeds a user counts once, with the mean. The best has NaN and True in these.

    Raises
    ------
    DataError
        As :func:`per_user_values`.
    """
    runs = list(runs)
    users = per_user_values(runs, metric)
    values = {str(model): users[model].to_numpy(np.float64) for model in users}
    order = sorted(values, key=lambda model: -float(values[model].mean()))
    intervals, places = bootstrap_intervals(values), mean_ranks(values)
    against = _against(values, order[0], resamples)
    corrected = holm({model: one.p_value for model, one in against.items()})
    n_seeds = len({run.manifest.protocol.seed for run in runs})
    rows = []
    for model in order:
        own, place, other = intervals[model], places[model], against.get(model)
        rows.append(
            {
                MODEL: model,
                **{"mean": own.mean, "low": own.low, "high": own.high},
                **{"n_users": len(users), "n_seeds": n_seeds},
                **{"mean_rank": place.mean, "rank_low": place.low, "rank_high": place.high},
                **_difference(other),
                "p_holm": corrected.get(model, np.nan),
                "level_with_best": other is None or corrected[model] >= ALPHA,
            }
        )
    return pd.DataFrame(rows)


def pairs_table(runs: Iterable[Run], metric: str, *, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Return every pair of models: ``model, other, behind, behind_low, behind_high, p_value, p_holm``.

    ``behind`` is how much ``model``, the better of the two, exceeds ``other``. Holm's correction is for all
    pairs.
    """
    users = per_user_values(runs, metric)
    order = sorted(map(str, users), key=lambda model: -float(users[model].mean()))
    if len(order) < 2:
        columns = (MODEL, "other", "behind", "behind_low", "behind_high", "p_value", "p_holm")
        return pd.DataFrame(columns=columns)
    found = differences_of_pairs({m: users[m].to_numpy(np.float64) for m in order}, resamples=resamples)
    corrected = holm({f"{one}/{other}": pair.p_value for (one, other), pair in found.items()})
    rows = [
        {MODEL: one, "other": other, **_difference(pair), "p_holm": corrected[f"{one}/{other}"]}
        for (one, other), pair in found.items()
    ]
    return pd.DataFrame(rows)


def seeds_table(runs: Iterable[Run], metric: str) -> pd.DataFrame:
    """Return a row per model, best first: how its mean moves with the split seed.

    Columns: ``model, n_seeds, mean, deviation`` (sample standard deviation over seeds, NaN for one),
    ``lowest, highest, mean_rank`` (place among the models, averaged over seeds) and ``firsts`` (seeds won).
    """
    means = per_seed_means(runs, metric)
    places = means.rank(axis=1, ascending=False)
    table = pd.DataFrame(
        {
            "n_seeds": means.count(),
            "mean": means.mean(),
            "deviation": means.std(ddof=1),
            "lowest": means.min(),
            "highest": means.max(),
            "mean_rank": places.mean(),
            "firsts": (places == 1).sum(),
        }
    )
    return table.rename_axis(MODEL).reset_index().sort_values("mean", ascending=False, ignore_index=True)


def verdicts_at(runs: Sequence[Run], metrics: Iterable[str], *, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Return :func:`verdict_table` of several metrics below each other, ``metric`` first."""
    tables = [verdict_table(runs, metric, resamples=resamples).assign(metric=metric) for metric in metrics]
    whole = pd.concat(tables, ignore_index=True)
    return whole[["metric", *(name for name in whole if name != "metric")]]


def _against(values: dict[str, np.ndarray], best: str, resamples: int) -> dict[str, PairedDifference]:
    # the best minus each other is minus (the other minus the best): one set of draws for all
    others = {model: -one for model, one in values.items() if model != best}
    return paired_differences(others, -values[best], resamples=resamples)


def _difference(one: PairedDifference | None) -> dict[str, float]:
    found = (np.nan,) * 4 if one is None else (one.mean, one.low, one.high, one.p_value)
    return dict(zip(("behind", "behind_low", "behind_high", "p_value"), map(float, found), strict=True))
