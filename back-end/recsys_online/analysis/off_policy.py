"""What another recommender would have earned, judged from the choices of the one that ran."""

from __future__ import annotations

import msgspec
import numpy as np
from scipy import stats

from recsys_core.errors import DataError
from recsys_online.analysis.effects import LEVEL


class OffPolicy(msgspec.Struct, frozen=True):
    """The estimated mean reward of a choice, its interval, and how far to believe it.

    Attributes
    ----------
    effective
        Choices of the target's own that the weighted ones are worth (Kish's effective sample size).
    largest_weight
        One choice of great weight can make the whole estimate.
    """

    value: float
    low: float
    high: float
    effective: float
    largest_weight: float


def ips(reward: np.ndarray, logged: np.ndarray, target: np.ndarray, users: np.ndarray) -> OffPolicy:
    """Return the mean of ``reward * target / logged``: unbiased, noisy where ``logged`` is small.

    Horvitz & Thompson (1952); Dudík, Langford & Li (2011).

    Parameters
    ----------
    reward
        Of each logged choice, shape ``(n,)``.
    logged, target
        Probability of that choice under the recommender that ran (above 0) and under the judged one.
    users
        Who was served: choices for one listener are not independent, so the interval is over listeners.

    Raises
    ------
    DataError
        If there is nothing to estimate from, or a logged probability is not within (0, 1].
    """
    weights = _weights(reward, logged, target)
    value = float((weights * reward).mean())
    return _estimate(value, weights * reward - value, weights, users)


def self_normalised(
    reward: np.ndarray, logged: np.ndarray, target: np.ndarray, users: np.ndarray
) -> OffPolicy:
    """Return the weighted mean of ``reward``: slightly biased, far steadier than :func:`ips`.

    Swaminathan & Joachims, "The Self-Normalized Estimator for Counterfactual Learning", NeurIPS 2015.
    NaN where the judged recommender would have made none of the choices.
    """
    weights = _weights(reward, logged, target)
    total = weights.sum()
    if not total:
        return OffPolicy(np.nan, np.nan, np.nan, 0.0, 0.0)
    value = float((weights * reward).sum() / total)
    return _estimate(value, weights * (reward - value) * len(weights) / total, weights, users)


def doubly_robust(
    reward: np.ndarray,
    logged: np.ndarray,
    target: np.ndarray,
    users: np.ndarray,
    *,
    predicted: np.ndarray,
    expected: np.ndarray,
) -> OffPolicy:
    """Return a model's estimate corrected by weighted residuals: right if the model or ``logged`` is.

    Dudík, Langford & Li, "Doubly Robust Policy Evaluation and Learning", ICML 2011.

    Parameters
    ----------
    predicted
        The model's reward of the logged choice.
    expected
        The model's mean reward of what the judged recommender would choose in the same place. The model
        should come from other listeners than those judged here.
    """
    weights = _weights(reward, logged, target)
    scores = expected + weights * (reward - predicted)
    value = float(scores.mean())
    return _estimate(value, scores - value, weights, users)


def _weights(reward: np.ndarray, logged: np.ndarray, target: np.ndarray) -> np.ndarray:
    if not len(reward) or not (len(reward) == len(logged) == len(target)):
        raise DataError("An off-policy estimate needs a reward and both probabilities of every choice.")
    if not ((logged > 0) & (logged <= 1)).all():
        raise DataError("Every logged probability must lie above 0 and not above 1: leave other choices out.")
    return np.asarray(target / logged, np.float64)


def _estimate(value: float, residuals: np.ndarray, weights: np.ndarray, users: np.ndarray) -> OffPolicy:
    """Sum the residuals by listener before squaring them (Liang & Zeger, 1986)."""
    _, place = np.unique(users, return_inverse=True)
    sums = np.bincount(place, residuals)
    n = len(sums)
    error = np.sqrt((sums**2).sum() * n / max(n - 1, 1)) / len(residuals)
    half = float(stats.norm.ppf((1 + LEVEL) / 2) * error) if n > 1 else np.inf
    squares = float((weights**2).sum())
    effective = float(weights.sum() ** 2 / squares) if squares else 0.0
    return OffPolicy(value, value - half, value + half, effective, float(weights.max()))
