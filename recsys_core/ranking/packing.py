"""Embeddings laid out as the kernels read them: panels of items, groups of users, component by component."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.kernel import kernel
from recsys_core.ranking.simd import GROUP, PANEL

if TYPE_CHECKING:
    from recsys_core.ranking.factors import Factors

TILE_BYTES = 2**18
MOST_PANELS = 16
CACHE_LINE = 64


class PackedItems(NamedTuple):
    """Items as the kernels read them.

    ``panels`` holds panel after panel of ``PANEL`` items, each as ``size`` rows of ``PANEL`` values; the
    last is padded with items of bias ``-inf``. ``embeddings`` (flat) and ``own_biases`` are as given, for
    single pairs.
    """

    panels: np.ndarray
    biases: np.ndarray
    embeddings: np.ndarray
    own_biases: np.ndarray
    n_panels: int
    panels_per_tile: int


def pack_items(factors: Factors, *, by_mean_score: bool) -> PackedItems:
    """Return the item side of ``factors``, packed.

    ``by_mean_score`` puts items with similar average scores into the same tile. Counting, which does not care
    for the order, can then settle most thresholds from a tile's lowest and highest score.
    """
    n_items, size = factors.item_embeddings.shape
    n_panels = -(-n_items // PANEL)
    panels, biases = aligned(n_panels * PANEL * size), aligned(n_panels * PANEL)
    order = np.arange(n_items)
    if by_mean_score and factors.n_users:
        order = np.argsort(
            factors.item_biases + factors.item_embeddings @ factors.user_embeddings.mean(axis=0)
        )
    biases[:n_items], biases[n_items:] = factors.item_biases[order], -np.inf
    panels[(n_panels - 1) * PANEL * size :] = 0
    pack_rows(factors.item_embeddings, order, PANEL, panels)
    fit = TILE_BYTES // (4 * PANEL * max(1, size))
    per_tile = max(1, min(MOST_PANELS, fit))
    return PackedItems(
        panels, biases, factors.item_embeddings.ravel(), factors.item_biases, n_panels, per_tile
    )


def aligned(length: int) -> np.ndarray:
    """Return an uninitialised float32 array that starts on a cache line: split loads cost up to a third."""
    raw = np.empty(4 * length + CACHE_LINE, np.uint8)
    start = -raw.ctypes.data % CACHE_LINE
    return raw[start : start + 4 * length].view(np.float32)


@kernel
def pack_rows(rows: np.ndarray, order: np.ndarray, width: int, out: np.ndarray) -> None:
    """Write ``rows[order]`` to ``out``, ``width`` rows side by side, component by component."""
    size = rows.shape[1]
    for i in range(order.size):
        row = order[i]
        start = (i // width) * width * size + i % width
        for c in range(size):
            out[start + c * width] = rows[row, c]


@kernel
def pack_group(embeddings: np.ndarray, users: np.ndarray) -> np.ndarray:
    """Return the embeddings of ``users`` in groups of ``GROUP``, the last padded with zeros."""
    n_groups = -(-users.size // GROUP)
    out = np.zeros(n_groups * GROUP * embeddings.shape[1], np.float32)
    pack_rows(embeddings, users, GROUP, out)
    return out
