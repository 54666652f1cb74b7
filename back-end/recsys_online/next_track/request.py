"""What a recommender of the next track is asked, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence


class Play(NamedTuple):
    """A track and the share of it that was listened to, 0 to 1."""

    track: int
    share: float


class TrackRequest(msgspec.Struct, frozen=True):
    """All a recommender may look at.

    Attributes
    ----------
    last
        The track just played and its listened share.
    session
        Plays of this session, oldest first, ``last`` included.
    before
        Plays of earlier sessions as far as they are remembered, oldest first.
    candidates
        The user's precomputed list, best first, already checked against the catalogue; None if there
        is none or it could not be read.
    """

    user: int
    last: Play
    session: Sequence[Play]
    before: Sequence[Play] = ()
    candidates: Sequence[int] | None = None


class Choice(NamedTuple):
    """A track, who chose it, with what probability, and whether it stands in for another's choice."""

    track: int
    recommender: str
    propensity: float
    fallback: bool = False


class NextTrackRecommender(Protocol):
    """Chooses the next track; objects are shared by all requests and keep no state of their own.

    ``needs_list`` says whether the user's list must be looked up first.
    """

    name: str
    needs_list: bool

    def next_track(self, request: TrackRequest) -> Choice | None:
        """Return the choice, or None if this recommender has nothing to offer here."""
        ...
