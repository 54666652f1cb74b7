"""The nearest films in one row of similarities."""

from __future__ import annotations

import numpy as np

from recsys_core.movies.checks import checked_count
from recsys_core.ranking import top_k


def nearest_of_row(similarities: np.ndarray, movie_idx: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return up to ``k`` rows above 0 but ``movie_idx``, greatest first, equal ones by lower row.

    int32 and float32, of the same length; ``similarities`` float32 ``(n,)``.

    Raises
    ------
    SettingsError
        If ``k`` is below 1.
    """
    checked_count(k)
    others, n_films = similarities[None, :].astype(np.float32), similarities.size
    others[0, movie_idx] = 0
    rows, values = top_k(lambda _: others, min(k, n_films), user_idx=np.zeros(1, np.int64), n_items=n_films)
    found = values[0] > 0
    return rows[0][found], values[0][found]
