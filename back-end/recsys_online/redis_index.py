"""The index in Redis: raw int32 lists by version, a pointer flipped last, no waiting when it is down."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import numpy as np
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from recsys_core.errors import DataError
from recsys_online.index.protocol import IndexUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recsys_online.index.versions import Publication

CURRENT = "recs:current"
TIMEOUT = 0.2  # seconds for connecting and for an answer
PAUSE = 1.0  # seconds the breaker stays open after a failure
LONGEST = 4096  # bytes of a list that is believed
AT_ONCE = 1000  # commands in one pipeline, keys in one MGET


def connect(url: str) -> Redis:
    """Return a client that neither retries nor waits: the breaker decides when to ask again.

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
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            health_check_interval=0,
            max_connections=16,
        )
    except ValueError as error:
        raise DataError(f"REFRAIN_REDIS_URL is not an address of Redis: {error}.") from None


class RedisIndex:
    """Lists read from Redis; requests that wait at the same time share one MGET.

    Parameters
    ----------
    client
        From :func:`connect`.
    clock
        Seconds by a clock that never jumps.

    Attributes
    ----------
    known
        Tells whether a track id may be played: contents are validated, never trusted.
    """

    def __init__(self, client: Redis, clock: Callable[[], float]) -> None:
        self._client, self._clock = client, clock
        self.known: Callable[[int], bool] = lambda _track: False
        self._waiting: dict[int, asyncio.Future[bytes | None]] = {}
        self._flush: asyncio.Task[None] | None = None
        self._closed_until = 0.0
        self._version, self._version_read = "", -PAUSE

    @property
    def version(self) -> str:
        """Name of the version last seen in Redis."""
        return self._version

    async def get(self, user: int) -> Sequence[int] | None:
        """Return the user's list, None if there is none.

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
        return self._checked(await asyncio.shield(future))

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _ask(self) -> None:
        """Answer everybody who waits; who comes meanwhile is answered in the next round."""
        while self._waiting:
            batch, self._waiting = self._waiting, {}
            try:
                values = await self._read(list(batch))
            except (RedisError, OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                self._closed_until = self._clock() + PAUSE
                _settle(batch, error=IndexUnavailableError(f"Redis does not answer: {type(error).__name__}."))
            else:
                _settle(batch, values)

    async def _read(self, users: list[int]) -> list[Any]:
        if self._clock() - self._version_read >= PAUSE:
            pointer = await self._client.get(CURRENT)
            self._version = _text(pointer)
            self._version_read = self._clock()
        if not self._version:
            return [None] * len(users)
        found: list[Any] = []
        for start in range(0, len(users), AT_ONCE):
            keys = [_key(self._version, user) for user in users[start : start + AT_ONCE]]
            found += await self._client.mget(keys)
        return found

    def _checked(self, value: bytes | None) -> list[int] | None:
        if not isinstance(value, bytes) or not value or len(value) > LONGEST or len(value) % 4:
            return None
        tracks = dict.fromkeys(np.frombuffer(value, "<i4").tolist())
        return [track for track in tracks if self.known(track)] or None


async def check(client: Redis) -> None:
    """Return if the server answers, else raise DataError."""
    try:
        await client.ping()
    except (RedisError, OSError, TimeoutError) as error:
        fix = "Start it, or leave its address out."
        raise DataError(f"Redis does not answer: {error}.", fix=fix) from None


async def upload(client: Redis, publication: Publication, version: str) -> int:
    """Write all lists under ``version``, then flip the pointer, and return how many there are.

    The version before stays for going back; older ones are removed.

    Raises
    ------
    DataError
        If Redis does not take them; the current version stays as it was.
    """
    try:
        before = _text(await client.get(CURRENT))
        users, lists = publication.users.tolist(), publication.lists
        for start in range(0, len(users), AT_ONCE):
            pipe = client.pipeline(transaction=False)
            for row in range(start, min(start + AT_ONCE, len(users))):
                pipe.set(_key(version, users[row]), _bytes(lists[row]))
            await pipe.execute()
        await client.set(CURRENT, version)
        await _forget_others(client, {version, before})
    except (RedisError, OSError, TimeoutError) as error:
        raise DataError(f"Redis did not take the lists: {error}.", fix="Check REFRAIN_REDIS_URL.") from None
    return len(users)


async def _forget_others(client: Redis, keep: set[str]) -> None:
    kept = tuple(_key(version, "").encode() for version in keep if version)
    doomed: list[bytes] = []
    async for key in client.scan_iter(match="recs:*:*", count=AT_ONCE):
        if not key.startswith(kept):
            doomed.append(key)
    for start in range(0, len(doomed), AT_ONCE):
        await client.unlink(*doomed[start : start + AT_ONCE])


def _bytes(tracks: np.ndarray) -> bytes:
    return np.asarray(tracks[tracks >= 0], "<i4").tobytes()


def _key(version: str, user: object) -> str:
    return f"recs:{version}:{user}"


def _text(pointer: object) -> str:
    return pointer.decode("ascii", "replace")[:100] if isinstance(pointer, bytes) else ""


def _settle(
    batch: dict[int, asyncio.Future[bytes | None]],
    values: Sequence[Any] = (),
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
