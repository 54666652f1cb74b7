"""Over HTTP: many at a time at a real service, nobody in two sessions at once, failures counted and named."""

from __future__ import annotations

import asyncio
import socketserver
import threading
from collections import defaultdict

import numpy as np
import pytest
from scipy.stats import kstest

from recsys_core.errors import SettingsError
from recsys_online.events.reading import read_events
from recsys_online.index.versions import Manifest, publish
from recsys_online.simulator import Crowd, Listeners, World, http_connection, visit
from recsys_online.simulator.drawing import AT_ONCE, COINS, sessions_to_come
from recsys_online.simulator.http_connection import Connection, ServiceError, parse_address
from tests.online.conftest import running_service
from tests.online.simulator.conftest import run, served
from tests.ports import free_port

EPISODES = 200


@pytest.fixture(scope="module")
def visited(world, publication, tmp_path_factory):
    """A service that 200 sessions were held at, sixteen at a time; its log."""
    home = tmp_path_factory.mktemp("home")
    n_users, k = publication.lists.shape
    card = Manifest(version="v1", created="v1", title="t", n_users=n_users, n_tracks=400, k=k)
    publish(home / "index", publication, card)
    done = []
    with running_service(home) as service:
        service.wait_ready()
        summary = visit(
            world,
            Crowd(service.url, 16),
            episodes=EPISODES,
            seed=3,
            on_progress=lambda *now: done.append(now),
        )
        service.end()
    return summary, done, list(read_events(home / "logs"))


def test_every_session_is_held_and_logged(visited):
    summary, done, events = visited
    assert summary.sessions == EPISODES
    assert done[-1] == (EPISODES, EPISODES)
    assert len(done) == EPISODES
    assert summary.failed == 0
    assert len(events) == summary.arms[0].tracks
    assert sum(one.time for one in events) == pytest.approx(summary.arms[0].time)
    assert 0 < summary.latency["p50"] <= summary.latency["p99"]


def test_nobody_is_in_two_sessions_at_once(visited):
    sessions = defaultdict(list)
    for one in visited[2]:
        sessions[one.session].append(one)
    assert len(sessions) == EPISODES
    for one in sessions.values():
        assert one[0].time == 1.0
        assert [event.message for event in one] == ["next"] * (len(one) - 1) + ["last"]
        assert [event.recommendation for event in one[:-1]] == [event.track for event in one[1:]]


def test_listeners_are_like_those_in_process(visited, world, publication):
    summary, _, _ = visited
    expected = run(world, served(publication, "random"), 4000)[0].arms[0]
    arm = summary.arms[0]
    assert abs(arm.tracks_per_session - expected.tracks_per_session) < 3 * arm.tracks_margin
    assert abs(arm.time_per_session - expected.time_per_session) < 3 * arm.time_margin


def test_stopping_leads_sessions_to_their_end(world, publication, tmp_path):
    with answering(b'{"user":0,"track":1001}') as url:
        summary = visit(world, Crowd(url, 4), episodes=1000, seed=0, should_stop=CountDown(10))
    assert 0 < summary.sessions < 30


def test_without_a_service_it_says_so(world):
    with pytest.raises(ServiceError, match=r"no service at 127\.0\.0\.1"):
        visit(world, Crowd(f"http://127.0.0.1:{free_port()}"), episodes=5, seed=0)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b'{"user":0,"track":7}', b"200 OK", "track 7, which is not in this world"),
        (b'{"error":"full"}', b"503 Service Unavailable", r"answered 503: .*full"),
    ],
)
def test_bad_answers_are_named(world, body, status, words):
    with answering(body, status) as url, pytest.raises(ServiceError, match=words):
        visit(world, Crowd(url, 2), episodes=50, seed=0)


@pytest.mark.parametrize("body", [b"hello", b'{"track":null}', b'{"user":0}', b"[]", b"\xff"])
def test_an_answer_that_names_no_track_is_shown(world, body):
    with answering(body) as url, pytest.raises(ServiceError, match=r"names no track.*another program"):
        visit(world, Crowd(url, 2), episodes=5, seed=0)


def test_a_service_that_does_not_answer_is_given_up(world, monkeypatch):
    monkeypatch.setattr(http_connection, "PATIENCE", 0.1)
    with answering(b"", pieces=0) as url, pytest.raises(ServiceError, match="No answer within"):
        visit(world, Crowd(url, 1), episodes=5, seed=0)


def test_an_answer_that_is_no_http_is_named(world):
    with answering(b"", b"hello") as url, pytest.raises(ServiceError, match="no HTTP answer"):
        visit(world, Crowd(url, 1), episodes=5, seed=0)


@pytest.mark.parametrize(
    "url", ["127.0.0.1:5001", "https://x", "http://", "http://a:b", "http://x/?a=b", "ftp://x"]
)
def test_senseless_addresses_are_refused(url):
    with pytest.raises(SettingsError, match="address of a service"):
        parse_address(url)


def test_a_body_in_pieces_is_put_together():
    with answering(b'{"track":1001}' * 2000, pieces=7) as url:

        async def ask() -> int:
            connection = Connection(parse_address(url + "/api/"))
            answers = [await connection.post("/next/1", "{}") for _ in range(3)]
            connection.close()
            return sum(len(answer.body) for answer in answers)

        assert asyncio.run(ask()) == 3 * 14 * 2000


def test_a_server_that_hangs_up_after_each_answer_is_called_again(world):
    head = b"200 OK\r\nConnection: close"
    with answering(b'{"user":0,"track":1001}', head) as url:
        summary = visit(world, Crowd(url, 4), episodes=20, seed=0)
    assert summary.sessions == 20
    assert summary.failed == 0


@pytest.mark.parametrize("at_a_time", [1, 3, 200])
def test_more_at_a_time_than_there_are_listeners(world, at_a_time):
    few = World("few", world.public, world.embeddings, Listeners(*(part[:3] for part in traits(world))))
    with answering(b'{"user":0,"track":1001}') as url:
        summary = visit(few, Crowd(url, at_a_time), episodes=100, seed=0)
    assert summary.sessions == 100


def test_the_same_seed_repeats_whatever_the_crowd(world):
    with answering(b'{"user":0,"track":1001}') as url:
        runs = [visit(world, Crowd(url, crowd), episodes=300, seed=seed).arms[0] for crowd, seed in
                ((1, 5), (16, 5), (16, 6))]  # fmt: skip
    lengths = [(one.tracks, one.tracks_squared, round(one.time, 6)) for one in runs]
    assert lengths[0] == lengths[1] != lengths[2]


def test_coins_are_each_session_s_own_and_do_not_run_out(world):
    drawn = [list(sessions_to_come(world, 2 * AT_ONCE, seed)) for seed in (1, 1, 2)]
    coins = [[[one.coins.random() for _ in range(3 * COINS)] for one in sessions] for sessions in drawn]
    assert coins[0] == coins[1]
    every = np.array(coins[0] + coins[2]).ravel()
    assert len(np.unique(every)) == len(every)
    assert kstest(every, "uniform").pvalue > 1e-4


def traits(world: World) -> tuple[np.ndarray, ...]:
    who = world.listeners
    return who.users, who.interests, who.bias, who.sharpness


class CountDown:
    """Says stop after so many questions."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


class answering:  # noqa: N801 (used as a context)
    """A server that gives every request the same answer, in so many pieces: with 0 it only listens."""

    def __init__(self, body: bytes, status: bytes = b"200 OK", pieces: int = 1) -> None:
        head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        answer = head + body if status != b"hello" else b"hello\r\n\r\n"

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                while self.request.recv(65536):
                    for part in np.array_split(np.frombuffer(answer, np.uint8), pieces) if pieces else ():
                        self.request.sendall(part.tobytes())
                    if b"Connection: close" in answer:
                        break

        socketserver.ThreadingTCPServer.daemon_threads = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __exit__(self, *_exception: object) -> None:
        self.server.shutdown()
        self.server.server_close()
