"""``refrain publish`` and ``refrain export``: lists of a run for the service and for other programs."""

from __future__ import annotations

import asyncio
import json
import shutil

import numpy as np
import pytest

from recsys_cli.main import run
from recsys_core.runs import RunStore
from recsys_online.index import read_current
from recsys_online.index.versions import read_manifest, read_publication
from recsys_online.redis_index import connect
from tests.online.conftest import redis_server

__all__ = ["redis_server"]

COLUMNS = ("--user-column", "Fan", "--item-column", "Tune", "--weight-column", "Times")


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFRAIN_HOME", str(folder))
        assert run(["compare", "--dataset", "demo", "--models", "svd", "--quiet"]) == 0
    return folder


@pytest.fixture
def trained(trained_once, home):
    shutil.copytree(trained_once, home)
    return home


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_published_run_is_the_current_version_and_is_told(refrain, trained):
    code, out, err = refrain("publish", "--k", 7, "--json", "-")
    assert (code, err) == (0, "")
    told = json.loads(out)
    (svd,) = (one.run_id for one in RunStore(trained / "runs").list() if one.model == "svd")
    assert (told["k"], told["n_users"], told["run_id"], told["simulated"]) == (7, 1500, svd, True)
    index = trained / "index"
    assert read_current(index) == told["version"]
    assert read_manifest(index, told["version"]).files == told["files"]
    assert read_publication(index, told["version"]).lists.shape == (1500, 7)


def test_export_writes_the_same_lists_best_first(refrain, trained, tmp_path):
    refrain("publish", "--k", 5)
    code, out, err = refrain("export", tmp_path / "lists.json", "--k", 5)
    assert (code, err) == (0, "")
    assert out == f"1,500 lists of up to 5 in {tmp_path / 'lists.json'}.\n"
    published = read_publication(trained / "index", read_current(trained / "index"))
    found = lines(tmp_path / "lists.json")
    assert [one["user"] for one in found] == published.users.tolist()
    assert [one["tracks"] for one in found] == published.lists.tolist()
    assert [path.name for path in tmp_path.glob("lists*")] == ["lists.json"]  # ids are the numbers


def test_lists_of_the_older_service_worst_first_are_turned_round(refrain, home, tmp_path):
    (tmp_path / "lists").write_text('{"user": 3, "tracks": [1, 2]}\n')
    (tmp_path / "tracks").write_text(
        "".join(f'{{"track": {one}, "artist": "a", "title": "t"}}\n' for one in (1, 2))
    )
    named = ("--lists", tmp_path / "lists", "--tracks", tmp_path / "tracks")
    assert refrain("publish", *named, "--best-last")[0] == 0
    published = read_publication(home / "index", read_current(home / "index"))
    assert (published.users.tolist(), published.lists.tolist()) == ([3], [[2, 1]])
    code, _, err = refrain("publish", *named[:2])
    assert (code, err) == (2, "refrain: --lists and --tracks belong together.\n")


def test_ids_that_are_no_numbers_are_not_lost(refrain, home, plays, tmp_path):
    assert refrain("compare", "--data", plays, *COLUMNS, "--models", "popularity", "--quiet")[0] == 0
    code, out, err = refrain("publish", "--data", plays, *COLUMNS, "--json", "-")
    assert code == 0
    folder = home / "index" / json.loads(out)["version"]
    assert err.count("track_ids.json") == 1
    assert "user_ids" not in err  # Fan is a number
    named = {one["number"]: one["id"] for one in lines(folder / "track_ids.json")}
    assert {one["track"]: one["title"] for one in lines(folder / "tracks.json")} == named
    code, _, err = refrain("export", tmp_path / "lists.json", "--data", plays, *COLUMNS)
    assert (code, err.count("lists.track_ids.json")) == (0, 1)
    assert lines(tmp_path / "lists.track_ids.json") == lines(folder / "track_ids.json")


def test_going_back_needs_an_earlier_version(refrain, trained):
    code, _, err = refrain("publish", "--rollback")
    assert (code, "no earlier version" in err) == (2, True)
    first = json.loads(refrain("publish", "--json", "-")[1])["version"]
    second = json.loads(refrain("publish", "--json", "-")[1])["version"]
    assert read_current(trained / "index") == second
    code, out, _ = refrain("publish", "--rollback")
    assert (code, first in out, read_current(trained / "index")) == (0, True, first)


def test_with_redis_lists_and_pointer_are_there_too_and_go_back(refrain, trained, redis_server, monkeypatch):
    monkeypatch.setenv("REFRAIN_REDIS_URL", redis_server.url)

    async def in_redis(user):
        client = connect(redis_server.url)
        current = (await client.get("recs:current")).decode()
        value = await client.get(f"recs:{current}:{user}")
        await client.aclose()
        return current, np.frombuffer(value, "<i4").tolist()

    told = [json.loads(refrain("publish", "--json", "-")[1])["version"] for _ in range(2)]
    published = read_publication(trained / "index", told[1])
    user = int(published.users[0])
    assert asyncio.run(in_redis(user)) == (told[1], published.lists[0].tolist())
    assert refrain("publish", "--rollback")[0] == 0
    assert asyncio.run(in_redis(user))[0] == read_current(trained / "index") == told[0]


def test_a_redis_that_is_down_leaves_what_was_served(refrain, trained, redis_server, monkeypatch):
    monkeypatch.setenv("REFRAIN_REDIS_URL", redis_server.url)
    before = json.loads(refrain("publish", "--json", "-")[1])["version"]
    redis_server.stop()
    code, _, err = refrain("publish")
    assert (code, "REFRAIN_REDIS_URL" in err) == (2, True)
    assert read_current(trained / "index") == before
