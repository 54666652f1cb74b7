"""The log on a real HDFS: uploaded once, whole, through both of its protocols, and after its death."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from recsys_online.analysis import Question, analyse
from recsys_online.events import EventWriter
from recsys_online.events.places import destination
from recsys_online.events.verify import verify
from recsys_online.shipping import sync_log
from tests.online.analysis.made_up import random_events, write_log
from tests.online.log_writer import event
from tests.scale.hdfs import Hdfs, java_is_here

pytestmark = pytest.mark.scale
ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "back-end")])}
SCRIPT = """
import sys
from pathlib import Path
from recsys_online.shipping import sync_log
print("go", flush=True)
sync_log(Path(sys.argv[1]), sys.argv[2], delete="--delete" in sys.argv)
"""
SYNC = (sys.executable, "-c", SCRIPT)


@pytest.fixture(scope="module")
def hdfs(tmp_path_factory) -> Iterator[Hdfs]:
    assert java_is_here(), "Java 17 and apt-get are needed for a real HDFS."
    server = Hdfs(tmp_path_factory.mktemp("hdfs"))
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    writer = EventWriter(tmp_path / "log", segment_bytes=20_000)
    for number in range(400):
        writer.append(event(number))
    writer.close()
    return tmp_path / "log"


def contents(url: str) -> dict[str, bytes]:
    files, root = destination(url)
    return {path.rpartition("/")[2]: files.cat_file(path) for path in files.ls(root, detail=False)}


def local(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.jsonl")}


def test_the_log_arrives_whole_and_once(hdfs, log):
    shipped = sync_log(log, f"{hdfs.url}/logs/native")
    assert verify(f"{hdfs.url}/logs/native") == verify(log)
    assert len(shipped) == len(local(log)) > 3
    assert contents(f"{hdfs.url}/logs/native") == local(log)
    assert sync_log(log, f"{hdfs.url}/logs/native") == []


def test_webhdfs_takes_it_too(hdfs, log):
    sync_log(log, f"{hdfs.web_url}/logs/web")
    assert contents(f"{hdfs.url}/logs/web") == local(log)
    assert verify(f"{hdfs.web_url}/logs/web") == verify(log)


def test_the_log_is_analysed_where_it_is(hdfs, tmp_path):
    write_log(tmp_path / "log", random_events(1))
    here = analyse(str(tmp_path / "log"), Question("PERSONALIZED"))
    for number, url in enumerate((hdfs.url, hdfs.web_url)):
        sync_log(tmp_path / "log", f"{url}/logs/analysed-{number}")
        there = analyse(f"{url}/logs/analysed-{number}", Question("PERSONALIZED"))
        assert (there.log, there.sessions) == (here.log, here.sessions)


def test_killed_uploads_leave_whole_segments_or_none(hdfs, log):
    url = f"{hdfs.url}/logs/killed"
    draw = random.Random(5)
    for _ in range(6):
        with subprocess.Popen([*SYNC, str(log), url], stdout=subprocess.PIPE, env=ENVIRONMENT) as process:
            process.stdout.readline()
            time.sleep(draw.uniform(0.05, 0.5))
            process.kill()
        files, root = destination(url)
        if files.exists(root):
            for name, content in contents(url).items():
                if name.endswith(".jsonl"):
                    assert content == (log / name).read_bytes()
    sync_log(log, url)
    assert contents(url) == local(log)  # what was left half written is gone


def test_while_it_is_down_nothing_is_lost_and_afterwards_everything_arrives(hdfs, log):
    url = f"{hdfs.url}/logs/down"
    hdfs.kill()
    before = local(log)
    command = [*SYNC, str(log), url, "--delete"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stdout.readline() == b"go\n"  # it has begun, however slow its start was
        with suppress(subprocess.TimeoutExpired):  # it tries for minutes
            assert process.wait(8) != 0
        process.kill()
    assert local(log) == before
    hdfs.start()
    sync_log(log, url, delete=True)
    assert contents(url) == before
    assert local(log) == {}
