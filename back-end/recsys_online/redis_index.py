"""The index in Redis: raw int32 lists by version, read without waiting when it is down."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from recsys_core.errors import DataError
from recsys_online.index.protocol import Found, IndexUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CURRENT = "recs:current"
TIMEOUT = 0.2  # seconds for connecting and for an answer while a listener waits
PAUSE = 1.0  # seconds the breaker stays open after a failure
LONGEST = 4096  # bytes of a list that is believed
AT_ONCE = 1000  # commands in one pipeline, keys in one MGET
FAILURES = (RedisError, OSError, TimeoutError)


def connect(url: str, timeout: float = TIMEOUT) -> Redis:
    """Return a client that neither retries nor waits longer than ``timeout`` seconds.

    Raises
    ------
    DataError
        If ``url`` is not the address of a Redis server.
    """
    try:
        return Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            retry_on_error=[],
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            health_check_interval=0,
            max_connections=16,
        )
    except ValueError as error:
        raise DataError(f"REFRAIN_REDIS_URL is not an address of Redis: {error}.") from None


class Stored(NamedTuple):
    """What Redis holds for a user, whatever it is, and the version it was asked for."""

    value: Any
    version: str


class RedisLists:
    """A worker's only way to Redis; requests that wait at the same time share one MGET.

    Parameters
    ----------
    client
        From :func:`connect`.
    clock
        Seconds by a clock that never jumps.
    """

    def __init__(self, client: Redis, clock: Callable[[], float]) -> None:
        self._client, self._clock = client, clock
        self._waiting: dict[int, asyncio.Future[Stored]] = {}
        self._flush: asyncio.Task[None] | None = None
        self._closed_until = 0.0
        self._version, self._version_read = "", -PAUSE

    async def get(self, user: int) -> Stored:
        """Return what is stored for a user.

        Raises
        ------
        IndexUnavailableError
            If Redis does not answer, or did not within the last second.
        """
        if self._clock() < self._closed_until:
            raise IndexUnavailableError("Redis did not answer a moment ago.")
        future = self._waiting.get(user)
        if future is None:
            future = self._waiting[user] = asyncio.get_running_loop().create_future()
            if self._flush is None or self._flush.done():
                self._flush = asyncio.create_task(self._ask())
        return await asyncio.shield(future)

    async def problem(self) -> str:
        """Ask the server whether it is there; return what is wrong, '' if it answers."""
        try:
            await self._client.ping()
        except FAILURES as error:
            return f"Redis does not answer ({type(error).__name__}): lists are missing, fallbacks answer."
        return ""

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _ask(self) -> None:
        """Answer everybody who waits; who comes meanwhile is answered in the next round."""
        while self._waiting:
            batch, self._waiting = self._waiting, {}
            try:
                values = await self._read(list(batch))
            except Exception as error:
                self._closed_until = self._clock() + PAUSE
                _settle(batch, error=IndexUnavailableError(f"Redis does not answer: {type(error).__name__}."))
            else:
                _settle(batch, values)

    async def _read(self, users: list[int]) -> list[Stored]:
        if self._clock() - self._version_read >= PAUSE:
            pointer = await self._client.get(CURRENT)
            self._version = text_of(pointer)
            self._version_read = self._clock()
        version = self._version
        if not version:
            return [Stored(None, "")] * len(users)
        found: list[Stored] = []
        for start in range(0, len(users), AT_ONCE):
            keys = [key_of(version, user) for user in users[start : start + AT_ONCE]]
            found += [Stored(value, version) for value in await self._client.mget(keys)]
        return found


class RedisIndex:
    """The lists in Redis as one catalogue knows them: contents are validated, never trusted.

    Parameters
    ----------
    lists
        Shared by all catalogues that a worker serves one after the other.
    known
        Tells whether a track id may be played.
    """

    def __init__(self, lists: RedisLists, known: Callable[[int], bool]) -> None:
        self._lists, self._known = lists, known

    async def get(self, user: int) -> Found:
        """Return the user's list; raises IndexUnavailableError as :meth:`RedisLists.get` does."""
        value, version = await self._lists.get(user)
        return Found(self._checked(value), version)

    def _checked(self, value: object) -> list[int] | None:
        if not isinstance(value, bytes) or not value or len(value) > LONGEST or len(value) % 4:
            return None
        tracks = dict.fromkeys(np.frombuffer(value, "<i4").tolist())
        return [track for track in tracks if self._known(track)] or None


def key_of(version: str, user: object) -> str:
    """Return where the list of ``user`` is stored."""
    return f"recs:{version}:{user}"


def text_of(pointer: object) -> str:
    """Return the name of the version that a pointer's value names, '' for what is none."""
    return pointer.decode("ascii", "replace")[:100] if isinstance(pointer, bytes) else ""


def _settle(
    batch: dict[int, asyncio.Future[Stored]],
    values: Sequence[Stored] = (),
    *,
    error: IndexUnavailableError | None = None,
) -> None:
    for place, future in enumerate(batch.values()):
        if future.done():
            continue
        if error is None:
            future.set_result(values[place])
        else:
            future.set_exception(error)
