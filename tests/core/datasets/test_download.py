"""The download is all or nothing, tried against a real server that misbehaves in every way we know."""

from __future__ import annotations

import hashlib
import io
import socket
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from recsys_core.datasets import download_lastfm, find_lastfm, load_lastfm
from recsys_core.datasets.download import ARCHIVE_NAME, OFFICIAL_SHA256, OFFICIAL_URL
from recsys_core.errors import CancelledError, DownloadError


def archive():
    """A small zip in the official layout, padded with noise so that it takes several chunks."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        packed.writestr("user_artists.dat", "userID\tartistID\tweight\n2\t51\t10\n")
        packed.writestr("artists.dat", "id\tname\turl\tpictureURL\n51\tDuran Duran\t\t\n")
        packed.writestr("noise.bin", np.random.default_rng(0).bytes(100_000))
    return body.getvalue()


ARCHIVE = archive()
SHA256 = hashlib.sha256(ARCHIVE).hexdigest()


class Misbehaving(BaseHTTPRequestHandler):
    """Each path is a way to fail; ``/good`` is none."""

    def do_GET(self):
        getattr(self, "answer_" + self.path.strip("/"))()

    def send(self, body, *, claimed=None, status=200):
        self.send_response(status)
        if claimed != "untold":
            self.send_header("Content-Length", str(claimed or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_good(self):
        self.send(ARCHIVE)

    def answer_untold(self):
        self.send(ARCHIVE, claimed="untold")

    def answer_absent(self):
        self.send(b"gone", status=404)

    def answer_broken(self):
        self.send(b"oops", status=503)

    def answer_page(self):
        self.send(b"<!DOCTYPE html><title>Please log in</title>")

    def answer_other(self):
        self.send(ARCHIVE[:-1] + b"!")

    def answer_truncated(self):
        self.send(ARCHIVE[:40_000], claimed=len(ARCHIVE))

    def answer_silent(self):
        self.send(ARCHIVE[:40_000], claimed=len(ARCHIVE))
        self.server.released.wait(20)

    def answer_circle(self):
        self.send_response(302)
        self.send_header("Location", "/circle")
        self.end_headers()

    def log_message(self, *_):
        """Keep the test output quiet."""


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving) as running:
        running.released = threading.Event()
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.released.set()
        running.shutdown()
        thread.join()


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_official_address_and_checksum():
    assert OFFICIAL_URL == "https://files.grouplens.org/datasets/hetrec2011/hetrec2011-lastfm-2k.zip"
    assert len(OFFICIAL_SHA256) == 64


def test_a_good_server(server, tmp_path):
    seen = []
    folder = tmp_path / "downloads"
    path = download_lastfm(
        folder, url=f"{server}/good", sha256=SHA256, on_progress=lambda *now: seen.append(now)
    )
    assert path == folder / ARCHIVE_NAME
    assert contents(folder) == {ARCHIVE_NAME: ARCHIVE}
    assert [total for _, total in seen] == [len(ARCHIVE)] * len(seen)
    done = [done for done, _ in seen]
    assert done == sorted(done)
    assert done[-1] == len(ARCHIVE)
    assert len(set(done)) > 3
    assert load_lastfm(find_lastfm([folder])).names.tolist() == ["Duran Duran"]


def test_a_server_that_does_not_tell_the_size(server, tmp_path):
    seen = []
    download_lastfm(
        tmp_path, url=f"{server}/untold", sha256=SHA256, on_progress=lambda *now: seen.append(now)
    )
    assert {total for _, total in seen} == {None}


def test_what_is_there_is_not_fetched_again(tmp_path):
    (tmp_path / ARCHIVE_NAME).write_bytes(ARCHIVE)
    assert download_lastfm(tmp_path, url="http://127.0.0.1:9/", sha256=SHA256) == tmp_path / ARCHIVE_NAME


def test_a_damaged_copy_is_replaced(server, tmp_path):
    (tmp_path / ARCHIVE_NAME).write_bytes(ARCHIVE[:1000])
    download_lastfm(tmp_path, url=f"{server}/good", sha256=SHA256)
    assert contents(tmp_path) == {ARCHIVE_NAME: ARCHIVE}


FAILURES = {
    "absent": "the server answered 404 Not Found",
    "broken": "the server answered 503 Service Unavailable",
    "page": "it sent 43 bytes that are no zip archive, perhaps a web page",
    "other": "its checksum differs",
    "truncated": "the connection broke before the end",
    "circle": "the address cannot be used",
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_says_what_to_do_and_leaves_everything_as_it_was(server, tmp_path, failure):
    (tmp_path / ARCHIVE_NAME).write_bytes(b"an older copy")
    (tmp_path / "mine.txt").write_bytes(b"mine")
    before = contents(tmp_path)
    with pytest.raises(DownloadError, match=FAILURES[failure]) as caught:
        download_lastfm(tmp_path, url=f"{server}/{failure}", sha256=SHA256)
    assert f"put it into {tmp_path}, or set REFRAIN_DATA" in str(caught.value)
    assert contents(tmp_path) == before
    assert {path.name for path in tmp_path.iterdir()} == set(before)


def test_a_failure_does_not_even_leave_a_new_folder(server, tmp_path):
    with pytest.raises(DownloadError):
        download_lastfm(tmp_path / "data" / "downloads", url=f"{server}/absent", sha256=SHA256)
    assert not (tmp_path / "data" / "downloads").exists()


def test_a_silent_server_is_given_up(server, tmp_path):
    begin = time.monotonic()
    with pytest.raises(DownloadError, match=r"fell silent|cannot be reached"):
        download_lastfm(tmp_path, url=f"{server}/silent", sha256=SHA256, timeout=0.3)
    assert time.monotonic() - begin < 5
    assert not contents(tmp_path)


def test_an_unreachable_port(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(DownloadError, match="the server cannot be reached"):
        download_lastfm(tmp_path, url=f"http://127.0.0.1:{port}/", sha256=SHA256)


@pytest.mark.parametrize("url", ["no address", "file:///etc/passwd", "gopher://x/"])
def test_an_address_that_is_none(tmp_path, url):
    with pytest.raises(DownloadError, match="could not be downloaded"):
        download_lastfm(tmp_path, url=url, sha256=SHA256)


def test_an_answer_without_end_is_cut(server, tmp_path, monkeypatch):
    monkeypatch.setattr("recsys_core.datasets.download.MAX_BYTES", 50_000)
    with pytest.raises(DownloadError, match="it sent more than"):
        download_lastfm(tmp_path, url=f"{server}/good", sha256=SHA256)
    assert not contents(tmp_path)


def test_stopping_leaves_nothing(server, tmp_path):
    calls = []

    def stop():
        calls.append(1)
        return len(calls) > 2

    with pytest.raises(CancelledError, match="nothing was stored"):
        download_lastfm(tmp_path, url=f"{server}/good", sha256=SHA256, should_stop=stop)
    assert len(calls) == 3
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DownloadError, match="could not be downloaded"):
        download_lastfm(tmp_path / "file" / "downloads", url="http://127.0.0.1:9/", sha256=SHA256)
