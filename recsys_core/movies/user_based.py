"""User-based recommendation: what people of similar taste liked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from msgspec import Meta
from scipy import sparse

from recsys_core.errors import NotFittedError
from recsys_core.models.base import Recommender
from recsys_core.movies.jaccard import POSITIVE, jaccard_similarities, positive_cells
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Scorer


class UserBasedSettings(Settings, frozen=True, kw_only=True):
    """How many of the most similar people count, and from which weight on a cell is a like."""

    neighbours: Annotated[int, Meta(ge=1, le=100_000)] = 50
    positive: float = POSITIVE


class UserBasedRecommender(Recommender):
    """Scores ``sum of s_uv over the neighbours v who like the item``, s Jaccard's index of the likes.

    Resnick et al. (1994), "GroupLens", with likes instead of ratings. Equally similar people count by
    their order in the data.
    """

    name = "user-jaccard"
    settings_type = UserBasedSettings
    _knowledge: tuple[sparse.csr_matrix, sparse.csr_matrix] | None = None

    def _fit(self, data: Dataset) -> Iterator[None]:
        ratings = data.interactions.to_csr()
        alike = jaccard_similarities(ratings, self.settings.positive)
        likes = positive_cells(ratings, self.settings.positive)
        self._knowledge = _strongest(alike, self.settings.neighbours), likes
        yield

    @property
    def scorer(self) -> Scorer:
        """Scores of some users for all items.

        Raises
        ------
        NotFittedError
            Before training.
        """
        _ = self._known
        return self._block

    @property
    def _known(self) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """The similarities of everybody's neighbours, and the likes."""
        if self._knowledge is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        return self._knowledge

    def _attach(self, data: Dataset) -> None:
        super()._attach(data)
        self._knowledge = None

    def _block(self, user_idx: np.ndarray) -> np.ndarray:
        nearest, likes = self._known
        return (nearest[user_idx] @ likes).toarray().astype(np.float32)

    @property
    def likes(self) -> sparse.csr_matrix:
        """Who likes what, ones, CSR ``(n_users, n_items)``."""
        return self._known[1]

    def neighbours(self, user_idx: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of the people most like one person, and their similarities, nearest first."""
        row = self._known[0][[user_idx]]
        order = np.lexsort((row.indices, -row.data))
        return row.indices[order], row.data[order]

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Become the model trained on ``data``, which is all it knows."""
        self._attach(data)
        next(self._fit(data))
        return self


def _strongest(similarities: sparse.csr_matrix, k: int) -> sparse.csr_matrix:
    """Return the ``k`` greatest values of each row but the diagonal, equal ones by lower column."""
    pairs = similarities.tocoo()
    others = pairs.row != pairs.col
    rows, columns, values = pairs.row[others], pairs.col[others], pairs.data[others]
    order = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    firsts = np.searchsorted(rows, np.arange(similarities.shape[0]))
    kept = np.arange(len(rows)) - firsts[rows] < k
    return sparse.csr_matrix((values[kept], (rows[kept], columns[kept])), shape=similarities.shape)
