"""WARP on features: artists by their tags and taggers, listeners by their friends; on either trainer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.models.crossfit import CrossFitRecommender
from recsys_core.models.hybrid_features import HybridFeatureSettings, item_features, user_features
from recsys_core.models.lightfm import LightFMSettings, LightFMWarp

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Factors


class LightFMHybrid(CrossFitRecommender):
    """LightFM as its paper means it (Kula, 2015): sums of features, so that tags reach unheard artists."""

    name = "lightfm-hybrid"
    settings_type = HybridFeatureSettings

    def without_effect(self) -> list[str]:
        """Return the names of settings that WARP or this schedule ignores."""
        return self.settings.without_effect("warp")

    def _copy(self, data: Dataset, left_out: np.ndarray) -> Iterator[Factors]:
        own = {name: getattr(self.settings, name) for name in LightFMSettings.__struct_fields__}
        users, items = user_features(data, self.settings), item_features(data, self.settings, left_out)
        return LightFMWarp(**own).train(data, users.values, items.values)


class FastHybrid(LightFMHybrid):
    """The same on our own trainer; see ``fast-warp``."""

    name = "fast-hybrid"

    def _copy(self, data: Dataset, left_out: np.ndarray) -> Iterator[Factors]:
        from recsys_core.models.fast.trainer import Trainer  # noqa: PLC0415 - compiled code, of no use to pages

        rows = data.interactions
        trainer = Trainer(
            "warp",
            self.settings,
            (rows.user_idx, rows.item_idx),
            self.seen,
            user_features=user_features(data, self.settings).values,
            item_features=item_features(data, self.settings, left_out).values,
        )
        while True:
            trainer.run_epoch(self._should_stop)
            yield trainer.factors()
