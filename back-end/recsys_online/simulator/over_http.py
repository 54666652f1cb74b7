"""Listeners that call a live service, many of them at a time."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from recsys_core.errors import SettingsError
from recsys_core.rng import check_seed
from recsys_online.simulator.drawing import sessions_to_come
from recsys_online.simulator.http_connection import Connection, ServiceError, parse_address
from recsys_online.simulator.summary import Arm, Summary, percentiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_online.simulator.listening import Listening
    from recsys_online.simulator.world import World

MOST_FAILURES = 20
"""So many sessions broken off one after another end the simulation."""
MEASURED = 100_000  # answers whose latency is kept


class Crowd(NamedTuple):
    """How many listen at a time, and the address of the service."""

    url: str
    listeners: int = 16


class Next(msgspec.Struct):
    """The service's answer."""

    track: int


ANSWER = msgspec.json.Decoder(Next)


def visit(
    world: World,
    crowd: Crowd,
    *,
    episodes: int,
    seed: int,
    on_progress: Callable[[int, int], None] = lambda _done, _of: None,
    should_stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.perf_counter,
) -> Summary:
    """Let ``episodes`` sessions happen at a live service and return what came of them.

    Who listens, to what first, and every coin depend on ``seed`` alone, each session having a generator of
    its own; what the service answers does not. Nobody has two sessions at a time: the service could not
    tell them apart.

    Parameters
    ----------
    on_progress
        Called as ``on_progress(done, of)`` after each session.
    should_stop
        Asked before each session begins; those going on are led to their end.

    Raises
    ------
    ServiceError
        If there is no service, its first session fails, or 20 sessions fail in a row.
    SettingsError
        If the address, ``episodes`` or the number of listeners makes no sense.
    """
    if episodes < 1 or not 1 <= crowd.listeners <= 10_000:
        raise SettingsError("At least one session, and 1 to 10,000 listeners at a time.")
    address, start = parse_address(crowd.url), clock()
    hall = _Hall(world, episodes, check_seed(seed), on_progress, should_stop, clock)

    async def all_listen() -> None:
        async with asyncio.TaskGroup() as group:
            # one more than there are listeners would never find somebody who is free
            for _ in range(min(crowd.listeners, episodes, len(world.listeners))):
                group.create_task(hall.listen(Connection(address)))

    try:
        with asyncio.Runner(loop_factory=_quick_loop()) as runner:
            runner.run(all_listen())
    except* ServiceError as errors:
        raise errors.exceptions[0] from None
    hall.summary.seconds = clock() - start
    hall.summary.latency = percentiles(hall.waited)
    return hall.summary


def _quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes uvloop's event loops; None, for the usual ones, where it is not there (Windows)."""
    try:
        import uvloop  # noqa: PLC0415  (only who visits a service needs it)
    except ImportError:
        return None
    return uvloop.new_event_loop


class _Hall:
    """Hands out sessions, and counts what came of them."""

    def __init__(
        self,
        world: World,
        episodes: int,
        seed: int,
        on_progress: Callable[[int, int], None],
        should_stop: Callable[[], bool],
        clock: Callable[[], float],
    ) -> None:
        self.world, self._clock = world, clock
        self._on_progress, self._should_stop = on_progress, should_stop
        self.summary = Summary(world.title, seed, episodes, [Arm("service")])
        self.waited: deque[float] = deque(maxlen=MEASURED)
        self._sessions = sessions_to_come(world, episodes, seed)
        self._busy: dict[int, deque[Listening]] = {}
        """Who is in a session, and the sessions they are to have after it."""
        self._failures = 0

    async def listen(self, connection: Connection) -> None:
        """Hold one session after another until there is none left for anybody who is free."""
        try:
            listening = self._of_somebody_free()
            while listening is not None and not self._should_stop():
                await self._hold(connection, listening)
                listening = self._after(listening.user)
        finally:
            connection.close()

    def _after(self, user: int) -> Listening | None:
        if waiting := self._busy[user]:
            return waiting.popleft()
        del self._busy[user]
        return self._of_somebody_free()

    def _of_somebody_free(self) -> Listening | None:
        for listening in self._sessions:
            waiting = self._busy.get(listening.user)
            if waiting is None:
                self._busy[listening.user] = deque()
                return listening
            waiting.append(listening)
        return None

    async def _hold(self, connection: Connection, listening: Listening) -> None:
        try:
            await self._session(connection, listening)
        except ServiceError as error:
            connection.close()
            self._failures += 1
            self.summary.failed += 1
            if self._failures >= MOST_FAILURES or not self.summary.sessions:
                raise ServiceError(str(error)) from None
        else:
            self._failures = 0
            self.summary.arms[0].add_one(len(listening.tracks), sum(listening.shares))
            self._on_progress(self.summary.sessions, self.summary.asked)

    async def _session(self, connection: Connection, listening: Listening) -> None:
        while not listening.over:
            track = _track(await self._said(connection, "next", listening))
            row = self.world.row.get(track)
            if row is None:
                raise ServiceError(f"The service answered track {track}, which is not in this world.")
            listening.hear(row)
        await self._said(connection, "last", listening)

    async def _said(self, connection: Connection, verb: str, listening: Listening) -> bytes:
        track, share = int(self.world.tracks[listening.tracks[-1]]), listening.shares[-1]
        start = self._clock()
        status, body = await connection.post(
            f"/{verb}/{listening.user}", f'{{"track":{track},"time":{share!r}}}'
        )
        self.waited.append(self._clock() - start)
        if status != 200:
            raise ServiceError(f"The service answered {status}: {_beginning(body)}")
        return body


def _track(body: bytes) -> int:
    try:
        return ANSWER.decode(body).track
    except msgspec.MsgspecError:
        raise ServiceError(
            f"The answer names no track: {_beginning(body)!r}. Is another program at this address?"
        ) from None


def _beginning(body: bytes) -> str:
    return body[:200].decode("utf-8", "replace")
