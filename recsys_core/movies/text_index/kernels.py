"""Add up the postings of a query's terms, and keep the best documents."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recsys_core.kernel import kernel
from recsys_core.movies.text_index.best import SPARE, write_best
from recsys_core.ranking.selection import move_best, offer_tile
from recsys_core.ranking.simd import PANEL

ONE, TWO, THREE, FOUR = (np.uint64(number) for number in (1, 2, 3, 4))


class Rows(NamedTuple):
    """A CSR matrix: uint64 bounds of each row, uint32 columns, float32 values.

    Unsigned: a signed index would be looked at for counting from the end each time.
    """

    bounds: np.ndarray
    columns: np.ndarray
    values: np.ndarray


@kernel
def add_products(queries: Rows, row: int, postings: Rows, totals: np.ndarray) -> None:
    """Add to ``totals`` the product of one query with every document.

    Terms come in the order of their columns, so a pair's total is the same sum, bit for bit, from both
    sides, and equal documents have equal totals.
    """
    bounds, documents, values = postings.bounds, postings.columns, postings.values
    for at in range(np.int64(queries.bounds[row]), np.int64(queries.bounds[row + 1])):
        weight, term = queries.values[at], queries.columns[at]
        if weight == 0:
            continue
        entry, stop = bounds[term], bounds[term + ONE]
        # the documents of a term differ, which the compiler cannot know: four sums need not wait in line
        while entry + FOUR <= stop:
            a, b = documents[entry], documents[entry + ONE]
            c, d = documents[entry + TWO], documents[entry + THREE]
            total_a = totals[a] + weight * values[entry]
            total_b = totals[b] + weight * values[entry + ONE]
            total_c = totals[c] + weight * values[entry + TWO]
            total_d = totals[d] + weight * values[entry + THREE]
            totals[a], totals[b], totals[c], totals[d] = total_a, total_b, total_c, total_d
            entry += FOUR
        while entry < stop:
            totals[documents[entry]] += weight * values[entry]
            entry += ONE


@kernel
def nearest_documents(
    query: Rows,
    row: int,
    own: int,
    postings: Rows,
    totals: np.ndarray,
    documents: np.ndarray,
    products: np.ndarray,
) -> int:
    """Write the documents nearest to row ``row`` of ``query`` but ``own``, nearest first; return how many.

    ``totals`` is scratch, as in :func:`best_documents`. All in one call: what a call costs counts here.
    """
    for i in range(totals.size):
        totals[i] = 0
    add_products(query, row, postings, totals)
    return write_best(totals, own, documents, products)


@kernel
def best_documents(
    queries: Rows, owners: np.ndarray, postings: Rows, totals: np.ndarray, best: np.ndarray
) -> None:
    """Write the candidates of each query to its row of ``best``, in no order.

    ``owners[i]`` is the document that is never among the best of query ``i``, -1 for none. ``totals`` is
    scratch: one total per document, padded to whole panels. Only totals above 0 count.
    """
    k, n_panels = best.shape[1], totals.size // PANEL
    keys = np.empty((1, k + k // 2 + SPARE), np.int64)
    for row in range(best.shape[0]):
        for i in range(totals.size):
            totals[i] = 0
        add_products(queries, row, postings, totals)
        if owners[row] >= 0:
            totals[owners[row]] = 0
        _, length = offer_tile(totals, (0, n_panels), 0, keys, (0, k), (np.float32(0), 0))
        move_best(keys[0], length, best[row])
