"""Have the kernels of the text index ready before anybody waits for them."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from recsys_core.movies.text_index.best import nearest_of_row
from recsys_core.movies.text_index.index import InvertedIndex


def warm_up() -> None:
    """Compile, or load from the cache on disk, every kernel of this package by using each once."""
    index = InvertedIndex(sparse.csr_matrix(np.eye(2, 3, dtype=np.float32)))
    index.products(0)
    index.nearest(0, 1)
    index.nearest_to_all(1)
    nearest_of_row(np.ones(2, np.float32), 0, 1)
