"""IMDB's weighted rating: a film's mean vote, drawn towards the mean of all the fewer votes it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.errors import DataError, SettingsError
from recsys_core.movies.checks import checked_share
from recsys_core.movies.schema import MovieColumns

if TYPE_CHECKING:
    import pandas as pd

M_QUANTILE = 0.9


@dataclass(frozen=True)
class RatingScale:
    """What single films are weighed against.

    ``mean_vote`` is C, the mean of the films' mean votes; ``least_votes`` is m, the votes at which a
    film's own mean and C count alike.
    """

    mean_vote: float
    least_votes: float

    def weigh(self, votes: np.ndarray, means: np.ndarray) -> np.ndarray:
        """Return :func:`weighted_rating` on this scale."""
        return weighted_rating(votes, means, mean_vote=self.mean_vote, least_votes=self.least_votes)


def weighted_rating(
    votes: np.ndarray, means: np.ndarray, *, mean_vote: float, least_votes: float
) -> np.ndarray:
    """Return ``v/(v+m) R + m/(v+m) C``, float64, on the scale of the votes.

    Source: IMDB's formula for its Top 250 as printed below that list until 2013.

    Parameters
    ----------
    votes, means
        v and R of each film; a film without votes or with an unknown mean (NaN) gets C.
    mean_vote, least_votes
        C and m.

    Raises
    ------
    SettingsError
        If m is negative or not finite.
    """
    if not (np.isfinite(least_votes) and least_votes >= 0):
        raise SettingsError(f"The least number of votes is a number from 0, not {least_votes!r}.")
    known = np.isfinite(np.asarray(means, np.float64))
    v = np.where(known, np.asarray(votes, np.float64), 0.0)
    r = np.where(known, means, mean_vote)
    total = v + least_votes
    share = np.divide(v, total, out=np.zeros_like(total), where=total > 0)
    return share * r + (1 - share) * mean_vote


def are_counted(films: pd.DataFrame) -> bool:
    """Tell whether a film table says of any film how many people voted."""
    return bool((films[MovieColumns.VOTE_COUNT] > 0).any())


def ratings_of(films: pd.DataFrame) -> np.ndarray:
    """Return what films are ranked by, float64 ``(n,)``: NaN for a film that nobody voted for.

    That is the weighted rating; the mean vote itself where a table never says how many people voted.
    """
    votes = films[MovieColumns.VOTE_COUNT].to_numpy()
    means = films[MovieColumns.VOTE_AVERAGE].to_numpy(np.float64)
    if not are_counted(films) or not np.isfinite(means).any():
        return means
    return np.where((votes > 0) & np.isfinite(means), rating_scale(films).weigh(votes, means), np.nan)


def rating_scale(films: pd.DataFrame, quantile: float = M_QUANTILE) -> RatingScale:
    """Return C and m of a film table: the mean of all known mean votes, and a quantile of vote counts.

    A film that the source lists with no votes and a mean of 0 counts in C with that 0, as it does in the
    published figures for this formula.

    Raises
    ------
    SettingsError
        If ``quantile`` is outside 0 to 1.
    DataError
        If no film has a mean vote.
    """
    checked_share(quantile, "quantile of votes")
    means = films[MovieColumns.VOTE_AVERAGE]
    if not means.notna().any():
        raise DataError("No film of this catalogue has votes, so there is nothing to rate by.")
    return RatingScale(float(means.mean()), float(films[MovieColumns.VOTE_COUNT].quantile(quantile)))
