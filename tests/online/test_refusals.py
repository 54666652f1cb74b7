"""What the service refuses: with the right status, in one shape, and without a line in the log."""

from __future__ import annotations

import httpx
import pytest

from recsys_online.events import read_events
from recsys_online.events.verify import verify
from tests.online.conftest import post

DEEP = 20_000


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b'{"track": 5', 400, None),
        (b"", 400, None),
        (b"\xff\xfe", 400, None),
        (b'{"track": 5, "time": NaN}', 400, None),
        (b'{"track": 5, "time": Infinity}', 400, None),
        (b"[" * DEEP, 400, None),
        (b"[" * DEEP + b"]" * DEEP, 400, None),
        (b'{"track": ' + b"[" * DEEP + b"]" * DEEP + b', "time": 0.5}', 400, None),
        (b'{"track": "5"', 400, None),
        (b'\xef\xbb\xbf{"track": 5, "time": 0.5}', 400, None),
        (b'{"track": 5, "time": 0.5} {}', 400, None),
        (b'{"track": 5, "time": "\\ud800"}', 422, None),
        (b'{"track": "\\ud800", "time": 0.5}', 422, None),
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
        (b'{"track": %s, "time": 0.5}' % (b"9" * 10_000), 422, None),
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


def test_of_two_keys_of_one_name_the_last_counts(service):
    answer = post(service, "/next/13", b'{"track": 5, "time": 0.5, "track": 101, "time": 0.25}')
    assert answer.status_code == 200
    (event,) = (one for one in read_events(service.home / "logs") if one.user == 13)
    assert (event.track, event.time) == (101, 0.25)


BAD_USERS = ("abc", "-1", "1.5", "9223372036854775808", "１", "%00", "1" * 10_000, "", "%2e%2e%2fx", "..%2fx")


@pytest.mark.parametrize("user", BAD_USERS, ids=lambda user: user[:20] or "empty")
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

    answer = httpx.post(
        f"{service.url}/next/5", content=pieces(), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/next/5", "POST"),
        ("HEAD", "/next/5", "POST"),
        ("OPTIONS", "/next/5", "POST"),
        ("PUT", "/last/5", "POST"),
        ("POST", "/track/100", "GET, HEAD"),
        ("OPTIONS", "/ready", "GET, HEAD"),
    ],
)
def test_other_methods_are_refused_with_those_allowed(service, method, path, allowed):
    answer = httpx.request(method, service.url + path)
    assert answer.status_code == 405
    assert ", ".join(sorted(answer.headers["allow"].split(", "))) == allowed
    assert method == "HEAD" or answer.json()["error"]["code"] == "method_not_allowed"


def test_head_says_what_get_would_without_a_body(service):
    answer = httpx.head(f"{service.url}/track/103")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == len(httpx.get(f"{service.url}/track/103").content)


@pytest.mark.parametrize("path", ["/track/5", "/track/abc", "/track/-1", "/nothing", "/similar/5"])
def test_what_is_not_there_is_404(service, path):
    answer = httpx.get(service.url + path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("k", ["0", "-1", "101", "ten", "1.5", "", "１"])
def test_an_unreasonable_k_is_refused(service, k):
    answer = httpx.get(f"{service.url}/recommendations/1", params={"k": k})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "k")
