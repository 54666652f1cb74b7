"""One film's quality over time, as each family sees it, beside the stars it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.models.timesvd.clock import days_of
from recsys_core.models.timesvd.families import FAMILIES
from recsys_core.models.timesvd.model import DriftModel, DriftSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recsys_core.datasets.interactions import Interactions

DATE, STARS, ADJUSTED = "date", "stars", "adjusted"


def fit_families(ratings: Interactions, drift_penalty: float = 20.0) -> dict[str, DriftModel]:
    """Return a model of every family, fitted on all ``ratings``."""
    return {
        name: DriftModel(DriftSettings(family=name, drift_penalty=drift_penalty)).fit(ratings)
        for name in FAMILIES
    }


def ratings_of(item: int, ratings: Interactions, model: DriftModel) -> pd.DataFrame:
    """Return ``date, stars, adjusted`` of one item's ratings in order of time.

    ``adjusted`` are the stars less the rater's habit, which is what the courses describe.
    """
    mine = np.flatnonzero(ratings.item_idx == item)
    mine = mine[np.argsort(days_of(ratings)[mine], kind="stable")]
    stars = ratings.weights[mine]
    return pd.DataFrame(
        {
            DATE: _dates(days_of(ratings)[mine]),
            STARS: stars,
            ADJUSTED: stars - model.habits(ratings.user_idx[mine]),
        }
    )


def courses_of(
    item: int, ratings: Interactions, models: Mapping[str, DriftModel], points: int = 240
) -> pd.DataFrame:
    """Return ``date`` and a column per family: the stars an average person gives, first to last rating."""
    days = course_days(item, ratings, points)
    return pd.DataFrame(
        {DATE: _dates(days), **{name: model.quality(item, days) for name, model in models.items()}}
    )


def course_days(item: int, ratings: Interactions, points: int = 240) -> np.ndarray:
    """Return evenly spaced days since 1970 from the item's first rating to its last, ``(points,)``."""
    mine = days_of(ratings)[ratings.item_idx == item]
    return np.linspace(mine.min(), mine.max(), points)


def most_moving(courses: pd.DataFrame, families: Iterable[str]) -> str | None:
    """Return the one of ``families`` whose course spans most stars; None if all of them stand still."""
    spans = {one: float(courses[one].max() - courses[one].min()) for one in families if one != "static"}
    return max(spans, key=spans.__getitem__, default=None)


def most_rated(ratings: Interactions, n: int = 200) -> np.ndarray:
    """Return the items with most ratings, most first, those of equal number by index."""
    counts = np.bincount(ratings.item_idx, minlength=ratings.shape[1])
    order = np.lexsort((np.arange(len(counts)), -counts))[:n]
    return order[counts[order] > 0]


def _dates(days: np.ndarray) -> pd.Series:
    return pd.Series(pd.to_datetime(days, unit="D"))
