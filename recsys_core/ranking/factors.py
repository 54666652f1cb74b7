"""What is left of a factor model after training: four plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recsys_core.errors import ScoreError

FLOAT32_MAX = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class Factors:
    """Embeddings and biases; ``score = user_bias + item_bias + <user, item>``, as LightFM's.

    Parameters
    ----------
    user_embeddings, item_embeddings
        float32, C-contiguous, shapes ``(n_users, d)`` and ``(n_items, d)`` (other floats are converted).
    user_biases, item_biases
        float32, shapes ``(n_users,)`` and ``(n_items,)``.

    Raises
    ------
    ScoreError
        If shapes do not fit together, a value is NaN or infinite, or values are so large
        that a float32 score could overflow.
    """

    user_embeddings: np.ndarray
    item_embeddings: np.ndarray
    user_biases: np.ndarray
    item_biases: np.ndarray

    def __post_init__(self) -> None:
        """Convert and check once; the kernels trust the arrays."""
        for name in ("user_embeddings", "item_embeddings", "user_biases", "item_biases"):
            array = np.ascontiguousarray(getattr(self, name), np.float32)
            if not np.isfinite(array).all():
                count = int((~np.isfinite(array)).sum())
                raise ScoreError(f"{count} of {array.size} values of {name} are NaN or infinite.")
            object.__setattr__(self, name, array)
        self._check_shapes()
        self._check_magnitude()

    def _check_shapes(self) -> None:
        users, items = self.user_embeddings, self.item_embeddings
        fits = users.ndim == items.ndim == 2 and users.shape[1:] == items.shape[1:]
        fits = (
            fits and self.user_biases.shape == users.shape[:1] and self.item_biases.shape == items.shape[:1]
        )
        if not fits:
            shapes = (users.shape, items.shape, self.user_biases.shape, self.item_biases.shape)
            raise ScoreError(f"Embeddings and biases do not fit together: shapes {shapes}.")

    def _check_magnitude(self) -> None:
        """By Cauchy-Schwarz no partial sum exceeds this bound, so no score can overflow to infinity."""
        norms = [_largest_norm(array) for array in (self.user_embeddings, self.item_embeddings)]
        biases = [float(np.abs(array).max(initial=0)) for array in (self.user_biases, self.item_biases)]
        if norms[0] * norms[1] + sum(biases) >= FLOAT32_MAX:
            raise ScoreError("Embeddings are so large that their scores overflow float32.")

    @property
    def n_users(self) -> int:
        """Number of users."""
        return self.user_embeddings.shape[0]

    @property
    def n_items(self) -> int:
        """Number of items."""
        return self.item_embeddings.shape[0]

    @property
    def size(self) -> int:
        """Embedding size."""
        return self.user_embeddings.shape[1]

    def scores(self, user_idx: np.ndarray) -> np.ndarray:
        """Return the scores of every item for some users, float32, shape ``(len(user_idx), n_items)``."""
        block = self.user_embeddings[user_idx] @ self.item_embeddings.T
        block += self.item_biases
        block += self.user_biases[user_idx][:, None]
        return block


def _largest_norm(rows: np.ndarray) -> float:
    if rows.size == 0:
        return 0.0
    return float(np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64).max()))
