"""The service as a process: the older protocol, refusals, deaths, a log that agrees with the client."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time

import httpx
import pytest

from recsys_online.events import read_events
from recsys_online.events.verify import verify
from recsys_online.index.versions import publish
from tests.online.conftest import manifest, running_service, small_publication

JSON = {"content-type": "application/json"}
TRACKS = range(100, 130)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    publication = small_publication()
    publish(home / "index", publication, manifest("v1", publication))
    with running_service(home) as process:
        process.wait_ready()
        yield process


def post(service, path: str, body: object, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return httpx.post(service.url + path, content=content, headers={**JSON, **headers}, timeout=10)


# ---- the older service's protocol ---------------------------------------------------------------


def test_a_whole_session_of_the_older_protocol(service):
    """First track with share 1, each answer played next, the end said with /last."""
    track, chain = 105, []
    for share in (1.0, 0.3, 0.0, 0.62):
        answer = post(service, "/next/7", {"track": track, "time": share})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert answer.json().keys() == {"user", "track"}
        assert answer.json()["user"] == 7
        chain.append((track, share, answer.json()["track"]))
        track = answer.json()["track"]
        assert track in TRACKS
    assert post(service, "/last/7", {"track": track, "time": 0.1}).json() == {"user": 7}
    mine = [one for one in read_events(service.home / "logs") if one.user == 7]
    assert [(one.track, one.time, one.recommendation) for one in mine] == [*chain, (track, 0.1, None)]
    assert [one.message for one in mine] == ["next"] * 4 + ["last"]
    assert len({one.session for one in mine}) == 1
    assert [one.seq for one in mine] == sorted(one.seq for one in mine)


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


def test_a_stranger_and_an_unknown_track_still_get_a_track(service):
    answer = post(service, "/next/123456789", {"track": 999999, "time": 0.5})
    assert answer.json()["track"] in TRACKS


def test_tracks_lists_and_neighbours(service):
    known = httpx.get(f"{service.url}/track/103").json()
    assert known == {"track": 103, "artist": "artist 3", "title": "song 3"}
    assert httpx.get(f"{service.url}/recommendations/4?k=2").json()["tracks"] == [104, 105]
    assert httpx.get(f"{service.url}/recommendations/9999").json()["tracks"] == []
    assert len(httpx.get(f"{service.url}/similar/103?k=3").json()["tracks"]) == 3


def test_it_says_how_it_is(service):
    assert httpx.get(service.url).json()["status"] == "alive"
    assert httpx.get(f"{service.url}/health").json() == {"status": "ok"}
    assert httpx.get(f"{service.url}/ready").json()["version"] == "v1"
    post(service, "/next/11", {"track": 100, "time": 0.5})
    page = httpx.get(f"{service.url}/metrics").text
    assert re.search(r'refrain_next_total\{[^}]*recommender="[a-z]+"[^}]*\} [1-9]', page)


def test_the_openapi_document_names_every_route(service):
    document = httpx.get(f"{service.url}/schema/openapi.json").json()
    assert {"/next/{user}", "/last/{user}", "/track/{track}", "/similar/{track}"} <= document["paths"].keys()
    refs = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert refs <= document["components"]["schemas"].keys()


# ---- refusals -----------------------------------------------------------------------------------

DEEP = b"[" * 60_000


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b'{"track": 5', 400, None),
        (b"", 400, None),
        (b"\xff\xfe", 400, None),
        (b'{"track": 5, "time": NaN}', 400, None),
        (b'{"track": 5, "time": Infinity}', 400, None),
        (DEEP, 422, None),
        (b"[]", 422, None),
        (b'"text"', 422, None),
        (b"null", 422, None),
        (b'{"time": 0.5}', 422, "track"),
        (b'{"track": 5}', 422, "time"),
        (b'{"track": 5, "time": 0.5, "more": 1}', 422, "more"),
        (b'{"track": 5, "time": -0.1}', 422, "time"),
        (b'{"track": 5, "time": 1.0001}', 422, "time"),
        (b'{"track": 5, "time": 1e400}', 422, None),
        (b'{"track": 5, "time": "0.5"}', 422, "time"),
        (b'{"track": "5", "time": 0.5}', 422, "track"),
        (b'{"track": -1, "time": 0.5}', 422, "track"),
        (b'{"track": 9223372036854775808, "time": 0.5}', 422, "track"),
        (b'{"track": 1.5, "time": 0.5}', 422, "track"),
        (b'{"track": true, "time": 0.5}', 422, "track"),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("route", ["next", "last"])
def test_bad_bodies_are_refused_in_one_shape_and_not_logged(service, route, body, status, field):
    before = verify(service.home / "logs").events
    answer = post(service, f"/{route}/5", body)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error.keys() == {"code", "message", "field"}
    assert error["message"].endswith(".")
    if field:
        assert error["field"] == field
    assert verify(service.home / "logs").events == before


@pytest.mark.parametrize("user", ["abc", "-1", "1.5", "9223372036854775808", "１", "%00", "1" * 10_000])
def test_what_is_no_user_id_has_no_address(service, user):
    answer = post(service, f"/next/{user}", {"track": 100, "time": 0.5})
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-encoding": "gzip"},
    ],
)
def test_other_kinds_of_body_are_refused(service, headers):
    assert post(service, "/next/5", {"track": 100, "time": 0.5}, **headers).status_code == 415


def test_an_oversized_body_is_refused_before_it_is_read(service):
    assert post(service, "/next/5", b"x" * 2_000_000).status_code == 413

    def pieces():
        for _ in range(40):
            yield b"x" * 4096

    answer = httpx.post(f"{service.url}/next/5", content=pieces(), headers=JSON)
    assert answer.status_code == 413


def test_other_methods_are_refused_with_those_allowed(service):
    answer = httpx.get(f"{service.url}/next/5")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert httpx.post(f"{service.url}/track/100").status_code == 405


@pytest.mark.parametrize("path", ["/track/5", "/track/abc", "/track/-1", "/nothing", "/similar/5"])
def test_what_is_not_there_is_404(service, path):
    answer = httpx.get(service.url + path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("k", ["0", "-1", "101", "ten", "1.5", "", "１"])
def test_an_unreasonable_k_is_refused(service, k):
    answer = httpx.get(f"{service.url}/recommendations/1", params={"k": k})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "k")


# ---- life and death -----------------------------------------------------------------------------


def test_it_starts_before_anything_is_published_and_serves_what_then_comes(tmp_path):
    with running_service(tmp_path) as service:
        answer = service.wait_ready(status=503)
        assert "refrain publish" in answer.json()["error"]["message"]
        assert post(service, "/next/1", {"track": 100, "time": 0.5}).status_code == 503
        publication = small_publication()
        publish(tmp_path / "index", publication, manifest("v1", publication))
        service.wait_ready(seconds=3)
        assert post(service, "/next/1", {"track": 100, "time": 0.5}).status_code == 200
        changed = small_publication(seed=5)
        changed.lists[:] = 129
        publish(tmp_path / "index", changed, manifest("v2", changed))
        deadline = time.monotonic() + 3
        while httpx.get(f"{service.url}/ready").json()["version"] != "v2":
            assert time.monotonic() < deadline
        assert post(service, "/next/4", {"track": 100, "time": 0.5}).status_code == 200


def test_a_damaged_version_is_not_served_and_the_old_one_goes_on(published):
    with running_service(published) as service:
        service.wait_ready()
        publication = small_publication()
        publish(published / "index", publication, manifest("v2", publication))
        (published / "index" / "v2" / "lists.npy").write_bytes(b"broken")
        time.sleep(1.2)
        assert post(service, "/next/1", {"track": 100, "time": 0.5}).status_code == 200


def test_sigterm_seals_the_log_within_ten_seconds(published):
    with running_service(published) as service:
        service.wait_ready()
        for user in range(20):
            post(service, f"/next/{user}", {"track": 100, "time": 0.5})
        assert service.end() < 10
    report = verify(published / "logs")
    assert (report.events, report.open_segments, report.whole) == (20, 0, True)


def test_a_taken_port_and_a_bad_setting_are_one_sentence(published):
    with running_service(published) as service:
        service.wait_ready()
        for words, variables in (
            (["--port", str(service.port)], {}),
            (["--port", "0"], {}),
            ([], {"REFRAIN_REDIS_URL": "http://x"}),
            ([], {"REFRAIN_LOG_MODE": "fast"}),
            ([], {"REFRAIN_EXPERIMENTS": "/nowhere.toml"}),
        ):
            environment = {**os.environ, "REFRAIN_HOME": str(published), **variables}
            command = [*service.process.args[:2], *words]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 2
            assert "Traceback" not in done.stderr
            assert done.stderr.strip()


def test_a_changed_experiment_keeps_the_service_from_starting(published, tmp_path):
    plan = tmp_path / "plan.toml"
    text = (
        'default = "random"\n[[arms]]\nrecommenders = { C = "random", T1 = "session" }\n[arms.experiment]\n'
    )
    plan.write_text(text + 'name = "x"\n')
    with running_service(published, REFRAIN_EXPERIMENTS=str(plan)) as service:
        service.wait_ready()
        command = service.process.args
    plan.write_text(text + 'name = "x"\nversion = 2\n')
    environment = {**os.environ, "REFRAIN_HOME": str(published), "REFRAIN_EXPERIMENTS": str(plan)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "x was defined differently" in done.stderr
