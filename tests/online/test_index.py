"""The index: one exam for the folder and for a real Redis; versions whole or not at all; damage named."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys_core.errors import DataError
from recsys_online.index import EmbeddedIndex, RecommendationIndex, read_current
from recsys_online.index.versions import (
    Publication,
    earlier_version,
    make_current,
    publish,
    read_publication,
    versions,
)
from recsys_online.redis_index import RedisIndex, RedisLists, connect
from recsys_online.redis_upload import upload
from tests.online.conftest import RedisServer, manifest, small_publication

KNOWN = set(range(100, 130))


def published_index(root: Path, publication: Publication, version: str) -> EmbeddedIndex:
    publish(root, publication, manifest(version, publication))
    return EmbeddedIndex(read_publication(root, version), version)


@asynccontextmanager
async def embedded(
    publication: Publication, tmp_path: Path, _redis: RedisServer
) -> AsyncIterator[RecommendationIndex]:
    yield published_index(tmp_path / "index", publication, "v1")


@asynccontextmanager
async def in_redis(
    publication: Publication, _path: Path, redis: RedisServer
) -> AsyncIterator[RecommendationIndex]:
    client = connect(redis.url)
    await upload(client, publication, "v1")
    lists = RedisLists(client, time.monotonic)
    yield RedisIndex(lists, KNOWN.__contains__)
    await lists.close()


@pytest.fixture(params=[embedded, in_redis], ids=["embedded", "redis"])
def opened(request, tmp_path, redis_server) -> Callable[[Publication], object]:
    return lambda publication: request.param(publication, tmp_path, redis_server)


# ---- the exam both take -----------------------------------------------------------------------


def test_everybody_gets_their_own_list_best_first(opened):
    publication = small_publication()

    async def ask():
        async with opened(publication) as index:
            return [await index.get(user) for user in range(20)]

    assert asyncio.run(ask()) == [(tracks, "v1") for tracks in publication.lists.tolist()]


def test_a_stranger_has_no_list(opened):
    async def ask():
        async with opened(small_publication()) as index:
            return await index.get(999), await index.get(2**62)

    assert asyncio.run(ask()) == ((None, "v1"), (None, "v1"))


def test_a_short_list_ends_where_it_ends(opened):
    publication = small_publication()
    publication.lists[3, 2:] = -1

    async def ask():
        async with opened(publication) as index:
            return (await index.get(3)).tracks

    assert asyncio.run(ask()) == publication.lists[3, :2].tolist()


def test_many_may_ask_at_once(opened):
    publication = small_publication()

    async def ask():
        async with opened(publication) as index:
            return await asyncio.gather(*(index.get(user % 25) for user in range(500)))

    expected = [*publication.lists.tolist(), *[None] * 5]
    assert [found.tracks for found in asyncio.run(ask())] == [expected[user % 25] for user in range(500)]


# ---- versions on disk -------------------------------------------------------------------------


def test_publishing_swaps_the_version_and_rolling_back_returns_to_the_one_before(tmp_path):
    one, two = small_publication(), small_publication(n_users=3)
    publish(tmp_path, one, manifest("v1", one))
    publish(tmp_path, two, manifest("v2", two))
    assert read_current(tmp_path) == "v2"
    assert [found.version for found in versions(tmp_path)] == ["v2", "v1"]
    assert earlier_version(tmp_path).version == "v1"
    make_current(tmp_path, "v1")
    assert read_current(tmp_path) == "v1"
    with pytest.raises(DataError, match="no earlier version"):
        earlier_version(tmp_path)


def test_a_reader_keeps_what_it_has_open(tmp_path):
    one = small_publication()
    before = published_index(tmp_path, one, "v1")
    after = published_index(tmp_path, small_publication(n_users=3), "v2")
    assert asyncio.run(before.get(19)) == (one.lists[19].tolist(), "v1")
    assert asyncio.run(after.get(19)) == (None, "v2")


def test_a_version_is_never_overwritten(tmp_path):
    one = small_publication()
    publish(tmp_path, one, manifest("v1", one))
    with pytest.raises(DataError, match="never overwritten"):
        publish(tmp_path, one, manifest("v1", one))


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"../evil", b"\x00" * 100, "v\u0661".encode()])
def test_where_no_version_is_named_there_is_none(tmp_path, content):
    if content is not None:
        (tmp_path / "CURRENT").write_bytes(content)
    assert read_current(tmp_path) == ""


def test_a_version_of_a_newer_format_is_refused_by_its_number(tmp_path):
    one = small_publication()
    publish(tmp_path, one, manifest("v1", one))
    path = tmp_path / "v1" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))
    with pytest.raises(DataError, match="format 2, newer than 1"):
        read_publication(tmp_path, "v1")


def test_what_numbers_stand_for_travels_with_the_version(tmp_path):
    named = replace(small_publication(n_users=2), user_ids=["ann", "böb"])
    publish(tmp_path, named, manifest("v1", named))
    lines = (tmp_path / "v1" / "user_ids.json").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [{"number": 0, "id": "ann"}, {"number": 1, "id": "böb"}]
    assert read_publication(tmp_path, "v1").user_ids == ["ann", "böb"]
    assert not (tmp_path / "v1" / "track_ids.json").exists()


def test_a_version_whose_handing_over_fails_is_not_there(tmp_path):
    one, two = small_publication(), small_publication(n_users=3)
    publish(tmp_path, one, manifest("v1", one))

    def fail() -> None:
        raise DataError("Redis does not answer.")

    with pytest.raises(DataError, match="Redis"):
        publish(tmp_path, two, manifest("v2", two), before_current=fail)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "v1"]
    assert read_current(tmp_path) == "v1"


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
        {"lists": np.full((3, 2), 777, np.int32)},
        {"lists": np.array([[100, -1, 101]] * 3, np.int32)},
        {"neighbours": np.full((30, 2), 99, np.int32)},
    ],
)
def test_what_does_not_fit_is_not_published(tmp_path, broken):
    one = small_publication(n_users=3)
    with pytest.raises(DataError):
        publish(tmp_path, replace(one, **broken), manifest("v1", one))
    assert read_current(tmp_path) == ""
