"""Of the most similar films, the best rated: similar films that are also worth seeing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.movies.checks import checked_count, checked_share
from recsys_core.movies.schema import MovieColumns

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.movies.similarity import SimilarMovies

CANDIDATES = 30
"""How many similar films to ask for before filtering."""
KEPT = 10
GATE_QUANTILE = 0.6


def popularity_filter(
    similar: SimilarMovies, keep: int = KEPT, *, vote_gate: bool = True, best_rated: float = 1.0
) -> SimilarMovies:
    """Return the ``keep`` best of ``similar``, which should hold the ``CANDIDATES`` (30) nearest films.

    Parameters
    ----------
    vote_gate
        Leave out films with fewer votes than the 60 % quantile of the candidates' votes.
    best_rated
        0 keeps the order of similarity, 1 orders by weighted rating; between them both count, each
        stretched over the candidates from 0 to 1. Ties go to the nearer film.

    Raises
    ------
    SettingsError
        If ``keep`` is below 1 or ``best_rated`` outside 0 to 1.
    """
    checked_count(keep)
    checked_share(best_rated, "place between closest and best rated")
    near = _through_gate(similar.table) if vote_gate else similar.table
    closeness = _stretched(near["similarity"].to_numpy(np.float64))
    # a film that nobody voted for is no better than the worst, and no worse: it tells nothing of the scale
    merit = _stretched(near["rating"].fillna(near["rating"].min()).fillna(0).to_numpy(np.float64))
    score = (1 - best_rated) * closeness + best_rated * merit
    order = np.lexsort((near["rank"].to_numpy(), -score))[:keep]
    table = near.iloc[order].reset_index(drop=True)
    table["rank"] = np.arange(1, len(table) + 1)
    return replace(similar, table=table)


def _through_gate(table: pd.DataFrame) -> pd.DataFrame:
    votes = table[MovieColumns.VOTE_COUNT]
    return table if table.empty else table[votes >= votes.quantile(GATE_QUANTILE)]


def _stretched(values: np.ndarray) -> np.ndarray:
    """Return the values from 0 (least) to 1 (greatest), all 0 where they are equal."""
    if not values.size:
        return values
    spread = values.max() - values.min()
    return (values - values.min()) / spread if spread > 0 else np.zeros_like(values)
