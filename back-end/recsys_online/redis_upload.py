"""Lists to Redis: pipelined under their version, a pointer flipped last, the version before kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from recsys_core.errors import DataError
from recsys_online.redis_index import AT_ONCE, CURRENT, FAILURES, connect, key_of, text_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from redis.asyncio import Redis

    from recsys_online.index.publication import Publication

PATIENCE = 10.0  # seconds: nobody listens while lists are published
Answer = TypeVar("Answer")


def upload_lists(url: str, publication: Publication, version: str) -> None:
    """Write all lists under ``version``, then flip the pointer; the version before stays for going back.

    Raises
    ------
    DataError
        If Redis does not take them; the current version stays as it was.
    """
    _asked(url, lambda client: upload(client, publication, version))


def serve_lists_again(url: str, publication: Publication, version: str) -> None:
    """Flip the pointer to a version from before, uploading it anew where its lists are gone."""
    _asked(url, lambda client: serve_again(client, publication, version))


def check_redis(url: str) -> None:
    """Return if a Redis server answers at ``url``; raises DataError if not, before hours of work."""

    async def check(client: Redis) -> None:
        await client.ping()

    _asked(url, check)


async def upload(client: Redis, publication: Publication, version: str) -> None:
    """Write all lists under ``version``, flip the pointer, remove what is older than the version before."""
    before = text_of(await client.get(CURRENT))
    lists = publication.lists
    for start, users in _batches(publication):
        pipe = client.pipeline(transaction=False)
        for row, user in enumerate(users, start):
            pipe.set(key_of(version, user), _bytes(lists[row]))
        await pipe.execute()
    await client.set(CURRENT, version)
    await _forget_others(client, {version, before})


async def serve_again(client: Redis, publication: Publication, version: str) -> None:
    """Flip the pointer to ``version`` if all its lists are there, else upload them."""
    there = 0
    for _, users in _batches(publication):
        there += await client.exists(*(key_of(version, user) for user in users))
    if there == len(publication.users):
        await client.set(CURRENT, version)
    else:
        await upload(client, publication, version)


def _asked(url: str, ask: Callable[[Redis], Awaitable[Answer]]) -> Answer:
    async def run() -> Answer:
        client = connect(url, PATIENCE)
        try:
            return await ask(client)
        finally:
            await client.aclose()

    try:
        return asyncio.run(run())
    except FAILURES as error:
        said = str(error).rstrip(".")
        raise DataError(f"Redis does not answer: {said}.", fix="Check REFRAIN_REDIS_URL.") from None


def _batches(publication: Publication) -> Iterator[tuple[int, list[int]]]:
    users = publication.users.tolist()
    for start in range(0, len(users), AT_ONCE):
        yield start, users[start : start + AT_ONCE]


async def _forget_others(client: Redis, keep: set[str]) -> None:
    kept = tuple(key_of(version, "").encode() for version in keep if version)
    doomed: list[bytes] = []
    async for key in client.scan_iter(match="recs:*:*", count=AT_ONCE):
        if not key.startswith(kept):
            doomed.append(key)
    for start in range(0, len(doomed), AT_ONCE):
        await client.unlink(*doomed[start : start + AT_ONCE])


def _bytes(tracks: np.ndarray) -> bytes:
    return np.asarray(tracks[tracks >= 0], "<i4").tobytes()
