"""EASE: every item predicted from all others by one ridge regression in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from recsys_core.models.ease_weights import DenseWeights, DualWeights, ease_weights
from recsys_core.models.item_model import ItemModel
from recsys_core.models.profiles import Values
from recsys_core.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

    from recsys_core.models.item_weights import ItemWeights


class EaseSettings(Settings, frozen=True, kw_only=True):
    """``regularisation`` is the ridge's lambda: small for the top of the list, large for the whole order."""

    regularisation: Annotated[float, Meta(ge=0.1, le=1_000_000)] = 80.0
    values: Values = "binary"


class EaseRecommender(ItemModel):
    """Steck (2019), "Embarrassingly shallow autoencoders for sparse data", arXiv:1905.03375."""

    name = "ease"
    settings_type = EaseSettings

    def _new_weights(self, profiles: sparse.csr_matrix) -> ItemWeights:
        return ease_weights(profiles, self.settings.regularisation)

    def _restored_weights(self, arrays: dict[str, np.ndarray], profiles: sparse.csr_matrix) -> ItemWeights:
        kind = DenseWeights if "weights" in arrays else DualWeights
        return kind.restored(arrays, profiles)
