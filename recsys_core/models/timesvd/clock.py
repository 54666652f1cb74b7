"""The times a family of drifts may refer to: when the data begin and end, and when each item was rated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.errors import DataError

if TYPE_CHECKING:
    from recsys_core.datasets.interactions import Interactions

SECONDS_A_DAY = 86_400.0
YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Clock:
    """Days since 1970, float64: ``start`` and ``end`` of all ratings, ``first`` and ``last`` of each item.

    An item without a rating begins when the data end.
    """

    start: float
    end: float
    first: np.ndarray
    last: np.ndarray

    @classmethod
    def of(cls, ratings: Interactions) -> Clock:
        """Return the clock of ``ratings``.

        Raises
        ------
        DataError
            If there is no rating, or they have no times.
        """
        days = days_of(ratings)
        if not len(days):
            raise DataError("There is no rating to learn from.")
        start, end = float(days.min()), float(days.max())
        first = np.full(ratings.shape[1], np.inf)
        last = np.full(ratings.shape[1], -np.inf)
        np.minimum.at(first, ratings.item_idx, days)
        np.maximum.at(last, ratings.item_idx, days)
        unrated = np.isinf(first)
        return cls(start, end, np.where(unrated, end, first), np.where(unrated, end, last))

    @property
    def span(self) -> float:
        """Days from the first rating of all to the last, at least one."""
        return max(self.end - self.start, 1.0)


def days_of(ratings: Interactions) -> np.ndarray:
    """Return when each rating was given, in days since 1970, float64.

    Raises
    ------
    DataError
        If the ratings have no times.
    """
    if ratings.timestamps is None:
        raise DataError(
            "These ratings have no times.", fix="Choose ratings with timestamps, as MovieLens has."
        )
    return ratings.timestamps / SECONDS_A_DAY
