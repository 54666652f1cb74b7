"""Load every compiled kernel before anybody waits for it."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from recsys_core.ranking.factors import Factors
from recsys_core.ranking.held_out import both_ranks, held_out_ranks
from recsys_core.ranking.similar import similar_items
from recsys_core.ranking.top_k import top_k


def warm_up() -> None:
    """Compile, or load from the cache on disk, all kernels of this package by using each once."""
    test = sparse.csr_matrix(np.eye(2, 3, dtype=np.float32))
    train = sparse.csr_matrix(np.eye(2, 3, k=1, dtype=np.float32))
    factors = Factors(np.ones((2, 1)), np.ones((3, 1)), np.zeros(2), np.zeros(3))
    for scorer in (factors, factors.scores):
        held_out_ranks(scorer, test, train, ties="half")
        both_ranks(scorer, train, test)
        top_k(scorer, 1, exclude=train)
    similar_items(factors.item_embeddings, np.zeros(1, np.int32), 1)
