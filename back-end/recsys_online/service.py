"""What the service does, without a word of HTTP: choose, remember, log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from recsys_online.events.record import Event
from recsys_online.index.protocol import IndexUnavailableError
from recsys_online.next_track.request import Choice, Play, TrackRequest
from recsys_online.sessions import Listener

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
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
        now = self._clock.now()
        treatments = self._plan.treatments(asked.user)
        decision = self._plan.decide(treatments, now)
        listener = self._heard(asked, now.timestamp())
        choice = await self._choose(asked, listener, decision)
        self._sessions.keep(asked.user, listener, now.timestamp())
        self._record("next", asked, now, listener, treatments, decision, choice)
        return choice

    def last(self, asked: Asked) -> None:
        """End a listener's session; the event is in the log when this returns."""
        now = self._clock.now()
        listener = self._heard(asked, now.timestamp())
        ended = Listener(0, (*listener.before, *listener.plays), ())
        self._record("last", asked, now, listener, self._plan.treatments(asked.user))
        self._sessions.keep(asked.user, ended, now.timestamp())

    async def candidates(self, user: int) -> Sequence[int] | None:
        """Return the user's list, None if there is none or the index does not answer."""
        try:
            return await self.shelf.index.get(user)
        except IndexUnavailableError:
            return None

    def _heard(self, asked: Asked, now: float) -> Listener:
        known = self._sessions.listener(asked.user, now) or Listener(0, (), ())
        session = known.session or int(self._rng.integers(1, 2**63))
        return Listener(session, known.before, (*known.plays, Play(asked.track, asked.time)))

    async def _choose(self, asked: Asked, listener: Listener, decision: Decision) -> Choice:
        recommender = self.shelf.recommenders[decision.recommender]
        candidates = await self.candidates(asked.user) if recommender.needs_list else None
        request = TrackRequest(
            asked.user, Play(asked.track, asked.time), listener.plays, listener.before, candidates
        )
        choice = recommender.next_track(request)
        if choice is None:  # every recommender but Random may have nothing to offer
            choice = self.shelf.last_resort.next_track(request)._replace(fallback=True)
        return choice

    def _record(
        self,
        message: str,
        asked: Asked,
        now: datetime,
        listener: Listener,
        treatments: dict[str, Treatment],
        decision: Decision | None = None,
        choice: Choice | None = None,
    ) -> None:
        event = Event(
            message,
            int(now.timestamp() * 1000),
            asked.user,
            asked.track,
            asked.time,
            0.0,
            None,
            treatments,
            request=asked.request,
            session=f"{listener.session:016x}",
            index_version=self.shelf.version,
        )
        if decision is not None and choice is not None:
            event.recommendation, event.recommender = choice.track, choice.recommender
            event.propensity, event.fallback = choice.propensity, choice.fallback
            event.experiment, event.treatment = decision.experiment, decision.treatment
        event.latency = self._clock.monotonic() - asked.arrived
        self._log.append(event)
