"""Small loops in the demo world: a few thousand sessions, seconds each."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys_online.loop import Loop, LoopRequest, LoopStore, open_world, run_loop
from recsys_online.simulator import World
from tests.online.simulator.conftest import real_botify

__all__ = ["real_botify"]

CREATED = "2026-01-10T12:00:00+00:00"
SMALL = {"logged": 6000, "sessions": 4000, "trials": 1, "epochs": 6}


@pytest.fixture(scope="session")
def demo_world() -> World:
    return open_world(LoopRequest(), Path("nowhere"))


def small_loop(folder: Path, name: str = "small", **changes) -> Loop:
    request = LoopRequest.from_dict({**SMALL, **changes})
    return LoopStore(folder).create(name, request, CREATED)


@pytest.fixture(scope="session")
def two_turns(tmp_path_factory: pytest.TempPathFactory, demo_world: World) -> tuple[Loop, list[dict]]:
    """A loop that went round twice, and what it told on the way."""
    events: list[dict] = []
    loop = small_loop(tmp_path_factory.mktemp("loops"), turns=2, sessions=8000)
    run_loop(loop, demo_world, on_event=events.append)
    return loop, events
