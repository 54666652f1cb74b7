"""Fewer dimensions: the term vectors projected on their strongest directions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from sklearn.utils.extmath import randomized_svd
from sklearn.utils.sparsefuncs import mean_variance_axis

from recsys_core.movies.checks import checked_count
from recsys_core.movies.text_index.best import nearest_of_row
from recsys_core.ranking.similar import unit_rows

if TYPE_CHECKING:
    from scipy import sparse

POWER_ITERATIONS = 5
"""As in scikit-learn's ``TruncatedSVD``."""


@dataclass(frozen=True, eq=False)
class ReducedTexts:
    """``projected``: float32 ``(n_films, d)``; ``explained``: share of variance of each component."""

    projected: np.ndarray
    explained: np.ndarray

    @cached_property
    def rows(self) -> np.ndarray:
        """The projections scaled to length one."""
        return unit_rows(self.projected)

    def first(self, components: int) -> ReducedTexts:
        """Return the projection on the first ``components`` directions only."""
        return ReducedTexts(self.projected[:, :components], self.explained[:components])

    @property
    def kept(self) -> float:
        """Share of the variance that all components together keep, 0 to 1."""
        return float(self.explained.sum())

    def similarities(self, movie_idx: int) -> np.ndarray:
        """Return the cosine of one film with every film, float32 ``(n,)``."""
        return self.rows @ self.rows[movie_idx]

    def nearest(self, movie_idx: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return up to ``k`` other rows, nearest first, and their cosines above 0."""
        return nearest_of_row(self.similarities(movie_idx), movie_idx, k)


def reduce_texts(matrix: sparse.csr_matrix, components: int = 100, *, seed: int = 42) -> ReducedTexts:
    """Return ``matrix`` projected on its ``components`` strongest directions.

    Truncated singular value decomposition (Halko, Martinsson & Tropp 2011), what scikit-learn's
    ``TruncatedSVD`` computes. Principal component analysis proper would centre the columns first, which
    makes every zero of the matrix a number; without centring it stays sparse.

    Raises
    ------
    SettingsError
        If there are not that many directions.
    """
    components = checked_count(components, "number of components", min(matrix.shape))
    _, _, directions = randomized_svd(matrix, components, n_iter=POWER_ITERATIONS, random_state=seed)
    projected = matrix @ directions.T
    total = float(mean_variance_axis(matrix, axis=0)[1].sum())
    explained = projected.var(axis=0) / total if total else np.zeros(components)
    return ReducedTexts(projected.astype(np.float32), explained)
