"""Bytes on the wire: the older service's client word for word, and clients that break the rules of HTTP."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from flask import Flask
from flask_restful.representations.json import output_json

from recsys_online.events import read_events
from recsys_online.events.verify import verify
from tests.online.conftest import post

# as the older simulator's library (requests 2.26) sends it
CLIENT = (
    "POST /{route}/{user} HTTP/1.1\r\n"
    "Host: 127.0.0.1:{port}\r\n"
    "User-Agent: python-requests/2.26.0\r\n"
    "Accept-Encoding: gzip, deflate\r\n"
    "Accept: */*\r\n"
    "Connection: keep-alive\r\n"
    "Content-Length: {length}\r\n"
    "Content-Type: application/json\r\n"
    "\r\n"
    "{body}"
)
HEAD = "POST /next/5 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
BODY = '{"track": 105, "time": 0.5}'


@contextmanager
def connected(service) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", service.port), 20) as connection:
        yield connection


def answer_to(connection: socket.socket, sent: str | bytes) -> tuple[int, bytes]:
    """Send bytes; return status and body of one answer, (0, b"") if the connection was closed."""
    connection.sendall(sent.encode() if isinstance(sent, str) else sent)
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return 0, received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", 0)):
        body += connection.recv(65536)
    return int(head.split()[1]), body


def as_the_older_service(body: dict[str, object]) -> bytes:
    """The bytes of an answer as the older service's own library writes them."""
    with Flask("older").app_context():
        return output_json(body, 200).data


def asked(service, route: str, user: int, track: int, share: float) -> str:
    body = json.dumps({"track": track, "time": share})
    return CLIENT.format(route=route, user=user, port=service.port, length=len(body), body=body)


# ---- the older service's protocol ---------------------------------------------------------------


def test_a_whole_session_of_the_older_protocol_byte_for_byte(service):
    """First track with share 1, each answer played next, the end said with /last, one kept connection."""
    track, chain = 105, []
    with connected(service) as connection:
        for share in (1.0, 0.3, 0.0, 0.62):
            status, body = answer_to(connection, asked(service, "next", 7, track, share))
            chosen = json.loads(body)["track"]
            assert (status, body) == (200, as_the_older_service({"user": 7, "track": chosen}))
            chain.append((track, share, chosen))
            track = chosen
        status, body = answer_to(connection, asked(service, "last", 7, track, 0.1))
        assert (status, body) == (200, as_the_older_service({"user": 7}))
    mine = [one for one in read_events(service.home / "logs") if one.user == 7]
    assert [(one.track, one.time, one.recommendation) for one in mine] == [*chain, (track, 0.1, None)]
    assert [one.message for one in mine] == ["next"] * 4 + ["last"]
    assert len({one.session for one in mine}) == 1
    assert [one.seq for one in mine] == sorted(one.seq for one in mine)


def test_a_track_is_described_byte_for_byte(service):
    answer = httpx.get(f"{service.url}/track/103")
    assert answer.headers["content-type"] == "application/json"
    known = {"track": 103, "artist": "artist 3", "title": "song 3"}
    assert answer.content == as_the_older_service(known)


# ---- clients that break the rules ---------------------------------------------------------------

UNFINISHED = {
    "headers, and nothing more": HEAD + f"Content-Length: {len(BODY)}\r\n\r\n",
    "half a body": HEAD + f"Content-Length: {len(BODY)}\r\n\r\n" + BODY[:9],
    "a length larger than the body": HEAD + f"Content-Length: {len(BODY) + 1}\r\n\r\n" + BODY,
    "chunks without an end": HEAD + f"Transfer-Encoding: chunked\r\n\r\n{len(BODY):x}\r\n{BODY}\r\n",
}


def test_a_body_that_does_not_arrive_is_given_up_while_others_are_served(service):
    before = verify(service.home / "logs").events
    with ThreadPoolExecutor(len(UNFINISHED)) as threads:

        def stall(sent: str) -> tuple[int, bytes, float]:
            with connected(service) as connection:
                start = time.monotonic()
                return *answer_to(connection, sent), time.monotonic() - start

        waiting = [threads.submit(stall, sent) for sent in UNFINISHED.values()]
        assert post(service, "/next/14", BODY).status_code == 200
        for status, body, seconds in (one.result(60) for one in waiting):
            assert status == 408
            assert json.loads(body)["error"]["code"] == "too_slow"
            assert seconds > 4
    assert verify(service.home / "logs").events == before + 1


def test_two_hundred_slow_connections_keep_nobody_else_out(service):
    with ExitStack() as held:
        for _ in range(200):
            held.enter_context(connected(service)).sendall(HEAD.encode())  # headers that never end
        assert post(service, "/next/15", BODY).status_code == 200


BROKEN = {
    "two lengths": HEAD + f"Content-Length: {len(BODY)}\r\nContent-Length: 5\r\n\r\n{BODY}",
    "a length that is no number": HEAD + f"Content-Length: ten\r\n\r\n{BODY}",
    "a negative length": HEAD + f"Content-Length: -1\r\n\r\n{BODY}",
    "a length and chunks": HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk that is no number": HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "a bare line feed in a header": HEAD
    + f"X-Request-Id: a\n b\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}",
    "a carriage return in a header": HEAD
    + f"X-Request-Id: a\rb\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}",
    "words": "give me a track\r\n\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 and so on\r\n\r\n",
    "noise": bytes(range(128, 256)) * 20 + b"\r\n\r\n",
}


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_http_is_refused_and_the_process_lives(service, sent):
    before = verify(service.home / "logs").events
    with connected(service) as connection:
        status, _ = answer_to(connection, sent)
    assert status in (0, 400)  # 0: hung up on
    assert httpx.get(f"{service.url}/health").status_code == 200
    assert verify(service.home / "logs").events == before


def test_what_follows_a_body_harms_nobody(service):
    with connected(service) as connection:
        short = HEAD + f"Content-Length: {len(BODY)}\r\n\r\n{BODY}" + " and more\r\n\r\n"
        assert answer_to(connection, short)[0] in (200, 400)
    assert httpx.get(f"{service.url}/health").status_code == 200


def test_a_request_id_cannot_add_a_line_to_the_log(service):
    """JSON keeps quotes and backslashes apart; line ends do not pass HTTP at all."""
    name = '"}\\n{"message": "next'
    assert post(service, "/next/16", BODY, **{"x-request-id": name}).status_code == 200
    (event,) = (one for one in read_events(service.home / "logs") if one.user == 16)
    assert event.request == name
    assert verify(service.home / "logs").whole
