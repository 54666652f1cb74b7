"""Stars turned into ones and zeros: what a one says, and what a zero does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Rule = Literal["rated", "liked"]
LIKED_FROM = 4.0
UNKNOWN, DISLIKED, ONE = 0, 1, 2


class Zeros(NamedTuple):
    """How many cells became 1, and of the zeros how many were low stars and how many were never rated."""

    ones: int
    disliked: int
    unknown: int


def implicit_cells(stars: ArrayLike, rule: Rule = "rated", liked_from: float = LIKED_FROM) -> np.ndarray:
    """Return what becomes of each cell, int8 of the same shape: ``ONE``, ``DISLIKED`` or ``UNKNOWN``.

    An implicit matrix has 1 at ``ONE`` and 0 at the other two, which nobody can tell apart in it any more.

    Parameters
    ----------
    stars
        People in rows, items in columns, NaN where there is no rating.
    rule
        "rated" makes every rating a one, as a play is; "liked" only those of at least ``liked_from``.
    """
    table = np.asarray(stars, np.float64)
    known = np.isfinite(table)
    bound = -np.inf if rule == "rated" else liked_from
    positive = known & (np.nan_to_num(table, nan=-np.inf) >= bound)
    return np.where(positive, ONE, np.where(known, DISLIKED, UNKNOWN)).astype(np.int8)


def count_zeros(cells: np.ndarray) -> Zeros:
    """Return how many cells of :func:`implicit_cells` are of each kind."""
    ones, disliked, unknown = (int((cells == kind).sum()) for kind in (ONE, DISLIKED, UNKNOWN))
    return Zeros(ones, disliked, unknown)


def means_by_reading(stars: ArrayLike, items: list[str]) -> pd.DataFrame:
    """Return ``item, raters, mean_known, mean_zero_filled``, in the order given.

    ``mean_known`` takes an empty cell for "unknown" and is NaN for an item nobody rated; ``mean_zero_filled``
    takes it for no stars at all, which makes the rarely rated look bad.
    """
    table = np.asarray(stars, np.float64)
    raters, sums = np.isfinite(table).sum(axis=0), np.nansum(table, axis=0)
    known = np.divide(sums, raters, out=np.full(len(items), np.nan), where=raters > 0)
    return pd.DataFrame(
        {
            "item": items,
            "raters": raters,
            "mean_known": known,
            "mean_zero_filled": sums / max(len(table), 1),
        }
    )


def most_wronged(means: pd.DataFrame) -> pd.Series | None:
    """Return the row of :func:`means_by_reading` whose mean zeros lower most; None if they lower none."""
    lost = (means["mean_known"] - means["mean_zero_filled"]).dropna()
    return means.loc[lost.idxmax()] if (lost > 0).any() else None
