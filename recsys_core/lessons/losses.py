"""One training step, drawn: which artists of a list each loss pushes up or down, and how hard."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from scipy import stats
from scipy.special import expit

Loss = Literal["logistic", "bpr", "warp", "warp-kos"]
LOSSES: tuple[Loss, ...] = get_args(Loss)
MAX_SAMPLED, K, N, MARGIN = 10, 5, 10, 1.0


def expected_pushes(
    scores: np.ndarray,
    loved: np.ndarray,
    loss: Loss,
    *,
    max_sampled: int = MAX_SAMPLED,
    k: int = K,
    n: int = N,
) -> np.ndarray:
    """Return the mean push on every item's score in one step of LightFM's ``loss``, float64 ``(n_items,)``.

    Above 0 is up. The step begins with one of the ``loved`` items (under k-OS the ``k``-th best of ``n``
    drawn), and the mean is over everything drawn; learning rate and weights are 1.

    - logistic: the item goes up by ``1 - sigmoid(score)``; nothing goes down, for nobody said no.
    - bpr: it and another item, drawn evenly here, move apart by ``1 - sigmoid(difference)``.
    - warp, warp-kos: items are drawn until one scores above the loved one less 1, at most ``max_sampled``
      times; the two move apart by ``log(floor((n_items - 1) / draws))``: much if one was found soon.

    Rendle et al. 2009; Weston, Bengio & Usunier 2011; Weston, Yee & Weiss 2013; as in Kula's LightFM.

    Parameters
    ----------
    scores, loved
        float64 and bool, both ``(n_items,)``; at least one loved and one other.
    """
    chosen = np.flatnonzero(loved)
    evenly = np.full(len(chosen), 1 / len(chosen))
    weights = _kth_best(scores[chosen], k, n) if loss == "warp-kos" else evenly
    step = {"logistic": _logistic, "bpr": _bpr}.get(loss)
    pushes = np.zeros(len(scores))
    for item, weight in zip(chosen.tolist(), weights, strict=True):
        one = step(scores, loved, item) if step else _warp(scores, loved, item, max_sampled)
        pushes += weight * one
    return pushes


def _logistic(scores: np.ndarray, loved: np.ndarray, item: int) -> np.ndarray:
    pushes = np.zeros(len(scores))
    pushes[item] = 1 - expit(scores[item])
    return pushes


def _bpr(scores: np.ndarray, loved: np.ndarray, item: int) -> np.ndarray:
    pushes = np.zeros(len(scores))
    others = np.flatnonzero(~loved)
    apart = (1 - expit(scores[item] - scores[others])) / len(others)
    pushes[others] = -apart
    pushes[item] = apart.sum()
    return pushes


def _warp(scores: np.ndarray, loved: np.ndarray, item: int, max_sampled: int) -> np.ndarray:
    pushes = np.zeros(len(scores))
    wrong = np.flatnonzero(~loved & (scores > scores[item] - MARGIN))
    if not len(wrong):
        return pushes
    draws, hit = np.arange(1, max_sampled + 1), len(wrong) / len(scores)
    found = (1 - hit) ** (draws - 1) * hit
    weight = np.log(np.maximum(1, (len(scores) - 1) // draws))
    push = float(found @ weight)
    pushes[wrong] = -push / len(wrong)
    pushes[item] = push
    return pushes


def _kth_best(scores: np.ndarray, k: int, n: int) -> np.ndarray:
    """Return the chance of each item to be the k-th best of those drawn with replacement, ``(n_loved,)``."""
    drawn = min(n, len(scores))
    place = np.empty(len(scores), np.int64)
    place[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    # the k-th best is among the first j exactly if at least k draws are
    reached = stats.binom.sf(min(k, drawn) - 1, drawn, np.arange(len(scores) + 1) / len(scores))
    return reached[place] - reached[place - 1]
