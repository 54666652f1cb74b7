"""The weights of EASE, exactly, by the cheaper of two inverses: of items by items or of users by users.

Steck (2019), "Embarrassingly shallow autoencoders for sparse data", arXiv:1905.03375: with
``P = (X'X + l I)^-1`` the weights are ``-P[i, j] / P[j, j]`` off the diagonal and 0 on it.

By the push-through identity ``P = (I - X' M X) / l`` with ``M = (XX' + l I)^-1``, so that
``weight[i, j] = x_i' M x_j / d_j`` and ``d_j = 1 - x_j' M x_j``: no matrix of items by items is ever made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from recsys_core.errors import DataError, RunError, SettingsError
from recsys_core.models.item_weights import DenseWeights, ItemWeights
from recsys_core.ranking.threads import block_bounds, single_blas_thread

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS_PER_BLOCK = 2048
LARGEST_SIDE = 20_000
"""Users or items, whichever are fewer: their matrix takes 1.6 GB."""


@dataclass(frozen=True, eq=False)
class DualWeights(ItemWeights):
    """EASE's weights as factors.

    Parameters
    ----------
    profiles
        ``X``: float32 CSR ``(n_users, n_items)``.
    inverse
        ``M``: float32 ``(n_users, n_users)``.
    damping
        ``d``: float32 ``(n_items,)``, above 0.
    """

    profiles: sparse.csr_matrix
    inverse: np.ndarray
    damping: np.ndarray

    def scores(self, profiles: sparse.csr_matrix) -> np.ndarray:
        """Return ``profiles @ weight``: ``(y X' M X)_j / d_j``, less what an item would say for itself."""
        return _less_own(self._spread(self._kinship(profiles) @ self.inverse), self.damping[None], profiles)

    def scores_without(self, profiles: sparse.csr_matrix, row_idx: np.ndarray) -> np.ndarray:
        """Return each profile's scores by the weights that training without row ``row_idx[i]`` would give.

        Exact: leaving out row ``u`` takes ``m_u m_u' / M[u, u]`` from ``M`` (inverse of a bordered matrix).
        """
        kinship, own = self._kinship(profiles), self.inverse[row_idx]
        share = 1 / own[np.arange(len(row_idx)), row_idx][:, None]
        said = self._spread(own)
        scores = self._spread(kinship @ self.inverse)
        scores -= share * np.einsum("uk,uk->u", kinship, own)[:, None] * said
        return _less_own(scores, self.damping + share * said * said, profiles)

    def _kinship(self, profiles: sparse.csr_matrix) -> np.ndarray:
        return (profiles @ self.profiles.T).toarray().astype(np.float32, copy=False)

    def _spread(self, strengths: np.ndarray) -> np.ndarray:
        """Return ``strengths @ X``, float32, shape ``(n, n_items)``."""
        return np.ascontiguousarray((self.profiles.T @ np.ascontiguousarray(strengths.T)).T)

    def part(self, items: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return ``weight[items][:, targets]``, float64."""
        columns = self.profiles.tocsc()
        speaking = columns[:, items].T @ self.inverse
        part = np.asarray(speaking @ columns[:, targets], np.float64) / self.damping[targets]
        part[items[:, None] == targets] = 0
        return part

    def arrays(self) -> dict[str, np.ndarray]:
        """Return ``M`` and ``d``; ``X`` is the data's own."""
        return {"inverse": self.inverse, "damping": self.damping}

    @classmethod
    def restored(cls, arrays: Mapping[str, np.ndarray], profiles: sparse.csr_matrix) -> Self:
        """Return the weights that left ``arrays`` after training on ``profiles``."""
        n_users, n_items = profiles.shape
        inverse, damping = arrays.get("inverse"), arrays.get("damping")
        fits = inverse is not None and inverse.shape == (n_users, n_users)
        if not fits or damping is None or damping.shape != (n_items,) or not (damping > 0).all():
            raise RunError("The stored factors of the weights between items do not fit this data.")
        return cls(profiles, np.asarray(inverse, np.float32), np.asarray(damping, np.float32))


def _less_own(scores: np.ndarray, damping: np.ndarray, profiles: sparse.csr_matrix) -> np.ndarray:
    """Divide by the damping, and take away what an item of a profile said for itself."""
    rows = np.repeat(np.arange(profiles.shape[0]), np.diff(profiles.indptr))
    known = np.broadcast_to(damping, scores.shape)[rows, profiles.indices].astype(np.float64)
    scores /= damping
    scores[rows, profiles.indices] -= (profiles.data * (1 / known - 1)).astype(np.float32)
    return scores


def ease_weights(profiles: sparse.csr_matrix, regularisation: float) -> ItemWeights:
    """Return EASE's weights, by the dual where there are fewer users than items.

    Raises
    ------
    DataError
        If both users and items are more than :data:`LARGEST_SIDE`.
    SettingsError
        If ``regularisation`` is too small to invert in float32.
    """
    if min(profiles.shape) > LARGEST_SIDE:
        raise DataError(
            f"EASE inverts a matrix of users or of items, whichever are fewer: {min(profiles.shape):,} "
            f"of them take more memory than the {LARGEST_SIDE:,} it is made for.",
            fix="Choose item neighbours, ALS or WARP.",
        )
    learn = dual_weights if profiles.shape[0] < profiles.shape[1] else primal_weights
    with single_blas_thread():  # quicker than two that wait for each other
        return learn(profiles, regularisation)


def dual_weights(profiles: sparse.csr_matrix, regularisation: float) -> DualWeights:
    """Return EASE's weights by the inverse of users by users."""
    inverse = _inverse((profiles @ profiles.T).toarray(), regularisation)
    by_item = profiles.T.tocsr()
    damping = np.ones(profiles.shape[1])
    for start, stop in block_bounds(len(damping), ROWS_PER_BLOCK):
        block = by_item[start:stop]
        rows = np.repeat(np.arange(stop - start), np.diff(block.indptr))
        spoken = (block @ inverse)[rows, block.indices] * block.data
        damping[start:stop] -= np.bincount(rows, spoken, stop - start)
    damping = damping.astype(np.float32)
    if not (damping > 0).all():  # above 0 by definition: float32 has lost it
        raise _too_little(regularisation)
    return DualWeights(profiles, inverse, damping)


def primal_weights(profiles: sparse.csr_matrix, regularisation: float) -> DenseWeights:
    """Return EASE's weights by the inverse of items by items."""
    weights = _inverse((profiles.T @ profiles).toarray(), regularisation)
    weights /= -weights.diagonal().copy()
    np.fill_diagonal(weights, 0)
    return DenseWeights(weights)


def _inverse(gram: np.ndarray, regularisation: float) -> np.ndarray:
    """Return the inverse of ``gram`` plus the regularisation on its diagonal, by Cholesky in float32."""
    # a symmetric matrix is its own transpose, so LAPACK's column order costs no copy
    matrix = np.ascontiguousarray(gram, np.float32).T
    np.fill_diagonal(matrix, matrix.diagonal() + np.float32(regularisation))
    factor, failed = lapack.spotrf(matrix, lower=1, overwrite_a=1, clean=0)
    if not failed:
        inverse, failed = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed:
        raise _too_little(regularisation)
    upper = inverse.T
    rows = np.tri(len(upper), k=-1, dtype=bool)
    upper[rows] = upper.T[rows]
    return upper


def _too_little(regularisation: float) -> SettingsError:
    return SettingsError(f"regularisation: {regularisation:g} is too little to invert with. Try ten times.")
