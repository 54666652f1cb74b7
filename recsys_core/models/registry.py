"""The models by name: the one list that pages, command line and tests read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recsys_core.errors import SettingsError
from recsys_core.models.als import ALSRecommender, ImplicitBprRecommender
from recsys_core.models.als_tags import TaggedALSRecommender
from recsys_core.models.baselines import PopularityRecommender, RandomRecommender
from recsys_core.models.ease import EaseRecommender
from recsys_core.models.ease_tags import TaggedEaseRecommender
from recsys_core.models.ensemble import EnsembleRecommender
from recsys_core.models.fast_lightfm import FastBpr, FastLogistic, FastWarp, FastWarpKos
from recsys_core.models.hybrid import HybridRecommender
from recsys_core.models.lightfm import LightFMBpr, LightFMLogistic, LightFMWarp, LightFMWarpKos
from recsys_core.models.neighbours import ItemNeighboursRecommender
from recsys_core.models.quick_hybrid import QuickHybridRecommender
from recsys_core.models.rp3beta import RP3betaRecommender
from recsys_core.models.svd import SVDRecommender
from recsys_core.models.warp_hybrid import FastHybrid, LightFMHybrid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recsys_core.models.base import Recommender

MODELS: dict[str, type[Recommender]] = {
    model.name: model
    for model in (
        LightFMWarp,
        LightFMBpr,
        LightFMWarpKos,
        LightFMLogistic,
        FastWarp,
        FastBpr,
        FastWarpKos,
        FastLogistic,
        LightFMHybrid,
        FastHybrid,
        ALSRecommender,
        TaggedALSRecommender,
        ImplicitBprRecommender,
        EaseRecommender,
        TaggedEaseRecommender,
        ItemNeighboursRecommender,
        RP3betaRecommender,
        SVDRecommender,
        HybridRecommender,
        QuickHybridRecommender,
        EnsembleRecommender,
        PopularityRecommender,
        RandomRecommender,
    )
}


def create_model(name: str, values: Mapping[str, Any] | None = None) -> Recommender:
    """Return a new model; of ``values`` it takes those that are settings of its own.

    Raises
    ------
    SettingsError
        If there is no such model or a value is out of range.
    """
    if name not in MODELS:
        raise SettingsError(f"There is no model {name!r}. Choose among {', '.join(MODELS)}.")
    model = MODELS[name]
    own = {
        key: value for key, value in (values or {}).items() if key in model.settings_type.__struct_fields__
    }
    return model(model.settings_type.from_dict(own))
