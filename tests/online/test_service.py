"""The service as a process: who decides, what the log says of it, what it says of itself, how it lives."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import signal
from pathlib import Path

import httpx
import pytest

from recsys_online.events import read_events
from recsys_online.events.verify import verify
from recsys_online.index.versions import publish
from recsys_online.redis_index import connect
from recsys_online.releasing import release
from recsys_online.settings import ServiceSettings
from tests.online.conftest import (
    RedisServer,
    ServiceProcess,
    manifest,
    post,
    running_service,
    small_publication,
    wait_until,
)
from tests.online.test_trouble import workers

TRACKS = range(100, 130)


def test_personalized_decides_and_the_log_says_so(service):
    for user, arm, recommender in ((0, "C", "random"), (1, "T1", "indexed")):
        answer = post(service, f"/next/{user}", {"track": 129, "time": 0.5}).json()
        (event,) = [one for one in read_events(service.home / "logs") if one.user == user]
        assert (event.experiment, event.treatment, event.recommender) == ("PERSONALIZED", arm, recommender)
        assert event.recommendation == answer["track"]
        assert event.experiments["PERSONALIZED"] == arm
        assert (event.fallback, event.index_version) == (False, "v1")
    assert event.propensity == 1.0
    assert answer["track"] == 101  # the first of user 1's list


def test_an_indexed_session_walks_the_list_and_repeats_nothing(service):
    track, heard = 120, []
    for _ in range(5):
        track = post(service, "/next/2", {"track": track, "time": 0.5}).json()["track"]
        heard.append(track)
    assert heard == [102, 103, 104, 105, 106]
    beyond = post(service, "/next/2", {"track": track, "time": 0.5}).json()["track"]
    assert beyond in TRACKS
    *_, event = (one for one in read_events(service.home / "logs") if one.user == 2)
    assert (event.recommender, event.fallback) == ("random", True)


def test_a_stranger_and_an_unknown_track_still_get_a_track_and_the_log_flags_it(service):
    for user, track in ((123456789, 999999), (8, 999999), (9, 999999), (123456788, 100)):
        answer = post(service, f"/next/{user}", {"track": track, "time": 0.5})
        assert answer.json()["track"] in TRACKS
        (event,) = (one for one in read_events(service.home / "logs") if one.user == user)
        flagged = track == 999999 or event.treatment == "T1"
        assert (event.recommendation, event.fallback) == (answer.json()["track"], flagged)


def test_tracks_lists_and_neighbours(service):
    known = httpx.get(f"{service.url}/track/103").json()
    assert known == {"track": 103, "artist": "artist 3", "title": "song 3"}
    found = httpx.get(f"{service.url}/recommendations/4?k=2").json()
    assert found == {"user": 4, "tracks": [104, 105], "version": "v1"}
    assert httpx.get(f"{service.url}/recommendations/9999").json()["tracks"] == []
    assert len(httpx.get(f"{service.url}/similar/103?k=3").json()["tracks"]) == 3


def test_it_says_how_it_is(service):
    assert httpx.get(service.url).json()["status"] == "alive"
    assert httpx.get(f"{service.url}/health").json() == {"status": "ok"}
    ready = httpx.get(f"{service.url}/ready").json()
    assert (ready["status"], ready["version"], ready["warnings"]) == ("ready", "v1", [])
    post(service, "/next/11", {"track": 100, "time": 0.5})
    page = httpx.get(f"{service.url}/metrics").text
    assert re.search(r"refrain_log_records [1-9]", page)
    assert re.search(r'refrain_next_total\{[^}]*recommender="[a-z]+"[^}]*\} [1-9]', page)


def test_the_openapi_document_names_every_route(service):
    document = httpx.get(f"{service.url}/schema/openapi.json").json()
    assert {"/next/{user}", "/last/{user}", "/track/{track}", "/similar/{track}"} <= document["paths"].keys()
    refs = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert refs <= document["components"]["schemas"].keys()


# ---- life and death -----------------------------------------------------------------------------


def ready(service: ServiceProcess) -> dict[str, object]:
    return httpx.get(f"{service.url}/ready").json()


def publish_small(home: Path, version: str, **parts: object) -> None:
    publication = small_publication(**parts)
    publish(home / "index", publication, manifest(version, publication))


def test_it_starts_before_anything_is_published_and_serves_what_then_comes(tmp_path):
    with running_service(tmp_path) as service:
        answer = service.wait_ready(status=503)
        assert "refrain publish" in answer.json()["error"]["message"]
        assert post(service, "/next/1", {"track": 100, "time": 0.5}).status_code == 503
        publish_small(tmp_path, "v1")
        service.wait_ready()
        assert post(service, "/next/1", {"track": 100, "time": 0.5}).json()["track"] == 101
        publish_small(tmp_path, "v2", n_users=2)
        wait_until(lambda: ready(service)["version"] == "v2")
        found = httpx.get(f"{service.url}/recommendations/4").json()
        assert found == {"user": 4, "tracks": [], "version": "v2"}


def test_a_damaged_version_is_told_but_the_one_before_serves_on(published):
    with running_service(published) as service:
        service.wait_ready()
        publish_small(published, "v2")
        (published / "index" / "v2" / "lists.npy").write_bytes(b"broken")
        wait_until(lambda: ready(service).get("warnings"))
        assert ready(service)["version"] == "v1"
        assert "lists.npy" in ready(service)["warnings"][0]
        assert post(service, "/next/1", {"track": 129, "time": 0.5}).json()["track"] == 101
        publish_small(published, "v3")
        wait_until(lambda: ready(service)["version"] == "v3")
        assert ready(service)["warnings"] == []
        service.end()
    assert [one.index_version for one in read_events(published / "logs")] == ["v1"]
    assert service.errors.read_text().count("cannot be served") == 1  # read once, not twice a second


def test_a_pointer_that_is_no_text_stops_nothing(published):
    current = published / "index" / "CURRENT"
    with running_service(published) as service:
        service.wait_ready()
        current.write_bytes(b"\xff\xfe\xff")
        assert post(service, "/next/1", {"track": 129, "time": 0.5}).json()["track"] == 101
        publish_small(published, "v2")
        wait_until(lambda: ready(service)["version"] == "v2")
        service.end()
    assert verify(published / "logs").open_segments == 0


def test_sigterm_seals_the_log_within_ten_seconds_and_leaves_nothing(published, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with running_service(published, TMPDIR=str(temporary)) as service:
        service.wait_ready()
        for user in range(20):
            post(service, f"/next/{user}", {"track": 100, "time": 0.5})
        assert list(temporary.iterdir())
        assert service.end() < 10
        assert service.process.returncode == 0
    assert not list(temporary.iterdir())
    report = verify(published / "logs")
    assert (report.events, report.open_segments, report.whole) == (20, 0, True)


async def until_it_ends(service: ServiceProcess) -> list[str]:
    """Ask from eight clients, end the service after 200 answers; return the requests answered with 200."""
    answered: list[str] = []

    async def client(name: int) -> None:
        async with httpx.AsyncClient(base_url=service.url, timeout=20) as http:
            for number in itertools.count():
                request, body = f"{name}-{number}", {"track": 100 + number % 30, "time": 0.5}
                try:
                    answer = await http.post(f"/next/{name}", json=body, headers={"x-request-id": request})
                except httpx.HTTPError:
                    return  # it takes no more
                assert answer.status_code == 200
                answered.append(request)
                if len(answered) == 200:
                    service.process.terminate()

    await asyncio.gather(*(client(name) for name in range(8)))
    return answered


@pytest.mark.parametrize("number", [1, 2])
def test_sigterm_under_load_answers_what_is_in_flight_and_logs_it(published, number):
    with running_service(published, workers=number) as service:
        service.wait_ready()
        answered = asyncio.run(until_it_ends(service))
        service.process.wait(15)
        assert service.process.returncode == 0
    logged = [one.request for one in read_events(published / "logs")]
    assert len(answered) >= 200
    assert sorted(logged) == sorted(answered)
    report = verify(published / "logs")
    assert (report.open_segments, report.whole) == (0, True)


def test_counts_are_those_of_all_workers_and_a_dead_one_has_no_waiting_events(published):
    with running_service(published, workers=2) as service:
        service.wait_ready()
        for user in range(12):
            post(service, f"/next/{user}", {"track": 100, "time": 0.5})

        def page() -> str:
            return httpx.get(f"{service.url}/metrics").text

        wait_until(lambda: "refrain_log_records 12.0" in page())  # whoever answers, within a second
        first, *_ = before = workers(service)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: first not in workers(service) and len(workers(service)) == len(before))
        assert "refrain_log_records 12.0" in page()
        assert "refrain_log_dropped 0.0" in page()


# ---- with Redis ---------------------------------------------------------------------------------


def test_answers_name_the_version_that_their_list_came_from(redis_server, tmp_path):
    settings = ServiceSettings(home=tmp_path, plan=tmp_path, redis_url=redis_server.url)
    publication = small_publication()
    release(settings, publication, manifest("v1", publication))

    async def elsewhere() -> None:
        """Another machine publishes v2: here Redis has it before the folder does."""
        client = connect(redis_server.url)
        await client.set("recs:v2:1", publication.lists[9].astype("<i4").tobytes())
        await client.set("recs:current", "v2")
        await client.aclose()

    with running_service(tmp_path, REFRAIN_REDIS_URL=redis_server.url) as service:
        service.wait_ready()
        assert post(service, "/next/1", {"track": 100, "time": 0.5}).json()["track"] == 101
        asyncio.run(elsewhere())
        address = f"{service.url}/recommendations/1"
        wait_until(lambda: httpx.get(address).json()["version"] == "v2")
        assert httpx.get(address).json()["tracks"] == publication.lists[9].tolist()
        assert post(service, "/next/1", {"track": 101, "time": 0.5}).json()["track"] == 109
        service.end()
    assert [one.index_version for one in read_events(tmp_path / "logs")] == ["v1", "v2"]


@pytest.mark.parametrize("address", ["redis://:wrong@127.0.0.1:{port}/0", "redis://127.0.0.1:{port}/99"])
def test_a_redis_that_lets_nobody_in_is_told_and_listeners_get_tracks(published, tmp_path, address):
    server = RedisServer(tmp_path, "--requirepass", "right")
    server.start()
    try:
        with running_service(published, REFRAIN_REDIS_URL=address.format(port=server.port)) as service:
            service.wait_ready()
            assert "Redis does not answer" in ready(service)["warnings"][0]
            assert post(service, "/next/1", {"track": 100, "time": 0.5}).status_code == 200
            service.end()
    finally:
        server.stop()
    (event,) = read_events(published / "logs")
    assert (event.recommender, event.fallback, event.index_version) == ("random", True, "v1")
    assert "wrong" not in service.errors.read_text()
