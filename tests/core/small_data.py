"""Small data sets for tests, and hypothesis strategies that draw them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from recsys_core.columns import Columns
from recsys_core.datasets import Dataset, Source

SOURCE = Source("test", "Test data")


def dataset_of(cells, *, weights=None, timestamps=None) -> Dataset:
    """Return a data set of ``(user_id, item_id)`` cells."""
    frame = pd.DataFrame(list(cells), columns=[Columns.USER_ID, Columns.ITEM_ID])
    if weights is not None:
        frame[Columns.WEIGHT] = np.asarray(weights, np.float64)
    if timestamps is not None:
        frame[Columns.TIMESTAMP] = np.asarray(timestamps, np.int64)
    return Dataset.from_frame(frame, SOURCE)


def random_dataset(n_users=40, n_items=30, n_pairs=400, seed=1) -> Dataset:
    """Return a data set of random cells with heavy-tailed counts."""
    rng = np.random.default_rng(seed)
    cells = rng.choice(n_users * n_items, n_pairs, replace=False)
    weights = np.floor(rng.pareto(1.0, n_pairs) * 10) + 1
    return dataset_of(zip(cells // n_items, cells % n_items, strict=True), weights=weights)


def checkerboard(size=20) -> Dataset:
    """Even users like even items, odd users odd items; the diagonal is left out."""
    cells = [(u, i) for u in range(size) for i in range(size) if u % 2 == i % 2 and u != i]
    return dataset_of(cells)


@st.composite
def datasets(draw, *, min_pairs=2, timestamps=False):
    """Draw a data set of up to 12 x 12 cells with weights of 1 to 5."""
    cell = st.tuples(st.integers(0, 11), st.integers(0, 11))
    cells = draw(st.lists(cell, min_size=min_pairs, max_size=80, unique=True))
    size = {"min_size": len(cells), "max_size": len(cells)}
    weights = draw(st.lists(st.integers(1, 5), **size))
    times = draw(st.lists(st.integers(0, 9), **size)) if timestamps else None
    return dataset_of(cells, weights=weights, timestamps=times)
