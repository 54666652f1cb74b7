"""Our own hybrid: the strongest collaborative scorers joined with what reaches artists nobody has heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from recsys_core.models.als_tags import TaggedALSRecommender
from recsys_core.models.blend import BlendedRecommender
from recsys_core.models.ease_tags import TaggedEaseRecommender
from recsys_core.models.neighbourly import FriendsRecommender, TagsRecommender
from recsys_core.models.warp_hybrid import FastHybrid
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_core.datasets import Dataset
    from recsys_core.models.base import Recommender

# with the other members beside it, fewer features do as well in half the time
WARP: dict[str, Any] = {"tags": 300, "tag_strength": 2.0, "tagger_strength": 1.5}
Strength = Annotated[float, Meta(ge=0, le=10)]


class HybridSettings(Settings, frozen=True, kw_only=True):
    """What each member counts, and the few settings of theirs that matter; found on a validation part.

    ``warp_size`` is WARP's embedding size; ``warp_epochs`` and ``als_epochs`` are passes of those two,
    the others are solved at once.
    """

    warp: Strength = 1.0
    ease: Strength = 0.05
    als: Strength = 0.125
    tags: Strength = 0.25
    friends: Strength = 0.02
    warp_size: Annotated[int, Meta(ge=1, le=512)] = 64
    warp_epochs: Annotated[int, Meta(ge=1, le=500)] = 40
    als_epochs: Annotated[int, Meta(ge=1, le=200)] = 10
    regularisation: Annotated[float, Meta(ge=0.1, le=1_000_000)] = 200.0
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42
    threads: Annotated[int, Meta(ge=1, le=64)] = 1


class HybridRecommender(BlendedRecommender):
    """WARP on features, EASE and ALS with tags, tag profiles and friends: a weighted sum of standard scores.

    Burke (2002), "Hybrid recommender systems: survey and experiments": the weighted kind. A member that
    counts nothing is not trained.
    """

    name = "hybrid"
    settings_type = HybridSettings

    @property
    def _strengths(self) -> dict[str, float]:
        return {name: getattr(self.settings, name) for name in ("warp", "ease", "als", "tags", "friends")}

    def _new_members(self) -> dict[str, Recommender]:
        own = self.settings
        shared = {"seed": own.seed, "threads": own.threads}
        members: dict[str, Recommender] = {
            "warp": FastHybrid(embedding_size=own.warp_size, **WARP, **shared),
            "ease": TaggedEaseRecommender(regularisation=own.regularisation, per_listener=0.0),
            "als": TaggedALSRecommender(**shared),
            "tags": TagsRecommender(),
            "friends": FriendsRecommender(),
        }
        return {name: member for name, member in members.items() if self._strengths[name]}

    def _fit(self, data: Dataset) -> Iterator[None]:
        epochs = {"warp": self.settings.warp_epochs, "als": self.settings.als_epochs}
        members = self._new_members()
        for name, member in members.items():
            member.fit(data, epochs=epochs.get(name, 1), should_stop=self._should_stop)
        self._members = members
        yield
