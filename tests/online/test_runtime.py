"""What goes on beside the requests: a failure is told and outlived, and the log is sealed in the end."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from recsys_core.errors import SettingsError
from recsys_online.events import Event
from recsys_online.events.verify import verify
from recsys_online.experiments.plan import Plan
from recsys_online.index.protocol import Found
from recsys_online.next_track import Random
from recsys_online.runtime import Runtime, _repeat
from recsys_online.service import Asked, Clock, Service, Shelf
from recsys_online.sessions import SessionStore
from recsys_online.settings import ServiceSettings
from recsys_online.shelves import create_recommenders
from tests.online.conftest import ROOT, small_publication

PLAN = 'default = "indexed"\n'


def opened(home: Path) -> Runtime:
    plan = home / "plan.toml"
    plan.write_text(PLAN)
    clock = Clock(lambda: datetime.now(UTC), time.monotonic)
    return Runtime(ServiceSettings(home=home, plan=plan), clock, np.random.default_rng(0))


def asked(user: int, track: int = 129) -> Asked:
    return Asked(user, track, 0.5, "request", 0.0)


def test_work_that_fails_is_done_again_and_told_once(caplog):
    done = 0

    async def work() -> None:
        nonlocal done
        done += 1
        if done < 4:
            raise ValueError("the same")
        if done == 5:
            raise ValueError("another")

    async def story() -> None:
        task = asyncio.create_task(_repeat(0, work))
        while done < 8:
            await asyncio.sleep(0)
        task.cancel()

    asyncio.run(story())
    assert [str(one.exc_info[1]) for one in caplog.records] == ["the same", "another"]


def test_the_log_is_sealed_although_something_else_cannot_be_closed(published):
    class Broken:
        async def close(self) -> None:
            raise ConnectionError("gone")

    async def story() -> None:
        runtime = opened(published)
        await runtime.service.next(asked(1))
        runtime._redis = Broken()
        with pytest.raises(ConnectionError):
            await runtime.close()

    asyncio.run(story())
    report = verify(published / "logs")
    assert (report.events, report.open_segments, report.whole) == (1, 0, True)


def test_a_start_that_fails_leaves_no_open_log(published):
    (published / "online").mkdir()
    (published / "online" / "sessions.bin").mkdir()

    async def story() -> None:
        with pytest.raises(SettingsError):
            opened(published)

    asyncio.run(story())
    assert not (published / "logs").exists()


def test_a_new_version_while_a_request_waits_for_its_list_mixes_nothing(tmp_path):
    """The request began with the old catalogue: it is answered and logged by that one."""
    gate = asyncio.Event()

    class Slow:
        async def get(self, _user: int) -> Found:
            await gate.wait()
            return Found([101, 102], "old")

    def shelf(version: str, seed: int, index: object) -> Shelf:
        catalogue = small_publication(n_tracks=30 if seed else 10, seed=seed).catalogue()
        rng = np.random.default_rng(seed)
        return Shelf(catalogue, index, create_recommenders(catalogue, rng), Random(catalogue, rng), version)

    async def story() -> tuple[bool, str]:
        log: list[Event] = []
        sessions = SessionStore(tmp_path / "sessions.bin")
        clock = Clock(lambda: datetime.now(UTC), time.monotonic)
        service = Service(
            shelf("old", 1, Slow()), Plan("session"), sessions, log, clock, np.random.default_rng()
        )
        waiting = asyncio.create_task(service.next(asked(1, 120)))
        await asyncio.sleep(0)
        service.shelf = shelf("new", 0, Slow())  # ten tracks: 120 is none of them
        gate.set()
        choice = await waiting
        assert choice.track in range(100, 130)
        return choice.fallback, log[0].index_version

    assert asyncio.run(story()) == (False, "old")  # 120 was a track when the request began


# ---- inside the dashboard -----------------------------------------------------------------------

WITHOUT = """
import sys
sys.modules["fcntl"] = None  # as on Windows
sys.path[:0] = [{root!r}, {root!r} + "/back-end"]
from starlette.applications import Starlette
from starlette.testclient import TestClient
from recsys_dashboard.online import MountedService
service = MountedService()
app = Starlette(routes=[service.route()])
service.open()
answer = TestClient(app).get("/api/ready")
print(answer.status_code, answer.text)
"""


def test_where_the_log_cannot_be_kept_the_dashboard_mounts_a_refusal():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(root=str(ROOT))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    status, _, body = done.stdout.partition(" ")
    assert (status, "Windows" in json.loads(body)["error"]["message"]) == ("503", True)
