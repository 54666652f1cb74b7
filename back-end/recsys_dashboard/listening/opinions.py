"""What a visitor says about artists: kept for the visit and in the address, undone step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.errors import SettingsError
from recsys_core.listening.profile import Profile
from recsys_dashboard.notices import notice
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.listening.profile import Verdict

NOTICES = "opinions"
MINE, SAID = "mine", "said"  # parameters of the address: somebody new; opinions on a listener's list


class Opinions:
    """The opinions of one visitor as one listener on one data set.

    Parameters
    ----------
    place
        The parameter of the address that holds them. What it says when the page is opened is taken over;
        an unusable value is told and dropped.
    listener
        Opinions on one listener's list do not follow to another's.
    """

    def __init__(self, place: str, dataset: Dataset, listener: object = "") -> None:
        self._place, self._items = place, dataset.items
        self._key = f"opinions.{place}.{dataset.fingerprint}.{listener}"
        asked = st.query_params.get(place)
        if asked is not None and asked != st.session_state.get(f"opinions.{place}.written"):
            st.session_state[self._key] = self._accepted(asked)

    @property
    def profile(self) -> Profile:
        """The present opinions."""
        return Profile.decode(st.session_state.get(self._key, ""))

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    def say(self, item: object, verdict: Verdict) -> None:
        """Put ``verdict`` on an artist; says so where there is no room left."""
        try:
            self._replace(self.profile.having(item, verdict))
        except SettingsError as error:
            notice(NOTICES, "error", str(error))

    def forget(self, item: object) -> None:
        """Take back what was said of one artist."""
        self._replace(self.profile.without(item))

    def clear(self) -> None:
        """Take back everything."""
        self._replace(Profile())

    def undo(self) -> None:
        """Take back the last step."""
        if self._past:
            st.session_state[self._key] = self._past.pop()

    def write_address(self) -> None:
        """Put the present opinions into the address, and take out those of the other kind of listener."""
        written = self.profile.encode()
        for place in (MINE, SAID):
            if place == self._place and written:
                st.query_params[place] = written
            else:
                st.query_params.pop(place, None)
        st.session_state[f"opinions.{self._place}.written"] = written

    @property
    def _past(self) -> list[str]:
        return st.session_state.setdefault(f"{self._key}.past", [])

    def _replace(self, profile: Profile) -> None:
        self._past.append(st.session_state.get(self._key, ""))
        st.session_state[self._key] = profile.encode()

    def _accepted(self, asked: str) -> str:
        try:
            profile, missing = Profile.decode(asked).known_to(self._items)
        except SettingsError as error:
            notice(NOTICES, "error", text("preferences.bad_profile", why=str(error)))
            return ""
        if missing:
            notice(NOTICES, "error", text("preferences.missing_artists", ids=", ".join(missing[:5])))
        return profile.encode()
