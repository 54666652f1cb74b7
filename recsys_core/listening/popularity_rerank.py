"""Lists re-ordered for diversity: the best candidates of each user, weighed against their popularity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from recsys_core.errors import SettingsError

if TYPE_CHECKING:
    from recsys_core.listening.popularity_lists import TopLists
    from recsys_core.splitting import Split

Method = Literal["penalty", "own-taste"]
METHODS: tuple[Method, ...] = get_args(Method)
HEAD, MIDDLE, TAIL = 0, 1, 2
_OUTER = 0.2  # share of listening that makes the head, and that makes the tail
_SMOOTHING = 0.01
_TIE = 1e-12  # among equals the model's own order stands


@dataclass(frozen=True, eq=False)
class Candidates:
    """The items a user's list may be made of, and what is known of them without the test part.

    Parameters
    ----------
    item_idx
        int32, ``(n_users, n)``, the model's order, -1 where there is none.
    relevance
        float64, 1 for a user's first candidate to 0 for the last, by score; ``-inf`` where there is none.
    novelty
        float64, ``1 - log(1 + train listeners) / log(1 + most of any item)``.
    group
        int8: head, middle or tail of listening.
    taste
        float64, ``(n_users, 3)``: what shares of a user's train items are head, middle and tail.
    hit
        bool: the item is in the user's test part. Never used to re-rank, only to judge.
    judged
        int64, users with test items.
    """

    item_idx: np.ndarray
    relevance: np.ndarray
    novelty: np.ndarray
    group: np.ndarray
    taste: np.ndarray
    hit: np.ndarray
    judged: np.ndarray

    def items_at(self, positions: np.ndarray) -> np.ndarray:
        """Return the items at ``positions``, ``(n_users, k)``."""
        return np.take_along_axis(self.item_idx, positions, axis=1)

    def precision_at(self, positions: np.ndarray) -> np.ndarray:
        """Return per judged user the share of the items at ``positions`` that are in the test part."""
        hits = np.take_along_axis(self.hit[self.judged], positions[self.judged], axis=1)
        return hits.mean(axis=1)

    def mean_precision(self, k: int) -> float:
        """Return the mean precision of the first ``k`` candidates, as trained."""
        return float(self.hit[self.judged, :k].mean())


def candidates(lists: TopLists, parts: Split) -> Candidates:
    """Return the candidates of ``lists`` on the split they were made for."""
    listeners = np.bincount(parts.train.item_idx, minlength=parts.train.shape[1])
    items, present = lists.item_idx, lists.item_idx >= 0
    at = np.where(present, items, 0)
    unknown = 1 - np.log1p(listeners) / np.log1p(max(1, listeners.max(initial=0)))
    groups = popularity_groups(listeners)
    test = parts.test
    cells = np.sort(test.user_idx.astype(np.int64) * test.shape[1] + test.item_idx)
    mine = np.arange(len(items), dtype=np.int64)[:, None] * test.shape[1] + at
    return Candidates(
        item_idx=items,
        relevance=_relevance(lists.scores, present),
        novelty=unknown[at],
        group=groups[at],
        taste=_taste(parts, groups),
        hit=present & _contains(cells, mine),
        judged=np.unique(test.user_idx).astype(np.int64),
    )


def popularity_groups(listeners: np.ndarray) -> np.ndarray:
    """Return int8 per item: 0 the head, which makes the first 20 % of listening, 2 the last 20 %, 1 between.

    Abdollahpouri et al., "User-centered Evaluation of Popularity Bias", UMAP 2021.
    """
    order = np.lexsort((np.arange(len(listeners)), -listeners))
    before = np.cumsum(listeners[order]) - listeners[order]
    total = max(1, int(listeners.sum()))
    groups = np.empty(len(listeners), np.int8)
    groups[order] = (before >= _OUTER * total).astype(np.int8) + (before >= (1 - _OUTER) * total)
    return groups


def rerank(chosen: Candidates, method: Method, strength: float, k: int) -> np.ndarray:
    """Return the columns of the ``k`` candidates to show each user, best first, int64, ``(n_users, k)``.

    Parameters
    ----------
    method
        ``penalty``: sort by ``(1 - strength) relevance + strength novelty``.
        ``own-taste``: add candidates one by one, each time the one with the largest
        ``(1 - strength) sum(relevance) - strength KL(taste || list)``, where both are shares of head, middle
        and tail (Steck, "Calibrated Recommendations", RecSys 2018, his smoothing of 0.01; groups as
        in :func:`popularity_groups`).
    strength
        0 leaves the model's order, 1 forgets it.

    Raises
    ------
    SettingsError
        If a parameter is unknown or out of range.
    """
    if method not in METHODS:
        raise SettingsError(f"There is no re-ranking {method!r}. Choose among {', '.join(METHODS)}.")
    if not 0 <= strength <= 1:
        raise SettingsError(f"The strength of re-ranking lies between 0 and 1, not {strength}.")
    k = min(k, chosen.item_idx.shape[1])
    if not strength:
        return np.tile(np.arange(k), (len(chosen.item_idx), 1))
    return _penalised(chosen, strength, k) if method == "penalty" else _calibrated(chosen, strength, k)


def _penalised(chosen: Candidates, strength: float, k: int) -> np.ndarray:
    present = chosen.item_idx >= 0
    relevance = np.where(present, chosen.relevance, 0.0)
    value = np.where(present, (1 - strength) * relevance + strength * chosen.novelty, -np.inf)
    return np.argsort(-value, axis=1, kind="stable")[:, :k]


def _calibrated(chosen: Candidates, strength: float, k: int) -> np.ndarray:
    """Add one candidate per step for all users at once.

    Of a group only its most relevant candidate left can be best, so that three are compared.
    """
    n_users, n = chosen.item_idx.shape
    rows, present = np.arange(n_users), chosen.item_idx >= 0
    # columns of each group's candidates, the model's order, others behind
    columns = [np.argsort(~(present & (chosen.group == g)), axis=1, kind="stable") for g in range(3)]
    sizes = np.stack([(present & (chosen.group == g)).sum(axis=1) for g in range(3)], axis=1)
    taken = np.zeros((n_users, 3), np.int64)
    positions = np.empty((n_users, k), np.int64)
    for step in range(k):
        values, heads = np.full((n_users, 3), -np.inf), np.zeros((n_users, 3), np.int64)
        for g in range(3):
            left = taken[:, g] < sizes[:, g]
            heads[:, g] = columns[g][rows, np.minimum(taken[:, g], n - 1)]
            shares = (taken + (np.arange(3) == g)) / (step + 1)
            gain = (1 - strength) * chosen.relevance[rows, heads[:, g]]
            gain = gain - strength * _divergence(chosen.taste, shares) - _TIE * heads[:, g]
            values[left, g] = gain[left]
        best = values.argmax(axis=1)
        positions[:, step] = np.where(np.isneginf(values.max(axis=1)), n - 1, heads[rows, best])
        taken[rows, best] += 1
    return positions


def _divergence(taste: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return ``KL(taste || shares)`` per row, the shares mixed with a little of the taste."""
    mixed = (1 - _SMOOTHING) * shares + _SMOOTHING * taste
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = taste * np.log(taste / mixed)
    return np.where(taste > 0, terms, 0.0).sum(axis=1)


def _relevance(scores: np.ndarray, present: np.ndarray) -> np.ndarray:
    scores = scores.astype(np.float64)
    high = np.where(present, scores, -np.inf).max(axis=1, initial=-np.inf, keepdims=True)
    low = np.where(present, scores, np.inf).min(axis=1, initial=np.inf, keepdims=True)
    with np.errstate(invalid="ignore"):
        scaled = (scores - low) / np.where(high > low, high - low, 1.0)
    return np.where(present, scaled, -np.inf)


def _taste(parts: Split, groups: np.ndarray) -> np.ndarray:
    """Return each user's shares of train items per group; without any, those of everybody."""
    cells = parts.train.user_idx.astype(np.int64) * 3 + groups[parts.train.item_idx]
    counts = np.bincount(cells, minlength=3 * parts.train.shape[0]).reshape(-1, 3).astype(np.float64)
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), counts.sum(axis=0) / max(1.0, totals.sum()))


def _contains(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return which of ``wanted`` are in ``known``, sorted and not empty."""
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return known[at] == wanted
