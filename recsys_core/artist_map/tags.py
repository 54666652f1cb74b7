"""What listeners call artists: tag counts of the artists on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from recsys_core.datasets.features import TAG

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

NO_TAG = -1


class ArtistTags(NamedTuple):
    """How often each artist of a list was given each tag, float32 CSR ``(n, n_tags)``, and the tags."""

    names: tuple[str, ...]
    counts: sparse.csr_matrix

    def of(self, position: int, n: int = 5) -> tuple[str, ...]:
        """Return the tags given most often to one artist, the more common tag first among equals."""
        row = self.counts[position]
        order = np.lexsort((-self._totals()[row.indices], -row.data))[:n]
        return tuple(self.names[tag] for tag in row.indices[order])

    def main(self) -> np.ndarray:
        """Return each artist's main tag, int32, ``(n,)``: given most often, then commonest; -1 for none."""
        cells = self.counts.tocoo()
        order = np.lexsort((cells.col, -self._totals()[cells.col], -cells.data, cells.row))
        rows, first = np.unique(cells.row[order], return_index=True)
        found = np.full(self.counts.shape[0], NO_TAG, np.int32)
        found[rows] = cells.col[order][first]
        return found

    def _totals(self) -> np.ndarray:
        return np.asarray(self.counts.sum(axis=0)).ravel()


def artist_tags(dataset: Dataset, item_idx: np.ndarray) -> ArtistTags | None:
    """Return the tags of some items, or None where the data set has none."""
    features = dataset.item_features
    if features is None:
        return None
    columns = [column for column, name in enumerate(features.names) if name.startswith(TAG)]
    counts = features.values[item_idx][:, columns].tocsr()
    if not counts.nnz:
        return None
    return ArtistTags(tuple(features.names[column].removeprefix(TAG) for column in columns), counts)
