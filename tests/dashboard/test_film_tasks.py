"""Jobs about films, asked for through the queue as the page does."""

from __future__ import annotations

import hashlib
import http.server
import threading
import time

import pytest

from recsys_core.movies.loaders.demo import load_demo_movies
from recsys_core.movies.study_store import load_measurements
from recsys_dashboard.jobs.queue import JobQueue

SHORT = {"components": [2, 5], "queries": 5}


@pytest.fixture
def queue(data_root):
    queue = JobQueue()
    yield queue
    queue.close()


def finished(queue, job):
    deadline = time.monotonic() + 120
    while (shot := queue.snapshot(job)).live:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return shot


def steps(shot):
    return [(event["done"], event["total"]) for event in shot.events if event["kind"] == "progress"]


def test_a_catalogue_is_measured_step_by_step_and_the_figures_are_kept(queue, data_root):
    shot = finished(queue, queue.submit("pca", {"films": {"name": "demo"}, "options": SHORT}, "tab"))
    assert (shot.state, shot.error) == ("done", "")
    assert steps(shot) == [(2, 5), (3, 5), (4, 5), (5, 5)]
    fingerprint = load_demo_movies().fingerprint
    assert shot.events[-1] == {"kind": "finished", "fingerprint": fingerprint}
    assert load_measurements(data_root / "film_studies", fingerprint).study.table["components"].tolist() == [
        2,
        5,
    ]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"films": {"name": "movielens"}}, "not on this computer"),
        ({"films": {"name": "demo"}, "options": {"components": [10**6]}}, "components"),
    ],
)
def test_what_cannot_be_measured_says_why_and_keeps_nothing(queue, data_root, payload, words):
    shot = finished(queue, queue.submit("pca", payload, "tab"))
    assert shot.state == "failed"
    assert words in shot.error
    assert not (data_root / "film_studies").exists()


def test_a_stopped_measurement_keeps_nothing(queue, data_root):
    job = queue.submit("pca", {"films": {"name": "demo"}, "options": {"queries": 400}}, "tab")
    while queue.snapshot(job).state == "queued":
        time.sleep(0.01)
    asked = time.monotonic()
    queue.cancel(job, "tab")
    assert finished(queue, job).state == "cancelled"
    assert time.monotonic() - asked < 2
    assert not list((data_root / "film_studies").glob("*.json"))


class OneFile(http.server.BaseHTTPRequestHandler):
    content = b"PK\x03\x04" + bytes(200_000)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), OneFile) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/films.zip"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("honest", [True, False])
def test_movielens_lands_whole_or_not_at_all(queue, data_root, server, honest):
    sha256 = hashlib.sha256(OneFile.content if honest else b"something else").hexdigest()
    shot = finished(queue, queue.submit("movielens", {"source": {"url": server, "sha256": sha256}}, "tab"))
    assert shot.state == ("done" if honest else "failed")
    assert steps(shot) == sorted(steps(shot))
    assert steps(shot)
    assert [path.stat().st_size for path in (data_root / "downloads").rglob("*.zip")] == (
        [len(OneFile.content)] if honest else []
    )
