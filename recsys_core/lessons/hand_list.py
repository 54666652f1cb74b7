"""A list put in order by hand, judged by the project's own metrics, under both rules for equal scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.ranking import Factors, held_out_ranks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.ranking.held_out import Ties


class Judged(NamedTuple):
    """Metrics of one list; ``hits`` of its first k are loved, ``right`` of ``pairs`` are in the right order.

    A pair is a loved item and another; of equal scores the rule for ties says what counts as right.
    """

    precision: float
    recall: float
    auc: float
    hits: int
    right: float
    pairs: int


def judge(loved: Sequence[bool], k: int, *, tied: int = 0, ties: Ties = "pessimistic") -> Judged:
    """Return how good a list is whose items from the top are ``loved`` or not.

    ``tied`` first items share one score; a list has at least one item of each kind. Ties are counted as
    :func:`recsys_core.ranking.held_out_ranks` says.
    """
    scores = np.arange(len(loved), 0, -1, dtype=np.float64)
    scores[:tied] = scores[0]
    held_out = sparse.csr_matrix(np.asarray(loved, np.float32)[None, :])
    held_out.eliminate_zeros()
    one = Factors(np.ones((1, 1)), scores[:, None], np.zeros(1), np.zeros(len(loved)))
    metrics = per_user_metrics(held_out_ranks(one, held_out, ties=ties), len(loved), (k,))
    precision, recall, auc = (float(metrics[name][0]) for name in (f"precision@{k}", f"recall@{k}", "auc"))
    n_loved = int(np.sum(loved))
    pairs = n_loved * (len(loved) - n_loved)
    return Judged(precision, recall, auc, round(precision * k), auc * pairs, pairs)


def moved(order: Sequence[int], place: int, step: int) -> tuple[int, ...]:
    """Return ``order`` with what is at ``place`` moved by ``step`` (-1 up, 1 down); unchanged at the ends."""
    other = place + step
    changed = list(order)
    if 0 <= place < len(changed) and 0 <= other < len(changed):
        changed[place], changed[other] = changed[other], changed[place]
    return tuple(changed)
