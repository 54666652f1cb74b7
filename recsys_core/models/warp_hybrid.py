"""WARP on features: artists by their tags and taggers, listeners by their friends; on either trainer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.models.crossfit import CrossFitRecommender
from recsys_core.models.hybrid_features import HybridFeatureSettings, item_features, user_features
from recsys_core.models.lightfm import LightFMSettings, LightFMWarp
from recsys_core.ranking import Factors
from recsys_core.rng import MAX_SEED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recsys_core.datasets import Dataset, FeatureMatrix


class LightFMHybrid(CrossFitRecommender):
    """LightFM as its paper means it (Kula, 2015): sums of features, so that tags reach unheard artists."""

    name = "lightfm-hybrid"
    settings_type = HybridFeatureSettings

    def without_effect(self) -> list[str]:
        """Return the names of settings that WARP or this schedule ignores."""
        return self.settings.without_effect("warp")

    def _copy(self, data: Dataset, left_out: np.ndarray) -> Iterator[Factors]:
        users, items = user_features(data, self.settings), item_features(data, self.settings, left_out)
        trainings = [
            self._training(data, users, items, (self.settings.seed + number) % (MAX_SEED + 1))
            for number in range(self.settings.repeats)
        ]
        while True:
            yield mean_of([next(one) for one in trainings])

    def _training(
        self, data: Dataset, users: FeatureMatrix, items: FeatureMatrix, seed: int
    ) -> Iterator[Factors]:
        """Train on features from ``seed``, yielding factors after every epoch, for ever."""
        own = {name: getattr(self.settings, name) for name in LightFMSettings.__struct_fields__}
        return LightFMWarp(**{**own, "seed": seed}).train(data, users.values, items.values)


class FastHybrid(LightFMHybrid):
    """The same on our own trainer; see ``fast-warp``."""

    name = "fast-hybrid"

    def _training(
        self, data: Dataset, users: FeatureMatrix, items: FeatureMatrix, seed: int
    ) -> Iterator[Factors]:
        from recsys_core.models.fast.trainer import Trainer  # noqa: PLC0415 - compiled code, of no use to pages

        rows = data.interactions
        trainer = Trainer(
            "warp",
            self.settings.replace(seed=seed),
            (rows.user_idx, rows.item_idx),
            self.seen,
            weights=self.settings.strengths(data, "warp"),
            user_features=users.values,
            item_features=items.values,
        )
        while True:
            trainer.run_epoch(self._should_stop)
            yield trainer.factors()


def mean_of(trained: Sequence[Factors]) -> Factors:
    """Return factors whose scores are the mean of the scores by each: embeddings side by side, mean biases.

    A mean of scalar products is one scalar product of longer vectors, so that what several trainings agree
    on is still one LightFM's form (bagging over seeds; Breiman, 1996).
    """
    if len(trained) == 1:
        return trained[0]
    scale = np.float32(1 / np.sqrt(len(trained)))
    return Factors(
        np.hstack([scale * one.user_embeddings for one in trained]),
        np.hstack([scale * one.item_embeddings for one in trained]),
        np.mean([one.user_biases for one in trained], axis=0),
        np.mean([one.item_biases for one in trained], axis=0),
    )
