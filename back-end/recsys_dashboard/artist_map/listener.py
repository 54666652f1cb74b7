"""A listener on the map: their artists, what is suggested to them, and how the model scores everything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from recsys_core.columns import Columns
from recsys_dashboard import cached
from recsys_dashboard.artist_map import address
from recsys_dashboard.listening.cached_lists import activity_of
from recsys_dashboard.listening.listener_choice import LISTED
from recsys_dashboard.texts import plain, text, whole

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.listening.preferences import Suggestions
    from recsys_core.runs.manifest import Manifest
    from recsys_dashboard.artist_map.pictures import Picture

SUGGESTED = 10
_PICK = "artist_map.pick_listener"


@dataclass(frozen=True, eq=False)
class Listener:
    """One listener and the model's lists for them."""

    user_id: Any
    suggestions: Suggestions

    @cached_property
    def heard(self) -> np.ndarray:
        """All artists they play, most played first."""
        return self._items(self.suggestions.truth(self.user_id)[Columns.ITEM_ID])

    @cached_property
    def suggested(self) -> np.ndarray:
        """The ten artists suggested to them, best first."""
        return self._items(self.suggestions.suggest(self.user_id, SUGGESTED)[Columns.ITEM_ID])

    def scores(self) -> np.ndarray:
        """Return the model's score of every artist for them."""
        users = self.suggestions.dataset.users.to_idx([self.user_id])
        return self.suggestions.model.scores(users)[0]

    def _items(self, ids: object) -> np.ndarray:
        return self.suggestions.dataset.items.to_idx(np.asarray(ids))


def pick_somebody(manifest: Manifest, dataset: Dataset) -> Listener | None:
    """Draw the choice of a listener to show, nobody by default, and return them; ``?listener=`` names one."""
    asked = address.asked_listener(dataset)
    st.session_state[_PICK] = None if asked is None else str(asked)
    ids = [str(one) for one in activity_of(dataset)[Columns.USER_ID].head(LISTED).sort_values()]
    if asked is not None and str(asked) not in ids:
        ids.insert(0, str(asked))
    st.selectbox(
        text("artist_map.listener"),
        ids,
        key=_PICK,
        filter_mode="prefix",
        placeholder=text("artist_map.listener_none"),
        on_change=_picked,
        help=text("artist_map.listener_help"),
        width=160,
    )
    return None if asked is None else Listener(asked, cached.suggestions(manifest.run_id, dataset))


def listener_line(listener: Listener, picture: Picture) -> str:
    """Return in words what the marks of the listener are, and what is not on the map."""
    there = picture.row_of
    heard, suggested = (
        sum(int(item) in there for item in items) for items in (listener.heard, listener.suggested)
    )
    return text(
        "artist_map.listener_line",
        user=plain(listener.user_id),
        heard=whole(heard),
        of=whole(len(listener.heard)),
        suggested=whole(suggested),
        ten=whole(len(listener.suggested)),
    )


def _picked() -> None:
    address.keep(address.LISTENER, st.session_state[_PICK])
