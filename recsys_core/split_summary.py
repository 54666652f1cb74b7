"""What a split looks like: two matrices of one shape that share no cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from recsys_core.datasets import Interactions
    from recsys_core.splitting import Split


@dataclass(frozen=True)
class SplitFacts:
    """Figures of one split. ``known`` pairs were read, ``vanished`` of them got weight 0 from the scaling."""

    n_users: int
    n_items: int
    known: int
    vanished: int
    train: int
    test: int
    shared: int
    test_users: int
    items_only_in_test: int
    test_pairs_of_those: int


def split_facts(split: Split) -> SplitFacts:
    """Return the counts behind the sentence "same shape, different cells", all taken from the matrices."""
    train, test = split.train.to_csr(binary=True), split.test.to_csr(binary=True)
    held_back = 0 if split.validation is None else len(split.validation)
    unseen = np.diff(train.tocsc().indptr) == 0
    per_item = np.diff(test.tocsc().indptr)
    return SplitFacts(
        n_users=train.shape[0],
        n_items=train.shape[1],
        known=len(split.dataset.interactions),
        vanished=len(split.dataset.interactions) - train.nnz - test.nnz - held_back,
        train=train.nnz,
        test=test.nnz,
        shared=train.multiply(test).nnz,
        test_users=int((np.diff(test.indptr) > 0).sum()),
        items_only_in_test=int((unseen & (per_item > 0)).sum()),
        test_pairs_of_those=int(per_item[unseen].sum()),
    )


def corner(split: Split, n_users: int = 30, n_items: int = 45) -> tuple[np.ndarray, np.ndarray]:
    """Return the same small window of train and test, bool ``(n_users, n_items)`` each, dense enough to see.

    The window holds the most listened items and, of their listeners, those who know most of them.
    """
    rows = split.dataset.interactions
    items = _largest(np.bincount(rows.item_idx, minlength=rows.shape[1]), n_items)
    inside = np.isin(rows.item_idx, items)
    users = _largest(np.bincount(rows.user_idx[inside], minlength=rows.shape[0]), n_users)
    return _window(split.train, users, items), _window(split.test, users, items)


def _largest(counts: np.ndarray, n: int) -> np.ndarray:
    return np.argsort(-counts, kind="stable")[:n]


def _window(part: Interactions, users: np.ndarray, items: np.ndarray) -> np.ndarray:
    return part.to_csr(binary=True)[users][:, items].toarray() > 0
