"""The hybrid in a hurry: those of its kinds of members that need no epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from recsys_core.models.blend import BlendedRecommender
from recsys_core.models.ease_tags import TaggedEaseRecommender
from recsys_core.models.neighbourly import FriendsRecommender, TagsRecommender
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_core.datasets import Dataset
    from recsys_core.models.base import Recommender


class QuickHybridSettings(Settings, frozen=True, kw_only=True):
    """What tag profiles and friends count beside EASE with tags, which counts 1; and EASE's own settings."""

    tags: Annotated[float, Meta(ge=0, le=10)] = 0.5
    friends: Annotated[float, Meta(ge=0, le=10)] = 0.1
    regularisation: Annotated[float, Meta(ge=0.1, le=1_000_000)] = 50.0
    per_listener: Annotated[float, Meta(ge=0, le=1000)] = 5.0
    tagged: Annotated[float, Meta(ge=0, le=5)] = 1.0


class QuickHybridRecommender(BlendedRecommender):
    """EASE with tags, tag profiles and friends: a weighted sum of standard scores, solved at once.

    Burke (2002), "Hybrid recommender systems: survey and experiments": the weighted kind.
    """

    name = "quick-hybrid"
    settings_type = QuickHybridSettings

    @property
    def _strengths(self) -> dict[str, float]:
        return {"ease": 1.0, "tags": self.settings.tags, "friends": self.settings.friends}

    def _new_members(self) -> dict[str, Recommender]:
        own = self.settings
        ease = TaggedEaseRecommender(
            regularisation=own.regularisation, per_listener=own.per_listener, tagged=own.tagged
        )
        members = {"ease": ease, "tags": TagsRecommender(), "friends": FriendsRecommender()}
        return {name: member for name, member in members.items() if self._strengths[name]}

    def _fit(self, data: Dataset) -> Iterator[None]:
        members = self._new_members()
        for member in members.values():
            member.fit(data, epochs=1, should_stop=self._should_stop)
        self._members = members
        yield
