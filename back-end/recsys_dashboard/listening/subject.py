"""Of whom the page speaks: a stored listener, or the visitor who becomes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.listening.hits import listener_hits
from recsys_core.listening.knowledge import knowledge_of
from recsys_core.listening.profile import FEWEST_LIKED
from recsys_core.listening.ranked_list import Filters, ranked_list
from recsys_dashboard import cached
from recsys_dashboard.listening.address import pick_addressed
from recsys_dashboard.listening.cached_lists import hits_of
from recsys_dashboard.listening.listener_view import tell_knowledge
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.listening.hits import ListenerHits
    from recsys_core.listening.profile import Profile
    from recsys_core.listening.ranked_list import RankedList
    from recsys_core.runs.manifest import Manifest


def pick_who() -> bool:
    """Draw the choice between a stored listener and oneself; return True for oneself. ``?who=`` names it."""
    who = pick_addressed(
        "who",
        ["listener", "me"],
        label=text("preferences.who"),
        words=lambda one: text(f"preferences.who_{one}"),
    )
    return who == "me"


@dataclass(frozen=True)
class Subject:
    """Everything asked for: whose list, what they said, what may stand on it, how long it is."""

    dataset: Dataset
    user_id: Any | None
    profile: Profile
    filters: Filters
    k: int

    def ranked(self, manifest: Manifest) -> RankedList:
        """Return the list of one model."""
        suggestions = cached.suggestions(manifest.run_id, self.dataset)
        return ranked_list(suggestions, self.user_id, self.profile, self.filters)

    def hits(self, manifest: Manifest) -> ListenerHits:
        """Return the hits of the model's own list, which no opinion and no filter changes."""
        return listener_hits(hits_of(manifest.run_id, self.dataset, self.k), self.user_id, self.k)

    @property
    def enough(self) -> bool:
        """Whether enough is known for a list: somebody new has to name a few artists first."""
        return self.user_id is not None or len(self.profile.liked) >= FEWEST_LIKED

    @property
    def touched(self) -> bool:
        """Whether opinions or filters make the list another than the model's own."""
        return len(self.profile) > 0 or self.filters != Filters()

    @property
    def file_stem(self) -> str:
        """How downloads call this subject."""
        return "somebody-new" if self.user_id is None else f"listener-{self.user_id}"


def tell_limits(subject: Subject, ranked: RankedList) -> None:
    """Say what the model cannot know or do here, and what it does instead."""
    suggestions, taste = ranked.suggestions, ranked.taste
    if not suggestions.model.folds_in and len(subject.profile):
        st.info(text("preferences.cannot_fold"), icon=":material/info:")
    if taste.user_idx is not None:
        smallest = float(subject.dataset.interactions.weights.min())
        tell_knowledge(knowledge_of(suggestions, taste.user_idx), taste.basis, len(taste.items), smallest)
