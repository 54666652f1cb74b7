"""EASE that also learns from what listeners tagged: a tag given is taken for a play of somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import numpy as np
from msgspec import Meta

from recsys_core.errors import DataError
from recsys_core.models.ease_ridges import RidgedWeights
from recsys_core.models.ease_weights import LARGEST_SIDE
from recsys_core.models.item_model import ItemModel
from recsys_core.models.profiles import Values
from recsys_core.models.side_information import tagged_pairs
from recsys_core.ranking.threads import single_blas_thread
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from scipy import sparse

    from recsys_core.datasets import Dataset
    from recsys_core.models.item_weights import ItemWeights


class TaggedEaseSettings(Settings, frozen=True, kw_only=True):
    """``tagged`` is what an artist tagged but not played counts, a played one counting 1.

    The ridge of an artist is ``regularisation`` and ``per_listener`` more for every train listener.
    """

    regularisation: Annotated[float, Meta(ge=0.1, le=1_000_000)] = 50.0
    per_listener: Annotated[float, Meta(ge=0, le=1000)] = 5.0
    tagged: Annotated[float, Meta(ge=0, le=5)] = 1.0
    values: Values = "log"


class TaggedEaseRecommender(ItemModel):
    """Steck (2019), with the side information of Jeunen, Van Balen & Goethals (2020), "Closed-form models for
    collaborative filtering with side-information", of which only who tagged what is used.

    Each listener is scored by the weights that all the others' rows give: exactly, at no second inverse. The
    ridge grows with an artist's train listeners (Steck, 2020), one at least; those who only tagged it do not
    count, for a listener's own tag would.
    """

    name = "ease-tags"
    settings_type = TaggedEaseSettings

    def _rows(self, data: Dataset, profiles: sparse.csr_matrix) -> sparse.csr_matrix:
        return (profiles + self.settings.tagged * tagged_pairs(data)).tocsr().astype("float32")

    def _new_weights(self, rows: sparse.csr_matrix) -> ItemWeights:
        if rows.shape[0] > LARGEST_SIDE:
            raise DataError(
                f"{self.name} inverts a matrix of users, and {rows.shape[0]:,} of them are more than the "
                f"{LARGEST_SIDE:,} it is made for.",
                fix="Choose ALS or WARP with tags.",
            )
        listeners = np.bincount(self.data.interactions.item_idx, minlength=self.data.n_items)
        ridges = self.settings.regularisation + self.settings.per_listener * np.maximum(listeners, 1)
        with single_blas_thread():
            return RidgedWeights.learn(rows, ridges)

    def _restored_weights(self, arrays: dict[str, np.ndarray], rows: sparse.csr_matrix) -> ItemWeights:
        return RidgedWeights.restored(arrays, rows)

    def _block(self, profiles: sparse.csr_matrix, user_idx: np.ndarray) -> np.ndarray:
        return cast("RidgedWeights", self.weights).scores_without(profiles[user_idx], user_idx)
