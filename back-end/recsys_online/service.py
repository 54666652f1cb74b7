"""What the service does, without a word of HTTP: choose, remember, log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from recsys_online.events.record import Event
from recsys_online.index.protocol import Found, IndexUnavailableError
from recsys_online.next_track.request import Choice, Play, TrackRequest
from recsys_online.sessions import Listener

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import numpy as np

    from recsys_online.catalogue import Catalogue
    from recsys_online.events.writer import EventWriter
    from recsys_online.experiments.experiment import Treatment
    from recsys_online.experiments.plan import Decision, Plan
    from recsys_online.index.protocol import RecommendationIndex
    from recsys_online.next_track.request import NextTrackRecommender
    from recsys_online.next_track.uniform import Random
    from recsys_online.sessions import SessionStore


class Clock(NamedTuple):
    """Time as the service needs it: the calendar's, and one that never jumps (seconds)."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]


@dataclass(frozen=True, eq=False)
class Shelf:
    """All that belongs to one published version; replaced as a whole when a new one comes."""

    catalogue: Catalogue
    index: RecommendationIndex
    recommenders: Mapping[str, NextTrackRecommender]
    last_resort: Random
    version: str = ""


class Asked(msgspec.Struct, frozen=True):
    """One request: who, what was played last, how much of it, and when the request came in (monotonic)."""

    user: int
    track: int
    time: float
    request: str
    arrived: float


class Service:
    """Answers "what next?" for every listener, whatever is missing, and logs each answer once.

    Parameters
    ----------
    shelf
        What is served; may be replaced between two requests.
    plan
        Its recommenders must be on the shelf, ``random`` among them.
    rng
        Draws session ids.
    """

    def __init__(
        self,
        shelf: Shelf,
        plan: Plan,
        sessions: SessionStore,
        log: EventWriter,
        clock: Clock,
        rng: np.random.Generator,
    ) -> None:
        self.shelf, self._plan = shelf, plan
        self._sessions, self._log, self._clock, self._rng = sessions, log, clock, rng

    async def next(self, asked: Asked) -> Choice:
        """Return the next track for a listener; the event is in the log when this returns."""
        shelf, now = self.shelf, self._clock.now()  # one shelf per request: it may be replaced while we wait
        moment = now.timestamp()
        treatments = self._plan.treatments(asked.user)
        decision = self._plan.decide(treatments, now)
        listener = self._heard(asked, moment)
        choice, version = await self._choose(shelf, asked, listener, decision)
        event = self._event("next", asked, moment, listener, treatments, version)
        event.recommendation, event.recommender = choice.track, choice.recommender
        event.propensity, event.fallback = choice.propensity, choice.fallback
        event.experiment, event.treatment = decision.experiment, decision.treatment
        self._record(event, asked)
        self._sessions.keep(asked.user, listener, moment)  # after: who is refused asks the same again
        return choice

    def last(self, asked: Asked) -> None:
        """End a listener's session; the event is in the log when this returns."""
        moment = self._clock.now().timestamp()
        listener = self._heard(asked, moment)
        ended = Listener(0, (*listener.before, *listener.plays), ())
        treatments = self._plan.treatments(asked.user)
        self._record(self._event("last", asked, moment, listener, treatments, self.shelf.version), asked)
        self._sessions.keep(asked.user, ended, moment)

    async def candidates(self, user: int) -> Found:
        """Return the user's list and its version; no list if the index does not answer."""
        return await _candidates(self.shelf, user)

    def _heard(self, asked: Asked, now: float) -> Listener:
        known = self._sessions.listener(asked.user, now) or Listener(0, (), ())
        session = known.session or int(self._rng.integers(1, 2**63))
        return Listener(session, known.before, (*known.plays, Play(asked.track, asked.time)))

    async def _choose(
        self, shelf: Shelf, asked: Asked, listener: Listener, decision: Decision
    ) -> tuple[Choice, str]:
        """Return the choice, and the version of the lists it was made from."""
        recommender = shelf.recommenders[decision.recommender]
        found = Found(None, shelf.version)
        if recommender.needs_list:
            found = await _candidates(shelf, asked.user)
        play = listener.plays[-1]
        request = TrackRequest(asked.user, play, listener.plays, listener.before, found.tracks)
        choice = recommender.next_track(request)
        if choice is None:  # every recommender but Random may have nothing to offer
            choice = shelf.last_resort.next_track(request)._replace(fallback=True)
        elif asked.track not in shelf.catalogue:  # chosen without knowing what was played
            choice = choice._replace(fallback=True)
        return choice, found.version

    def _event(
        self,
        message: str,
        asked: Asked,
        moment: float,
        listener: Listener,
        treatments: dict[str, Treatment],
        version: str,
    ) -> Event:
        return Event(
            message,
            int(moment * 1000),
            asked.user,
            asked.track,
            asked.time,
            0.0,
            None,
            treatments,
            request=asked.request,
            session=f"{listener.session:016x}",
            index_version=version,
        )

    def _record(self, event: Event, asked: Asked) -> None:
        event.latency = self._clock.monotonic() - asked.arrived
        self._log.append(event)


async def _candidates(shelf: Shelf, user: int) -> Found:
    try:
        return await shelf.index.get(user)
    except IndexUnavailableError:
        return Found(None, shelf.version)
