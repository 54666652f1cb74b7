"""Content and audience together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.errors import SettingsError
from recsys_core.movies.checks import checked_share
from recsys_core.movies.similarity import NOTHING, Reason, SimilarityModel
from recsys_core.movies.text_index.best import nearest_of_row

if TYPE_CHECKING:
    from recsys_core.movies.collaborative import CollaborativeModel
    from recsys_core.movies.content import ContentModel


class HybridModel(SimilarityModel):
    """``weight`` of what is written about the films, the rest of who likes them.

    Each side counts as a share of its own greatest similarity to the asking film, since cosines of texts and
    of audiences have different scales; 1 therefore means nearest by both. A side that has nothing to say
    about a film leaves the whole weight to the other.

    Raises
    ------
    SettingsError
        If the models are of different catalogues or ``weight`` is outside 0 to 1.
    """

    method = "hybrid"

    def __init__(
        self, content: ContentModel, collaborative: CollaborativeModel, *, weight: float = 0.5
    ) -> None:
        if content.movies is not collaborative.movies:
            raise SettingsError("The two models are of different catalogues.")
        checked_share(weight, "weight of the content")
        super().__init__(content.movies)
        self.content, self.collaborative = content, collaborative
        self._weights = (weight, 1 - weight)

    def nearest(self, movie_idx: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest films; see :meth:`SimilarityModel.nearest`."""
        return nearest_of_row(self.similarities(movie_idx), movie_idx, k)

    def similarities(self, movie_idx: int) -> np.ndarray:
        """Return the similarity to every film; see :meth:`SimilarityModel.similarities`."""
        rows, factors = self._sides(movie_idx)
        return np.add(*(factor * row for factor, row in zip(factors, rows, strict=True))).astype(np.float32)

    def reasons(self, movie_idx: int, others: np.ndarray) -> list[tuple[Reason, ...]]:
        """Return the reasons of both sides; see :meth:`SimilarityModel.reasons`."""
        _, factors = self._sides(movie_idx)
        sides = [
            [_weighed(reasons, factor) for reasons in model.reasons(movie_idx, others)]
            for model, factor in zip(self._models, factors, strict=True)
        ]
        return [
            tuple(sorted([*one, *other], key=lambda reason: (-reason.weight, reason.name)))
            for one, other in zip(*sides, strict=True)
        ]

    def used_for(self, movie_idx: int) -> str:
        """Return "hybrid", or the side that is there where the other has nothing to say."""
        sides = [model.used_for(movie_idx) for model in self._models]
        if NOTHING not in sides:
            return self.method
        return next((side for side in sides if side != NOTHING), NOTHING)

    @property
    def _models(self) -> tuple[SimilarityModel, SimilarityModel]:
        return self.content, self.collaborative

    def _sides(self, movie_idx: int) -> tuple[list[np.ndarray], list[float]]:
        """Return each side's similarities, none below 0, and what to multiply them by."""
        rows = [np.maximum(model.similarities(movie_idx), 0) for model in self._models]
        greatest = []
        for row in rows:
            row[movie_idx] = 0
            greatest.append(float(row.max(initial=0)))
        silent = [not most for most in greatest]
        weights = [float(not one) for one in silent] if any(silent) else self._weights
        return rows, [weight / most if most else 0.0 for weight, most in zip(weights, greatest, strict=True)]


def _weighed(reasons: tuple[Reason, ...], factor: float) -> list[Reason]:
    """Return the reasons that count for something, with their part of the whole."""
    weighed = [reason._replace(weight=reason.weight * factor) for reason in reasons]
    return [reason for reason in weighed if reason.weight > 0]
