"""How well a model ranks held-out items: one pass over ranks, one value per user, then means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.models.base import Recommender
from recsys_core.ranking import both_ranks
from recsys_core.statistics import Interval, bootstrap_intervals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.ranking import Ranks, Scorer
    from recsys_core.splitting import Split

PARTS = ("test", "train")


@dataclass(frozen=True, eq=False)
class UserMetrics:
    """``values``: metric name to one float64 per user; ``users``: whose they are, int32 rows of the grid."""

    users: np.ndarray
    values: dict[str, np.ndarray]

    @classmethod
    def from_ranks(cls, ranks: Ranks, n_items: int, ks: Sequence[int]) -> UserMetrics:
        """Return the metrics of all users who have held-out items."""
        values = per_user_metrics(ranks, n_items, ks)
        return cls(values.pop("users"), values)


@dataclass(frozen=True, eq=False)
class Report:
    """Per-user metrics on the test and the train part of a split."""

    test: UserMetrics
    train: UserMetrics

    def means(self, part: str = "test") -> dict[str, float]:
        """Return the mean of each metric over the users of ``part`` ("test" or "train")."""
        return {name: float(np.nanmean(values)) for name, values in self.part(part).values.items()}

    def intervals(self, part: str = "test", *, seed: int = 0) -> dict[str, Interval]:
        """Return each mean with its 95 % bootstrap interval over users."""
        return bootstrap_intervals(self.part(part).values, seed)

    def part(self, part: str) -> UserMetrics:
        """Return the per-user values of ``part``."""
        return {"test": self.test, "train": self.train}[part]


class Evaluator:
    """Judges models on one split again and again, its matrices prepared once.

    Semantics are LightFM's: train items are left out when test items are ranked, nothing is left
    out when train items are, ties count against the model, users without held-out items are
    dropped, and precision@k divides by k.
    """

    def __init__(self, split: Split, *, ks: Sequence[int] = (10,), threads: int = 1) -> None:
        self.train = split.train.to_csr(binary=True)
        self.test = split.test.to_csr(binary=True)
        self.ks, self.threads = tuple(ks), threads

    def evaluate(self, model: Recommender | Scorer) -> Report:
        """Return the report of ``model`` or of a bare scorer.

        Raises
        ------
        ScoreError
            If a score is not finite.
        """
        scorer = model.scorer if isinstance(model, Recommender) else model
        train_ranks, test_ranks = both_ranks(scorer, self.train, self.test, threads=self.threads)
        n_items = self.train.shape[1]
        return Report(
            test=UserMetrics.from_ranks(test_ranks, n_items, self.ks),
            train=UserMetrics.from_ranks(train_ranks, n_items, self.ks),
        )


def evaluate(
    model: Recommender | Scorer, split: Split, *, ks: Sequence[int] = (10,), threads: int = 1
) -> Report:
    """Return the report of ``model`` on ``split``; see :class:`Evaluator`."""
    return Evaluator(split, ks=ks, threads=threads).evaluate(model)
