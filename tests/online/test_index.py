"""The index: one exam for the folder and for a real Redis; versions whole or not at all; damage named."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from recsys_core.errors import DataError
from recsys_online.index import EmbeddedIndex, IndexUnavailableError, RecommendationIndex, read_current
from recsys_online.index.versions import (
    Publication,
    make_current,
    publish,
    read_publication,
    roll_back,
    versions,
)
from recsys_online.redis_index import RedisIndex, connect, upload
from tests.online.conftest import RedisServer, manifest, small_publication

KNOWN = set(range(100, 130))


@asynccontextmanager
async def embedded(
    publication: Publication, tmp_path: Path, _redis: RedisServer
) -> AsyncIterator[RecommendationIndex]:
    publish(tmp_path / "index", publication, manifest("v1", publication))
    yield EmbeddedIndex.open(tmp_path / "index")


@asynccontextmanager
async def in_redis(
    publication: Publication, _path: Path, redis: RedisServer
) -> AsyncIterator[RecommendationIndex]:
    client = connect(redis.url)
    await upload(client, publication, "v1")
    index = RedisIndex(client, time.monotonic)
    index.known = KNOWN.__contains__
    yield index
    await index.close()


@pytest.fixture(params=[embedded, in_redis], ids=["embedded", "redis"])
def opened(request, tmp_path, redis_server) -> Callable[[Publication], object]:
    return lambda publication: request.param(publication, tmp_path, redis_server)


# ---- the exam both take -----------------------------------------------------------------------


def test_everybody_gets_their_own_list_best_first(opened):
    publication = small_publication()

    async def ask():
        async with opened(publication) as index:
            return [await index.get(user) for user in range(20)], index.version

    lists, version = asyncio.run(ask())
    assert lists == publication.lists.tolist()
    assert version == "v1"


def test_a_stranger_has_no_list(opened):
    async def ask():
        async with opened(small_publication()) as index:
            return await index.get(999), await index.get(2**62)

    assert asyncio.run(ask()) == (None, None)


def test_a_short_list_ends_where_it_ends(opened):
    publication = small_publication()
    publication.lists[3, 2:] = -1

    async def ask():
        async with opened(publication) as index:
            return await index.get(3)

    assert asyncio.run(ask()) == publication.lists[3, :2].tolist()


def test_many_may_ask_at_once(opened):
    publication = small_publication()

    async def ask():
        async with opened(publication) as index:
            return await asyncio.gather(*(index.get(user % 25) for user in range(500)))

    expected = [*publication.lists.tolist(), *[None] * 5]
    assert asyncio.run(ask()) == [expected[user % 25] for user in range(500)]


# ---- versions on disk -------------------------------------------------------------------------


def test_publishing_swaps_the_version_and_rolling_back_returns_to_the_one_before(tmp_path):
    one, two = small_publication(), small_publication(n_users=3)
    publish(tmp_path, one, manifest("v1", one))
    publish(tmp_path, two, manifest("v2", two))
    assert read_current(tmp_path) == "v2"
    assert [found.version for found in versions(tmp_path)] == ["v2", "v1"]
    assert roll_back(tmp_path).version == "v1"
    assert read_current(tmp_path) == "v1"
    with pytest.raises(DataError, match="no earlier version"):
        roll_back(tmp_path)


def test_a_reader_keeps_what_it_has_open(tmp_path):
    one, two = small_publication(), small_publication(n_users=3)
    publish(tmp_path, one, manifest("v1", one))
    index = EmbeddedIndex.open(tmp_path)
    publish(tmp_path, two, manifest("v2", two))
    assert asyncio.run(index.get(19)) == one.lists[19].tolist()
    assert asyncio.run(EmbeddedIndex.open(tmp_path).get(19)) is None


def test_a_version_is_never_overwritten(tmp_path):
    one = small_publication()
    publish(tmp_path, one, manifest("v1", one))
    with pytest.raises(DataError, match="never overwritten"):
        publish(tmp_path, one, manifest("v1", one))


def test_nothing_published_is_an_empty_index(tmp_path):
    index = EmbeddedIndex.open(tmp_path)
    assert (index.version, asyncio.run(index.get(1))) == ("", None)


@pytest.mark.parametrize("name", ["users.npy", "lists.npy", "top.npy", "tracks.json", "embeddings.npy"])
def test_a_changed_or_cut_file_is_named(tmp_path, name):
    one = small_publication()
    publish(tmp_path, one, manifest("v1", one))
    path = tmp_path / "v1" / name
    whole = path.read_bytes()
    for broken in (whole[:-1], whole[: len(whole) // 2], b"", whole[:-1] + bytes([whole[-1] ^ 1])):
        path.write_bytes(broken)
        with pytest.raises(DataError, match=name):
            read_publication(tmp_path, "v1")
    path.unlink()
    with pytest.raises(DataError, match=name):
        read_publication(tmp_path, "v1")


def test_a_version_cannot_lie_outside_the_folder(tmp_path):
    for name in ("../evil", "/etc", "a/b", ""):
        with pytest.raises(DataError):
            make_current(tmp_path, name)


@pytest.mark.parametrize(
    "broken",
    [
        {"users": np.array([3, 1, 2])},
        {"users": np.array([-1, 1, 2])},
        {"users": np.arange(4)},
        {"embeddings": np.zeros((2, 4), np.float32)},
    ],
)
def test_what_does_not_fit_is_not_published(tmp_path, broken):
    one = small_publication(n_users=3)
    parts = {name: getattr(one, name) for name in ("users", "lists", "tracks", "top", "embeddings")}
    with pytest.raises(DataError):
        publish(tmp_path, Publication(**{**parts, **broken}), manifest("v1", one))
    assert read_current(tmp_path) == ""


# ---- Redis in trouble ----------------------------------------------------------------------------


async def answers(index: RedisIndex, user: int) -> object:
    try:
        return await index.get(user)
    except IndexUnavailableError:
        return "down"


def test_redis_going_away_costs_one_short_wait_and_it_is_found_again_within_two_seconds(redis_server):
    publication = small_publication()

    async def story():
        client = connect(redis_server.url)
        await upload(client, publication, "v1")
        index = RedisIndex(client, time.monotonic)
        index.known = KNOWN.__contains__
        assert await index.get(1) == publication.lists[1].tolist()
        redis_server.stop()
        assert await answers(index, 1) == "down"
        start = time.monotonic()
        assert [await answers(index, 1) for _ in range(1000)].count("down") == 1000
        assert time.monotonic() - start < 1.5  # no connection was tried but after the pause
        redis_server.start()
        back = connect(redis_server.url)
        await upload(back, publication, "v1")
        await back.aclose()
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline and await answers(index, 1) == "down":
            await asyncio.sleep(0.05)
        assert await index.get(1) == publication.lists[1].tolist()
        await index.close()

    asyncio.run(story())


def test_an_emptied_redis_has_no_lists_and_breaks_nothing(redis_server):
    async def story():
        client = connect(redis_server.url)
        index = RedisIndex(client, time.monotonic)
        assert await index.get(1) is None
        await index.close()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", None),
        (b"abc", None),
        (b"x" * 5000, None),
        (np.array([100, 100, 101], "<i4").tobytes(), [100, 101]),
        (np.array([100, 7, -5], "<i4").tobytes(), [100]),
        (np.array([7], "<i4").tobytes(), None),
    ],
)
def test_what_redis_holds_is_checked_and_never_trusted(redis_server, value, expected):
    async def story():
        client = connect(redis_server.url)
        await client.set("recs:current", "v1")
        await client.set("recs:v1:5", value)
        index = RedisIndex(client, time.monotonic)
        index.known = KNOWN.__contains__
        found = await index.get(5)
        await index.close()
        return found

    assert asyncio.run(story()) == expected


def test_a_value_of_another_type_is_no_list(redis_server):
    async def story():
        client = connect(redis_server.url)
        await client.set("recs:current", "v1")
        await client.lpush("recs:v1:5", "a", "b")
        index = RedisIndex(client, time.monotonic)
        found = await answers(index, 5)
        await index.close()
        return found

    assert asyncio.run(story()) in (None, "down")


def test_old_versions_leave_redis_and_the_one_before_stays(redis_server):
    async def story():
        client = connect(redis_server.url)
        for version in ("v1", "v2", "v3"):
            await upload(client, small_publication(), version)
        keys = [key async for key in client.scan_iter(match="recs:v*")]
        current = await client.get("recs:current")
        await client.aclose()
        return {key.split(b":")[1] for key in keys}, current

    kept, current = asyncio.run(story())
    assert kept == {b"v2", b"v3"}
    assert current == b"v3"


def test_an_address_that_is_none_is_refused():
    with pytest.raises(DataError, match="REFRAIN_REDIS_URL"):
        connect("http://localhost")
