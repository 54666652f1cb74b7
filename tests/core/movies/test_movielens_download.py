"""MovieLens comes through the project's one way of downloading: checked first, all or nothing."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from recsys_core.errors import DownloadError
from recsys_core.movies.choice import MovieChoice, load_movies
from recsys_core.movies.loaders.movielens_download import (
    MOVIELENS_ARCHIVE,
    MOVIELENS_SHA256,
    MOVIELENS_URL,
    download_movielens,
)


def archive():
    """A small zip in the layout of GroupLens: one folder, as downloaded."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        packed.writestr("ml-latest-small/movies.csv", "movieId,title,genres\n1,Heat (1995),Crime\n")
        packed.writestr("ml-latest-small/ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,5\n")
    return body.getvalue()


ARCHIVE = archive()


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-length", str(len(ARCHIVE)))
        self.end_headers()
        self.wfile.write(ARCHIVE)

    def log_message(self, *_):
        pass


@pytest.fixture
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/archive.zip"
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_was_downloaded_is_found_and_loads(tmp_path, address):
    seen = []
    got = download_movielens(
        tmp_path / "downloads",
        url=address,
        sha256=hashlib.sha256(ARCHIVE).hexdigest(),
        on_progress=lambda done, total: seen.append((done, total)),
    )
    assert got.name == MOVIELENS_ARCHIVE
    assert seen[-1] == (len(ARCHIVE), len(ARCHIVE))
    movies = load_movies(MovieChoice("movielens"), data_root=tmp_path)
    assert movies.frame["title"].tolist() == ["Heat"]


def test_any_other_archive_is_refused_and_leaves_nothing(tmp_path, address):
    with pytest.raises(DownloadError, match="checksum differs"):
        download_movielens(tmp_path / "downloads", url=address)
    assert list(tmp_path.iterdir()) == []


def test_the_archive_is_that_of_grouplens():
    assert MOVIELENS_URL.rpartition("/") == (
        "https://files.grouplens.org/datasets/movielens",
        "/",
        MOVIELENS_ARCHIVE,
    )
    assert len(bytes.fromhex(MOVIELENS_SHA256)) == 32
