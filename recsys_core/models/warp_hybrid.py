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

    from scipy import sparse

    from recsys_core.datasets import Dataset

    Features = tuple[sparse.csr_matrix | None, sparse.csr_matrix | None]


class LightFMHybrid(CrossFitRecommender):
    """LightFM as its paper means it (Kula, 2015): sums of features, so that tags reach unheard artists."""

    name = "lightfm-hybrid"
    settings_type = HybridFeatureSettings

    def without_effect(self) -> list[str]:
        """Return the names of settings that WARP or this schedule ignores."""
        return self.settings.without_effect("warp")

    def _copy(self, data: Dataset, left_out: np.ndarray) -> Iterator[Factors]:
        own = self.settings
        features = user_features(data, own).values, item_features(data, own, left_out).values
        trainings = []
        for number in range(own.repeats):
            seeded = own.replace(seed=(own.seed + number) % (MAX_SEED + 1))
            trainings.append(self._training(data, seeded, features))
            if own.plain_size:
                plain = seeded.replace(embedding_size=own.plain_size)
                trainings.append(self._training(data, plain, (None, None)))
        while True:
            yield mean_of([next(one) for one in trainings])

    def _training(
        self, data: Dataset, settings: HybridFeatureSettings, features: Features
    ) -> Iterator[Factors]:
        """Train on features of users and items, yielding factors after every epoch, for ever."""
        own = {name: getattr(settings, name) for name in LightFMSettings.__struct_fields__}
        return LightFMWarp(**own).train(data, *features)


class FastHybrid(LightFMHybrid):
    """The same on our own trainer; see ``fast-warp``."""

    name = "fast-hybrid"

    def _training(
        self, data: Dataset, settings: HybridFeatureSettings, features: Features
    ) -> Iterator[Factors]:
        from recsys_core.models.fast.trainer import Trainer  # noqa: PLC0415 - compiled code, of no use to pages

        pairs, (users, items) = (data.interactions.user_idx, data.interactions.item_idx), features
        strengths = settings.strengths(data, "warp")
        trainer = Trainer(
            "warp",
            settings,
            pairs,
            self.seen,
            weights=strengths,
            user_features=users,
            item_features=items,
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
