"""Items nearest to given items by cosine, on the same selection as :func:`top_k`."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from recsys_core.errors import DataError
from recsys_core.ranking.factors import Factors
from recsys_core.ranking.top_k import top_k


def similar_items(
    item_embeddings: np.ndarray, item_idx: np.ndarray, k: int, *, threads: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ``k`` items with the highest cosine to each of ``item_idx``, the item itself left out.

    Parameters
    ----------
    item_embeddings
        Shape ``(n_items, d)``. A zero row has cosine 0 with everything.
    item_idx
        The items asked about, shape ``(n,)``.
    k
        From 0: an item that is the only one has no neighbour to ask for.

    Returns
    -------
    As :func:`top_k`: int32 indices and float32 cosines, shape ``(n, k)``, padded with -1 and ``-inf``.

    Raises
    ------
    DataError
        If an index is not of an item.
    SettingsError
        If ``k`` is below 0.
    ScoreError
        If an embedding is NaN or infinite.
    """
    queries = np.asarray(item_idx, np.int32)
    rows = unit_rows(item_embeddings)
    if queries.size and (queries.min() < 0 or queries.max() >= len(rows)):
        raise DataError(f"An item index lies outside 0 to {len(rows) - 1}.")
    if k == 0:
        return np.zeros((len(queries), 0), np.int32), np.zeros((len(queries), 0), np.float32)
    zeros = np.zeros(max(len(rows), len(queries)), np.float32)
    factors = Factors(rows[queries], rows, zeros[: len(queries)], zeros[: len(rows)])
    pointers = np.arange(len(queries) + 1)
    ones = np.ones(len(queries), np.float32)
    itself = sparse.csr_matrix((ones, queries, pointers), shape=(len(queries), len(rows)))
    return top_k(factors, k, exclude=itself, threads=threads)


def unit_rows(embeddings: np.ndarray) -> np.ndarray:
    """Return float32 rows of length one; zero rows stay zero, and what is not finite stays so."""
    # what overflows or is not finite is for whoever ranks with it to refuse
    with np.errstate(over="ignore", invalid="ignore"):
        rows = np.asarray(embeddings, np.float32)
        rows = rows * _power_of_two(rows)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / np.where(norms > 0, norms, 1)


def _power_of_two(rows: np.ndarray) -> np.ndarray:
    """Return a factor for each row that brings it near 1 without rounding: float32 has no square of 1e20."""
    _, exponents = np.frexp(np.abs(rows).max(axis=1, keepdims=True, initial=0))
    return np.ldexp(np.float32(1), -np.clip(exponents, -126, 126))
