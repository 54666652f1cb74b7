"""What each scaling does to play counts: where the weights end up, and which pairs are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.datasets.scaling import scale

if TYPE_CHECKING:
    from recsys_core.datasets.interactions import Interactions

COMPARED = ("play_count_scaled", "log", "per_user")


def compare_scalings(interactions: Interactions) -> pd.DataFrame:
    """Return a row per scaling: ``scaling, lost, kept, median, largest, below_one_percent``.

    ``lost`` pairs get weight 0 and vanish from a sparse matrix; ``median`` and ``below_one_percent``
    (share of all pairs, 0 to 1) are relative to the largest weight.
    """
    rows = []
    for scaling in COMPARED:
        weights = scale(interactions, scaling, drop_zero=False).weights
        relative = weights / (weights.max() or 1.0)
        rows.append(
            {
                "scaling": scaling,
                "lost": int((weights == 0).sum()),
                "kept": int((weights > 0).sum()),
                "median": float(np.median(relative)),
                "largest": float(weights.max()),
                "below_one_percent": float((relative < 0.01).mean()),
            }
        )
    return pd.DataFrame(rows)


def scaling_histograms(interactions: Interactions, bins: int = 20) -> pd.DataFrame:
    """Return ``scaling, low, high, share``: the share of pairs in each slice of 0 to the largest weight."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    tables = []
    for scaling in COMPARED:
        weights = scale(interactions, scaling, drop_zero=False).weights
        counts, _ = np.histogram(weights / (weights.max() or 1.0), edges)
        slices = {"low": edges[:-1], "high": edges[1:], "share": counts / len(weights)}
        tables.append(pd.DataFrame({"scaling": scaling, **slices}))
    return pd.concat(tables, ignore_index=True)
