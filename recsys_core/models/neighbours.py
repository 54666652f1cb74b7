"""Item neighbours: an item speaks for those that share listeners with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

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
BM25_SATURATION, BM25_LENGTH = 1.2, 0.75
"""The customary k1 and b of Robertson & Zaragoza (2009), "The probabilistic relevance framework"."""


class ItemNeighboursSettings(Settings, frozen=True, kw_only=True):
    """How items are compared, and how many neighbours each keeps.

    ``shrinkage`` is added to the length of the vectors compared, so that few shared listeners prove little.
    """

    similarity: Literal["cosine", "bm25"] = "cosine"
    neighbours: Annotated[int, Meta(ge=1, le=10_000)] = 2000
    shrinkage: Annotated[float, Meta(ge=0, le=1000)] = 3.0
    values: Values = "binary"


class ItemNeighboursRecommender(ItemModel):
    """An item's score is the sum of its similarities with the listener's items that are among its nearest.

    Sarwar, Karypis, Konstan & Riedl (2001), "Item-based collaborative filtering recommendation algorithms";
    Deshpande & Karypis (2004), "Item-based top-N recommendation algorithms".
    """

    name = "item-knn"
    settings_type = ItemNeighboursSettings

    def _new_weights(self, profiles: sparse.csr_matrix) -> ItemWeights:
        own = self.settings
        vectors = bm25(profiles) if own.similarity == "bm25" else profiles
        lengths = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=0), np.float64)).ravel()
        by_item = vectors.T.tocsr()
        blocks = []
        for start, stop in block_bounds(by_item.shape[0], ITEMS_PER_BLOCK):
            shared = sparse.csr_matrix(by_item[start:stop] @ vectors)
            rows = start + np.repeat(np.arange(stop - start), np.diff(shared.indptr))
            bounds = lengths[rows] * lengths[shared.indices] + own.shrinkage
            # an item says nothing for itself; nor does one without a listener for anything
            usable = (rows != shared.indices) & (bounds > 0)
            shared.data = np.where(usable, shared.data / np.where(usable, bounds, 1), 0).astype(np.float32)
            shared.eliminate_zeros()
            blocks.append(strongest(shared, own.neighbours))
        # the neighbours of an item stand in its row, and speak for it
        return SparseWeights(sparse.vstack(blocks, format="csr").T.tocsr())

    def _restored_weights(self, arrays: dict[str, np.ndarray], profiles: sparse.csr_matrix) -> ItemWeights:
        return SparseWeights.restored(arrays, profiles)


def bm25(profiles: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return ``profiles`` weighed by BM25: items are documents, their listeners the words in them.

    ``idf(user) * w (k1 + 1) / (w + k1 (1 - b + b * length / mean length))``, so that a listener of everything
    says little, and so does one more listener of an item that has many.
    """
    n_items = profiles.shape[1]
    n_words = np.diff(profiles.indptr)
    rarity = np.log1p((n_items - n_words + 0.5) / (n_words + 0.5))
    lengths = np.asarray(profiles.sum(axis=0), np.float64).ravel()
    stretch = 1 - BM25_LENGTH + BM25_LENGTH * lengths / max(float(lengths.mean()), 1e-12)
    strength = profiles.data.astype(np.float64)
    strength = strength * (BM25_SATURATION + 1) / (strength + BM25_SATURATION * stretch[profiles.indices])
    weighed = profiles.copy()
    weighed.data = (strength * np.repeat(rarity, n_words)).astype(np.float32)
    return weighed
