"""Small catalogues for tests, slow obvious twins, and a strategy that draws sparse rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy import sparse

from recsys_core.datasets import Dataset, Source
from recsys_core.movies.schema import Movies

SOURCE = Source("test", "Test films")


def films(*rows, ratings=None) -> Movies:
    """Return a catalogue of dicts; ``movie_id`` and ``title`` are made up where they are missing."""
    whole = [{"movie_id": at + 1, "title": f"Film {at + 1}", **row} for at, row in enumerate(rows)]
    return Movies.from_frame(_frame(whole), SOURCE, ratings=ratings)


def _frame(rows):
    defaults = {
        "year": None,
        "genres": [],
        "keywords": [],
        "cast": [],
        "director": "",
        "overview": "",
        "vote_average": np.nan,
        "vote_count": 0,
        "language": "",
        "links": {},
    }
    return pd.DataFrame([{**defaults, **row} for row in rows])


def ratings_of(cells) -> Dataset:
    """Return ratings of ``(user_id, movie_id, rating)``."""
    frame = pd.DataFrame(list(cells), columns=["user_id", "item_id", "weight"])
    return Dataset.from_frame(frame.astype({"weight": float}), SOURCE)


def slow_nearest(similarities, row, k):
    """Sort one whole row: greatest first, equal ones by lower row, only above 0, never the row itself."""
    others = [at for at in range(len(similarities)) if at != row and similarities[at] > 0]
    return sorted(others, key=lambda at: (-similarities[at], at))[:k]


def dense_cosines(matrix):
    """All pairs at once in float64: what the library never does."""
    rows = np.asarray(matrix.todense(), np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = rows / np.where(lengths > 0, lengths, 1)
    return unit @ unit.T


def sparse_cosines(matrix):
    """All pairs at once in float64 of rows of length one, by SciPy's product: for thousands of terms."""
    rows = matrix.astype(np.float64)
    return (rows @ rows.T).toarray()


@st.composite
def sparse_rows(draw):
    """Draw up to 30 rows of small whole numbers, some of them empty or equal: every product is exact."""
    n_rows, n_columns = draw(st.integers(1, 30)), draw(st.integers(1, 8))
    row = st.lists(st.integers(0, 3), min_size=n_columns, max_size=n_columns)
    return sparse.csr_matrix(np.array(draw(st.lists(row, min_size=n_rows, max_size=n_rows)), np.float32))
