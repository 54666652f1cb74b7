"""Films for one person that they have not rated: what people of similar taste liked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from recsys_core.columns import Columns
from recsys_core.errors import DataError
from recsys_core.movies.schema import MovieColumns
from recsys_core.movies.user_based import UserBasedRecommender

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.movies.schema import Movies

TASTE_COLUMNS = ("rank", MovieColumns.MOVIE_ID, MovieColumns.TITLE, MovieColumns.YEAR, "score", "liked_by")


@dataclass(frozen=True, eq=False)
class TasteList:
    """``table`` has the columns of ``TASTE_COLUMNS``, best first.

    ``score`` is the sum of the likenesses of those ``neighbours`` who liked the film, ``liked_by`` their
    number; ``nearest`` is the likeness of the nearest of them (Jaccard's index, 0 to 1, 0 without any).
    ``rated`` and ``liked`` count the films of the person.
    """

    user_id: Any
    rated: int
    liked: int
    neighbours: int
    nearest: float
    table: pd.DataFrame


def films_by_taste(movies: Movies, user_id: Any, k: int = 10, *, neighbours: int = 50) -> TasteList:
    """Return up to ``k`` films that the people most like ``user_id`` liked and ``user_id`` did not rate.

    See :class:`UserBasedRecommender`. Films that none of the neighbours liked are not listed.

    Raises
    ------
    DataError
        If the catalogue has no ratings.
    UnknownIdError
        If nobody of that id rated anything.
    SettingsError
        If ``k`` or ``neighbours`` is below 1.
    """
    if movies.ratings is None:
        raise DataError("This catalogue has no ratings by people.", fix="Choose MovieLens.")
    model = UserBasedRecommender(neighbours=neighbours).fit(movies.ratings)
    user_idx = int(movies.ratings.users.to_idx([user_id])[0])
    found = model.recommend([user_id], k)
    found = found[found[Columns.SCORE] > 0]
    near, alike = model.neighbours(user_idx)
    table = _with_films(movies, found)
    table["liked_by"] = _fans(model, near, movies.ratings.items.to_idx(found[Columns.ITEM_ID]))
    return TasteList(
        user_id=user_id,
        rated=int(model.seen[user_idx].nnz),
        liked=int(model.likes[user_idx].nnz),
        neighbours=len(near),
        nearest=float(alike.max(initial=0)),
        table=table[list(TASTE_COLUMNS)],
    )


def _with_films(movies: Movies, found: pd.DataFrame) -> pd.DataFrame:
    rows = movies.ids.to_idx(found[Columns.ITEM_ID])
    films = movies.frame[[MovieColumns.MOVIE_ID, MovieColumns.TITLE, MovieColumns.YEAR]].iloc[rows]
    return films.reset_index(drop=True).assign(
        rank=np.arange(1, len(films) + 1), score=found[Columns.SCORE].to_numpy()
    )


def _fans(model: UserBasedRecommender, people: np.ndarray, items: np.ndarray) -> np.ndarray:
    """Return how many of ``people`` like each item."""
    return np.asarray(model.likes[people][:, items].sum(axis=0)).ravel().astype(int)
