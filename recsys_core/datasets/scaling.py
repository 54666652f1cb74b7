"""Ways to turn play counts into weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from recsys_core.datasets.interactions import Interactions

SCALINGS = ("none", "play_count_scaled", "log", "per_user")


def play_count_scaled(weights: np.ndarray) -> np.ndarray:
    """Return ``(w - min) / (max - min)`` over all pairs, float64 in 0..1: the owner's ``playCountScaled``.

    The smallest count becomes exactly 0. All-equal counts become 0 as well.
    """
    low, high = weights.min(), weights.max()
    return (weights - low) / (high - low) if high > low else np.zeros_like(weights)


def log_scaled(weights: np.ndarray) -> np.ndarray:
    """Return ``log(1 + w)``, float64: one fan's 352,698 plays no longer dwarf everyone else's."""
    return np.log1p(weights)


def per_user_scaled(weights: np.ndarray, user_idx: np.ndarray, n_users: int) -> np.ndarray:
    """Return each weight divided by its user's largest, float64 in 0..1."""
    largest = np.zeros(n_users)
    np.maximum.at(largest, user_idx, weights)
    return weights / np.where(largest == 0, 1.0, largest)[user_idx]


def scale(interactions: Interactions, scaling: str, *, drop_zero: bool = True) -> Interactions:
    """Return ``interactions`` under one of ``SCALINGS``.

    ``drop_zero`` removes pairs whose scaled weight is 0, as a sparse matrix built from a filled
    pivot table does: under ``play_count_scaled`` every pair with the smallest count vanishes.
    """
    raw = interactions.weights
    scaled = {
        "none": lambda: raw,
        "play_count_scaled": lambda: play_count_scaled(raw),
        "log": lambda: log_scaled(raw),
        "per_user": lambda: per_user_scaled(raw, interactions.user_idx, interactions.shape[0]),
    }[scaling]()
    result = interactions.with_weights(scaled)
    return result.take(scaled > 0) if drop_zero else result
