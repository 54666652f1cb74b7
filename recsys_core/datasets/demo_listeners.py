"""Simulated listeners: favourite genres, lists of artists, play counts and friends.

Only uniform numbers are drawn and then bent into shape, because NumPy promises the same stream of
uniform numbers to every version, and not the same normal or Gumbel ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

if TYPE_CHECKING:
    from numpy.random import Generator

POPULARITY_EXPONENT = 0.7
TASTE_SHARPNESS = 1.6
CURIOSITY = 0.05
LIST_LENGTHS = (30, 50)
NEWCOMER_SHARE, NEWCOMER_LENGTHS = 0.03, (1, 9)
# Of the real data: median 260, tenth and ninetieth percentile 37 and 1,387, one pair in 146 played once.
MEDIAN_PLAYS, LOG_SPREAD, ONCE_SHARE = 260.0, 1.4, 1 / 146
FRIENDS_SOUGHT = (1, 12)
FRIEND_LIKENESS = 12.0


@dataclass(frozen=True, eq=False)
class Listeners:
    """What was simulated: plays in order of user and artist, and friend pairs in both directions.

    ``user_idx`` and ``item_idx`` are int32 and ``plays`` float64 of whole numbers, all ``(n,)``;
    ``friends`` is int64 ``(n_pairs, 2)``, sorted.
    """

    user_idx: np.ndarray
    item_idx: np.ndarray
    plays: np.ndarray
    friends: np.ndarray


def simulate(genres: np.ndarray, n_users: int, rng: Generator) -> Listeners:
    """Return ``n_users`` listeners of the artists whose genres are the rows of ``genres``, 0 or 1."""
    profiles = genres / np.sqrt(genres.sum(axis=1, keepdims=True))
    tastes = _tastes(genres, n_users, rng)
    liking = np.log(CURIOSITY + tastes @ profiles.T)
    heard = _lists(liking, rng)
    user_idx, item_idx = (idx.astype(np.int32) for idx in np.nonzero(heard))
    plays = _play_counts(liking, user_idx, item_idx, rng)
    return Listeners(user_idx, item_idx, plays, _friend_pairs(tastes, rng))


def _tastes(genres: np.ndarray, n_users: int, rng: Generator) -> np.ndarray:
    """Return how much each listener likes each genre, rows of length 1, ``(n_users, n_genres)``.

    Everyone starts from two artists and likes what these play, so genres that meet in one artist
    meet in one listener too, and common genres have more friends.
    """
    seeds = _between((0, len(genres) - 1), rng.random((2, n_users)))
    strength = np.array([[1.0], [0.7]])
    tastes = (strength[:, None] * genres[seeds]).sum(axis=0)
    tastes = tastes * (0.4 + 0.6 * rng.random(tastes.shape))
    return tastes / np.linalg.norm(tastes, axis=1, keepdims=True)


def _lists(liking: np.ndarray, rng: Generator) -> np.ndarray:
    """Return who listens to what, bool ``(n_users, n_items)``: drawn without replacement by liking and fame.

    Adding Gumbel noise to log weights and keeping the largest is such a draw (Kool et al. 2019).
    """
    n_users, n_items = liking.shape
    rank = np.empty(n_items)
    rank[np.argsort(rng.random(n_items))] = np.arange(1, n_items + 1)
    wish = TASTE_SHARPNESS * liking - POPULARITY_EXPONENT * np.log(rank) + _gumbel(rng.random(liking.shape))
    newcomer = rng.random(n_users) < NEWCOMER_SHARE
    draw = rng.random((n_users,))
    length = np.where(newcomer, _between(NEWCOMER_LENGTHS, draw), _between(LIST_LENGTHS, draw))
    place = np.argsort(np.argsort(-wish, axis=1), axis=1)
    return place < np.minimum(length, n_items)[:, None]


def _play_counts(
    liking: np.ndarray, user_idx: np.ndarray, item_idx: np.ndarray, rng: Generator
) -> np.ndarray:
    """Return whole play counts, float64: log-normal, more from busy listeners and for artists they like."""
    busy = ndtri(_open_unit(rng.random((liking.shape[0],))))[user_idx]
    chance = ndtri(_open_unit(rng.random(len(user_idx))))
    mine = liking[user_idx, item_idx]
    fond = (mine - mine.mean()) / mine.std()
    # Shares of the variance add up to one.
    log_plays = LOG_SPREAD * (np.sqrt(0.4) * busy + np.sqrt(0.2) * fond + np.sqrt(0.4) * chance)
    plays = np.maximum(1, np.round(MEDIAN_PLAYS * np.exp(log_plays)))
    return np.where(rng.random(len(plays)) < ONCE_SHARE, 1.0, plays)


def _friend_pairs(tastes: np.ndarray, rng: Generator) -> np.ndarray:
    """Return friend pairs in both directions: everyone seeks some friends, the alike being likelier."""
    n_users = len(tastes)
    appeal = FRIEND_LIKENESS * tastes @ tastes.T + _gumbel(rng.random((n_users, n_users)))
    np.fill_diagonal(appeal, -np.inf)
    sought = _between(FRIENDS_SOUGHT, rng.random((n_users,)))
    most = min(FRIENDS_SOUGHT[1], n_users - 1)
    best = np.argsort(-appeal, axis=1)[:, :most]
    mine, place = np.nonzero(np.arange(most) < sought[:, None])
    pairs = np.column_stack((mine, best[mine, place]))
    return np.unique(np.concatenate((pairs, pairs[:, ::-1])), axis=0)


def _between(limits: tuple[int, int], uniform: np.ndarray) -> np.ndarray:
    """Return whole numbers from ``limits[0]`` to ``limits[1]``, both included."""
    low, high = limits
    return low + np.floor(uniform * (high - low + 1)).astype(np.int64)


def _gumbel(uniform: np.ndarray) -> np.ndarray:
    """Return standard Gumbel numbers."""
    return -np.log(-np.log(_open_unit(uniform)))


def _open_unit(uniform: np.ndarray) -> np.ndarray:
    """Return uniform numbers strictly between 0 and 1, where logarithms are finite."""
    return np.clip(uniform, 1e-12, 1 - 1e-12)
