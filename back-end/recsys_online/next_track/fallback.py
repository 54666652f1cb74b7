"""A listener is never left in silence: who answers when the first has nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recsys_online.next_track.request import Choice, NextTrackRecommender, TrackRequest


class Fallback:
    """The choice of ``first``, or that of ``second``, marked as a fallback."""

    def __init__(self, first: NextTrackRecommender, second: NextTrackRecommender) -> None:
        self._first, self._second = first, second
        self.name = first.name
        self.needs_list = first.needs_list or second.needs_list

    def next_track(self, request: TrackRequest) -> Choice | None:
        """Return a choice if either has one."""
        choice = self._first.next_track(request)
        if choice is not None:
            return choice
        choice = self._second.next_track(request)
        return None if choice is None else choice._replace(fallback=True)
