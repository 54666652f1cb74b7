"""What the fast kernels must compute, written as plainly as the definitions read; and data to compare on."""

from __future__ import annotations

import numpy as np
from lightfm import LightFM
from scipy import sparse

from recsys_core.ranking import Factors


def slow_ranks(scores: np.ndarray, test: sparse.csr_matrix, train: sparse.csr_matrix | None) -> np.ndarray:
    """Per stored cell of test: other items outside the user's train row whose score is equal or higher."""
    ranks = []
    for user in range(test.shape[0]):
        unseen = np.ones(test.shape[1], bool)
        if train is not None:
            unseen[train[[user]].indices] = False
        for item in np.sort(test[[user]].indices):
            others = unseen.copy()
            others[item] = False
            ranks.append(int((scores[user, others] >= scores[user, item]).sum()))
    return np.array(ranks, np.int32)


def slow_half_ranks(scores: np.ndarray, test: sparse.csr_matrix, train: sparse.csr_matrix) -> np.ndarray:
    """The same, but an equal score counts one half."""
    # in negated scores "equal or higher" means "equal or lower": what is not lower, strictly, is higher
    n_others = test.shape[1] - 1 - np.repeat(np.diff(train.indptr), np.diff(test.indptr))
    higher = n_others - slow_ranks(-scores, test, train)
    return (slow_ranks(scores, test, train) + higher) / 2


def slow_top_k(
    scores: np.ndarray, k: int, exclude: sparse.csr_matrix | None
) -> tuple[np.ndarray, np.ndarray]:
    """Each row's best items by (higher score, lower index), padded with -1 and -inf."""
    n = len(scores)
    items, values = np.full((n, k), -1, np.int32), np.full((n, k), -np.inf, np.float32)
    for row in range(n):
        banned = set() if exclude is None else set(exclude[[row]].indices.tolist())
        allowed = [item for item in range(scores.shape[1]) if item not in banned]
        best = sorted(allowed, key=lambda item: (-scores[row, item], item))[:k]
        items[row, : len(best)], values[row, : len(best)] = best, scores[row, best]
    return items, values


def integer_factors(rng: np.random.Generator, n_users: int, n_items: int, size: int) -> Factors:
    """Small whole numbers: every float32 sum is exact in any order, and thousands of scores tie."""
    shapes = (n_users, size), (n_items, size), n_users, n_items
    return Factors(*(rng.integers(-2, 3, shape).astype(np.float32) for shape in shapes))


def random_split(
    rng: np.random.Generator, n_users: int, n_items: int, density: float = 0.2
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Disjoint train and test matrices; some users have none in one or both."""
    draw = rng.random((n_users, n_items))
    train, test = draw < density, (draw >= density) & (draw < 1.5 * density)
    train[rng.random(n_users) < 0.1] = False
    test[rng.random(n_users) < 0.1] = False
    return sparse.csr_matrix(train.astype(np.float32)), sparse.csr_matrix(test.astype(np.float32))


def as_lightfm(factors: Factors) -> LightFM:
    """A LightFM model with exactly these embeddings."""
    model = LightFM(no_components=factors.size)
    model.fit(sparse.coo_matrix((factors.n_users, factors.n_items), dtype=np.float32))
    model.user_embeddings, model.item_embeddings = factors.user_embeddings, factors.item_embeddings
    model.user_biases, model.item_biases = factors.user_biases, factors.item_biases
    return model


def lightfm_ranks(model: LightFM, test: sparse.csr_matrix, train: sparse.csr_matrix | None) -> np.ndarray:
    """LightFM's own ranks in the order of ``test.indices``."""
    ranks = model.predict_rank(test, train)
    ranks.sort_indices()
    return ranks.data.astype(np.int32)
