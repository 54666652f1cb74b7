"""LightFM's models on our own trainer: same settings, same objective, several times as fast.

Kula (2015), "Metadata embeddings for user and item cold-start recommendations", arXiv:1507.08439.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from recsys_core.models.factor_model import FactorRecommender
from recsys_core.models.lightfm import LightFMSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from recsys_core.datasets import Dataset
    from recsys_core.models.fast.trainer import Trainer
    from recsys_core.ranking import Scorer


class FastRecommender(FactorRecommender):
    """Matrix factorisation with LightFM's losses; one subclass per loss.

    The same in distribution as LightFM's model for the same settings, not the same numbers: it draws others.
    Bit-reproducible for a seed with one thread. A stop is heard between blocks of an epoch; what was learned
    until then remains, but cannot be gone on with.
    """

    settings_type = LightFMSettings
    iterative = True
    loss: ClassVar[str]
    _trainer: Trainer | None = None
    _collected = 0

    def _fit(self, data: Dataset) -> Iterator[None]:
        from recsys_core.models.fast.trainer import Trainer  # noqa: PLC0415 - compiled code, of no use to pages

        pairs = (data.interactions.user_idx, data.interactions.item_idx)
        weights = self.settings.strengths(data, self.loss)
        self._trainer = Trainer(self.loss, self.settings, pairs, self.seen, weights=weights)
        while True:
            self._trainer.run_epoch(self._should_stop)
            yield

    def _attach(self, data: Dataset) -> None:
        super()._attach(data)
        self._trainer, self._collected = None, 0

    @property
    def scorer(self) -> Scorer:
        """The factors of the last epoch; see :class:`FactorRecommender`."""
        self._collect()
        return super().scorer

    def arrays(self) -> dict[str, np.ndarray]:
        """Return embeddings and biases by name."""
        self._collect()
        return super().arrays()

    def _collect(self) -> None:
        """Copy the factors out only when somebody looks: it takes as long as a quarter of an epoch."""
        if self._trainer is not None and self._trainer.epochs > self._collected:
            self._factors, self._collected = self._trainer.factors(), self._trainer.epochs

    def without_effect(self) -> list[str]:
        """Return the names of settings that this loss or schedule ignores."""
        return self.settings.without_effect(self.loss)


class FastWarp(FastRecommender):
    """Weighted approximate-rank pairwise loss: lifts the top of the list."""

    name, loss = "fast-warp", "warp"


class FastBpr(FastRecommender):
    """Bayesian personalised ranking: orders pairs, the whole list alike."""

    name, loss = "fast-bpr", "bpr"


class FastLogistic(FastRecommender):
    """Pointwise logistic loss; on positive-only data it learns little beyond popularity."""

    name, loss = "fast-logistic", "logistic"


class FastWarpKos(FastRecommender):
    """k-th order statistic WARP: learns from the k-th best of n positives."""

    name, loss = "fast-warp-kos", "warp-kos"
