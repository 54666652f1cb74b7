"""Two maps beside each other: the second turned to lie like the first, in its colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.artist_map.agreement import seed_agreement
from recsys_core.artist_map.alignment import aligned
from recsys_core.artist_map.clusters import NO_CLUSTER

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class SideBySide:
    """The second of two maps, ready to be drawn beside the first.

    Parameters
    ----------
    other
        Its artists: ``x`` and ``y`` laid over the first map as large as it, ``cluster`` that of the first
        map (-1 where there is none), so that equal colours are equal groups.
    disparity
        0 for equal pictures, 1 for nothing alike (see :class:`recsys_core.artist_map.Alignment`).
    n_common
        How many artists are on both.
    agreement
        Adjusted Rand index of the two maps' own groups over these; None where one of them has none.
    """

    other: pd.DataFrame
    disparity: float
    n_common: int
    agreement: float | None


def side_by_side(first: pd.DataFrame, second: pd.DataFrame) -> SideBySide:
    """Return ``second`` laid over ``first``; both as :class:`recsys_core.artist_map.ArtistMap` has them."""
    mine, theirs = first["item_idx"].to_numpy(), second["item_idx"].to_numpy()
    beside = first[["x", "y"]].to_numpy()
    turned = aligned(second[["x", "y"]].to_numpy(), theirs, beside, mine)
    points = _as_large(turned.points, beside)
    _, here, there = np.intersect1d(mine, theirs, return_indices=True)
    groups, own = first["cluster"].to_numpy(), second["cluster"].to_numpy()
    carried = np.full(len(second), NO_CLUSTER, np.int32)
    carried[there] = groups[here]
    found = all((labels >= 0).any() for labels in (groups, own)) and len(here) > 0
    return SideBySide(
        second.assign(x=points[:, 0], y=points[:, 1], cluster=carried),
        turned.disparity,
        turned.n_common,
        seed_agreement(groups[here], [own[there]])[0] if found else None,
    )


def _as_large(points: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return ``points`` spread as widely as ``other``: the best fit of maps that differ much is a dot."""
    middle, own, wanted = points.mean(axis=0), _spread(points), _spread(other)
    scale = wanted / own if own else 1.0
    return ((points - middle) * scale + middle).astype(np.float32)


def _spread(points: np.ndarray) -> float:
    return float(np.sqrt(((points - points.mean(axis=0)) ** 2).sum(axis=1).mean()))
