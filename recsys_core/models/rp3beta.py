"""RP3beta: where a walk of three steps from a listener ends, with popular items held back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from msgspec import Meta
from scipy import sparse

from recsys_core.models.item_model import ItemModel
from recsys_core.models.item_weights import SparseWeights, strongest
from recsys_core.models.profiles import Values
from recsys_core.ranking.threads import block_bounds
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from recsys_core.models.item_weights import ItemWeights

ITEMS_PER_BLOCK = 1024


class RP3betaSettings(Settings, frozen=True, kw_only=True):
    """``alpha`` is the power of each step's probability, ``beta`` how much popularity is held back."""

    alpha: Annotated[float, Meta(ge=0, le=3)] = 1.0
    beta: Annotated[float, Meta(ge=0, le=2)] = 0.3
    neighbours: Annotated[int, Meta(ge=1, le=10_000)] = 1000
    values: Values = "binary"


class RP3betaRecommender(ItemModel):
    """Paudel, Christoffel, Newell & Bernstein (2017), "Updatable, accurate, diverse, and scalable
    recommendations for interactive applications", ACM TiiS 7(1).
    """

    name = "rp3beta"
    settings_type = RP3betaSettings

    def _new_weights(self, profiles: sparse.csr_matrix) -> ItemWeights:
        own = self.settings
        listeners = profiles.getnnz(axis=0)
        to_items = _steps(profiles, own.alpha)
        to_users = _steps(profiles.T.tocsr(), own.alpha)
        held_back = np.where(listeners > 0, np.maximum(listeners, 1.0) ** -own.beta, 0).astype(np.float32)
        blocks = []
        for start, stop in block_bounds(profiles.shape[1], ITEMS_PER_BLOCK):
            walks = sparse.csr_matrix(to_users[start:stop] @ to_items)
            rows = start + np.repeat(np.arange(stop - start), np.diff(walks.indptr))
            walks.data = walks.data * held_back[walks.indices] * (rows != walks.indices)
            walks.eliminate_zeros()
            blocks.append(strongest(walks, own.neighbours))
        return SparseWeights(sparse.vstack(blocks, format="csr"))

    def _restored_weights(self, arrays: dict[str, np.ndarray], profiles: sparse.csr_matrix) -> ItemWeights:
        return SparseWeights.restored(arrays, profiles)


def _steps(matrix: sparse.csr_matrix, power: float) -> sparse.csr_matrix:
    """Return each row's probabilities of its next step, to the given power."""
    totals = np.asarray(matrix.sum(axis=1), np.float64).ravel()
    shares = matrix.data / np.repeat(totals, np.diff(matrix.indptr))
    steps = matrix.copy()
    steps.data = (shares**power).astype(np.float32)
    return steps
