"""Sessions in which a recommender is asked for each track, as the service would ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsys_online.next_track import Play, TrackRequest
from recsys_online.sessions import REMEMBERED
from recsys_online.simulator.listening import Listening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_online.next_track import Choice, NextTrackRecommender
    from recsys_online.simulator.service_side import Recommending
    from recsys_online.simulator.world import World


class Asked(NamedTuple):
    """One session: what was heard, and the choice behind each track but the first."""

    listening: Listening
    choices: list[Choice]


class Asking:
    """Asks recommenders in turn; remembers each listener's latest plays as the service does.

    Parameters
    ----------
    recommending
        ``random`` answers where a recommender has nothing.
    """

    def __init__(self, world: World, recommending: Recommending) -> None:
        self._world, self._recommending = world, recommending
        self._row = {user: row for row, user in enumerate(recommending.publication.users.tolist())}
        self._before: dict[int, tuple[Play, ...]] = {}

    def session(self, recommender: str, listening: Listening) -> Asked:
        """Return a session led to its end."""
        asked, choices, ids = self._recommending.recommenders[recommender], [], self._world.tracks
        candidates = self._list(listening.user) if asked.needs_list else None
        before = self._before.get(listening.user, ())
        plays: tuple[Play, ...] = (Play(int(ids[listening.tracks[0]]), 1.0),)
        while not listening.over:
            earlier = (*before, *plays)[-REMEMBERED:][: -len(plays)]
            request = TrackRequest(listening.user, plays[-1], plays, earlier, candidates)
            choice = self._choice(asked, request)
            choices.append(choice)
            plays = (*plays, Play(choice.track, listening.hear(self._world.row[choice.track])))[-REMEMBERED:]
        self._before[listening.user] = (*before, *plays)[-REMEMBERED:]
        return Asked(listening, choices)

    def _choice(self, asked: NextTrackRecommender, request: TrackRequest) -> Choice:
        choice = asked.next_track(request)
        if choice is not None:
            return choice
        stand_in = self._recommending.recommenders["random"].next_track(request)
        assert stand_in is not None
        return stand_in._replace(fallback=True)

    def _list(self, user: int) -> Sequence[int] | None:
        row = self._row.get(user)
        if row is None:
            return None
        tracks = self._recommending.publication.lists[row]
        return tracks[tracks >= 0].tolist()
