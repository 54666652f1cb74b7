"""The tables of a training: how they start, and the plain factors they end as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from recsys_core.models.fast.lanes import WIDTH

if TYPE_CHECKING:
    from scipy import sparse

COMPILED_WIDTHS = (16, 32, 64, 128)
"""Widths worth a kernel of their own; other sizes are padded to the next of them, or run with a variable width."""
LINE = 64
"""Bytes of a cache line."""


class Batch(NamedTuple):
    """Examples in the order of training: int32 ``(n, 2)`` pairs of user and item rows, and weights.

    ``weights`` is float32, one per example (``weighted`` 1) or a single 1 for all (``weighted`` 0).
    """

    pairs: np.ndarray
    weights: np.ndarray
    weighted: int


class Rules(NamedTuple):
    """What a loss needs to know: WARP's bound and losses by number of draws; ``k`` of ``n`` for k-OS."""

    max_sampled: int
    losses: np.ndarray
    k: int
    n: int


def blocks_for(size: int) -> Any:
    """Return the ``blocks`` of tables without features for embeddings of ``size``."""
    for width in COMPILED_WIDTHS:
        if size <= width:
            return (0,) * (width // WIDTH)
    return -(-size // WIDTH)


def new_rows(n_rows: int, size: int, width: int, parts: int, start: float, rng: np.random.Generator) -> np.ndarray:
    """Return rows of ``parts`` times ``width`` float32, each row on its own cache lines.

    The first part holds embeddings, uniform within half a unit over ``size`` as LightFM draws them and zero past
    ``size``; the second holds ``start``; a third, if any, zeros.
    """
    rows = aligned_zeros(n_rows, parts * width)
    rows[:, :size] = (rng.random((n_rows, size), np.float32) - np.float32(0.5)) / np.float32(size)
    rows[:, width : 2 * width] = start
    return rows


def new_biases(n_rows: int, parts: int, start: float) -> np.ndarray:
    """Return biases of zero, one row ``[bias, squares, ...]`` each, the second column at ``start``."""
    biases = np.zeros((n_rows, parts), np.float32)
    biases[:, 1] = start
    return biases


def aligned_zeros(n_rows: int, n_columns: int) -> np.ndarray:
    """Return float32 zeros whose first element, and so every whole line, begins a cache line."""
    space = np.zeros(n_rows * n_columns + LINE // 4, np.float32)
    first = (-space.ctypes.data % LINE) // 4
    return space[first : first + n_rows * n_columns].reshape(n_rows, n_columns)


def collected(rows: np.ndarray, biases: np.ndarray, size: int, features: sparse.csr_matrix | None) -> Any:
    """Return embeddings and biases of users or items: their rows, or the weighted sums of their features' rows."""
    embeddings, bias = rows[:, :size], biases[:, 0]
    if features is None:
        return embeddings.copy(), bias.copy()
    return features @ embeddings, features @ bias
