"""Lists in a real Redis: never waited for, never trusted, uploaded whole, gone back to."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest

from recsys_core.errors import DataError
from recsys_online.catalogue import Catalogue, Track
from recsys_online.index import IndexUnavailableError, read_current
from recsys_online.redis_index import RedisIndex, RedisLists, connect
from recsys_online.redis_upload import check_redis, serve_lists_again, upload, upload_lists
from recsys_online.releasing import release, release_again, roll_back
from recsys_online.settings import ServiceSettings
from tests.online.conftest import manifest, small_publication

KNOWN = set(range(100, 130))


def reading(client) -> tuple[RedisLists, RedisIndex]:
    lists = RedisLists(client, time.monotonic)
    return lists, RedisIndex(lists, KNOWN.__contains__)


async def answers(index: RedisIndex, user: int) -> object:
    try:
        return (await index.get(user)).tracks
    except IndexUnavailableError:
        return "down"


def test_redis_going_away_costs_one_short_wait_and_then_nobody_asks_for_a_while(redis_server):
    publication = small_publication()

    async def story():
        now, tried = 0.0, 0
        client = connect(redis_server.url)
        await upload(client, publication, "v1")
        lists = RedisLists(client, lambda: now)
        index = RedisIndex(lists, KNOWN.__contains__)
        assert await answers(index, 1) == publication.lists[1].tolist()
        redis_server.stop()
        read = lists._read

        async def counted(users):
            nonlocal tried
            tried += 1
            return await read(users)

        lists._read = counted
        assert [await answers(index, 1) for _ in range(1000)].count("down") == 1000
        assert tried == 1
        redis_server.start()
        await upload(client, publication, "v1")
        assert await answers(index, 1) == "down"
        now = 1.0  # the pause is over
        assert await answers(index, 1) == publication.lists[1].tolist()
        await lists.close()

    asyncio.run(story())


def test_an_emptied_redis_has_no_lists_and_breaks_nothing(redis_server):
    async def story():
        lists, index = reading(connect(redis_server.url))
        assert await index.get(1) == (None, "")
        await lists.close()

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
        lists, index = reading(client)
        found = await index.get(5)
        await lists.close()
        return found

    assert asyncio.run(story()) == (expected, "v1")


def test_a_value_of_another_type_is_no_list(redis_server):
    async def story():
        client = connect(redis_server.url)
        await client.set("recs:current", "v1")
        await client.lpush("recs:v1:5", "a", "b")
        lists, index = reading(client)
        found = await answers(index, 5)
        await lists.close()
        return found

    assert asyncio.run(story()) in (None, "down")


def test_whatever_goes_wrong_those_who_wait_are_told():
    class Odd:
        async def get(self, _name):
            raise UnicodeDecodeError("utf-8", b"", 0, 1, "an error nobody thought of")

    async def story():
        _, index = reading(Odd())
        return await asyncio.wait_for(answers(index, 1), 10)

    assert asyncio.run(story()) == "down"


def test_two_catalogues_side_by_side_each_get_tracks_they_know(redis_server):
    """A request that began before a new version came is answered by what it began with."""
    old, new = (Catalogue([Track(one, "a", "b") for one in ids]) for ids in ((100, 101), (101, 102)))

    async def story():
        client = connect(redis_server.url)
        await client.set("recs:current", "v1")
        await client.set("recs:v1:5", np.array([100, 101, 102], "<i4").tobytes())
        lists = RedisLists(client, time.monotonic)
        before = RedisIndex(lists, old.__contains__)
        waiting = asyncio.create_task(before.get(5))
        after = RedisIndex(lists, new.__contains__)
        found = await waiting, await after.get(5)
        await lists.close()
        return [one.tracks for one in found]

    assert asyncio.run(story()) == [[100, 101], [101, 102]]


@pytest.mark.parametrize("url", ["http://localhost", "foo", ""])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(DataError, match="REFRAIN_REDIS_URL"):
        connect(url)


# ---- uploads -------------------------------------------------------------------------------------


async def seen(url: str) -> tuple[bytes, set[bytes]]:
    """The pointer, and the versions that have lists."""
    client = connect(url)
    keys = [key async for key in client.scan_iter(match="recs:v*")]
    current = await client.get("recs:current")
    await client.aclose()
    return current, {key.split(b":")[1] for key in keys}


def test_old_versions_leave_redis_and_the_one_before_stays(redis_server):
    for version in ("v1", "v2", "v3"):
        upload_lists(redis_server.url, small_publication(), version)
    assert asyncio.run(seen(redis_server.url)) == (b"v3", {b"v2", b"v3"})


def test_going_back_to_lists_that_are_gone_uploads_them(redis_server):
    for version in ("v1", "v2", "v3"):
        upload_lists(redis_server.url, small_publication(), version)
    serve_lists_again(redis_server.url, small_publication(), "v2")
    assert asyncio.run(seen(redis_server.url)) == (b"v2", {b"v2", b"v3"})
    serve_lists_again(redis_server.url, small_publication(), "v1")
    assert asyncio.run(seen(redis_server.url)) == (b"v1", {b"v1", b"v2"})


def test_publishing_and_rolling_back_move_the_folder_and_redis_together(redis_server, tmp_path):
    settings = ServiceSettings(home=tmp_path, plan=tmp_path, redis_url=redis_server.url)
    for version in ("v1", "v2"):
        publication = small_publication()
        release(settings, publication, manifest(version, publication))
    assert (read_current(settings.index_dir), asyncio.run(seen(redis_server.url))[0]) == ("v2", b"v2")
    assert roll_back(settings).version == "v1"
    assert (read_current(settings.index_dir), asyncio.run(seen(redis_server.url))[0]) == ("v1", b"v1")
    release_again(settings, "v2")
    assert (read_current(settings.index_dir), asyncio.run(seen(redis_server.url))[0]) == ("v2", b"v2")


def test_a_redis_that_does_not_answer_leaves_everything_as_it_was(redis_server, tmp_path):
    settings = ServiceSettings(home=tmp_path, plan=tmp_path, redis_url=redis_server.url)
    publication = small_publication()
    for version in ("v1", "v2"):
        release(settings, publication, manifest(version, publication))
    redis_server.stop()
    with pytest.raises(DataError, match="REFRAIN_REDIS_URL"):
        release(settings, publication, manifest("v3", publication))
    with pytest.raises(DataError, match="REFRAIN_REDIS_URL"):
        roll_back(settings)
    with pytest.raises(DataError, match="REFRAIN_REDIS_URL"):
        check_redis(redis_server.url)
    assert read_current(settings.index_dir) == "v2"
    assert not (settings.index_dir / "v3").exists()
