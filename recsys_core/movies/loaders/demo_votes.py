"""Simulated votes of the demo films: the same for the same id, whatever other films there are."""

from __future__ import annotations

import hashlib

import numpy as np
from scipy.special import ndtri

SEED = "refrain demo films"
MEDIAN_COUNT, COUNT_SPREAD, COUNTS = 900.0, 1.3, (12, 60_000)
MIDDLE_VOTE, VOTE_SPREAD, VOTES = 6.7, 0.8, (3.5, 9.3)
# Films that many people saw are liked a little better, as in the real catalogues.
FAME_HELPS = 0.35


def simulated_votes(ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return vote counts, int64, and mean votes, float64 with one decimal, both ``(len(ids),)``.

    Two standard normal numbers z, w come from the SHA-256 of seed and id. The count is
    ``900 exp(1.3 z)`` within 12 to 60,000, the mean ``6.7 + 0.8 (0.35 z + sqrt(1 - 0.35^2) w)`` within
    3.5 to 9.3. They say nothing about the real films.
    """
    normal = np.array([_two_normals(one) for one in ids.tolist()]).reshape(-1, 2)
    fame, own = normal.T
    counts = np.clip(np.round(MEDIAN_COUNT * np.exp(COUNT_SPREAD * fame)), *COUNTS).astype(np.int64)
    taste = FAME_HELPS * fame + np.sqrt(1 - FAME_HELPS**2) * own
    return counts, np.clip(np.round(MIDDLE_VOTE + VOTE_SPREAD * taste, 1), *VOTES)


def _two_normals(movie_id: int) -> tuple[float, float]:
    """Return two standard normal numbers that depend on nothing but the id."""
    digest = hashlib.sha256(f"{SEED}:{movie_id}".encode()).digest()
    first, second = (int.from_bytes(digest[at : at + 6], "big") for at in (0, 6))
    return float(ndtri((first + 0.5) / 2**48)), float(ndtri((second + 0.5) / 2**48))
