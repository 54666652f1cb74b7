"""The job that does what is left of a loop: learning, publishing, trying out with simulated listeners."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from recsys_dashboard.settings import read_settings, worker_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_online.loop import LoopRequest
    from recsys_online.loop.request import WorldName
    from recsys_online.simulator import World

TELL_EVERY, LOOK_EVERY = 0.3, 1.0  # seconds


def go_round(
    payload: dict[str, Any], emit: Callable[[dict[str, Any]], None], should_stop: Callable[[], bool]
) -> None:
    """Go on with the loop ``payload["loop"]``; the events are those of :func:`recsys_online.loop.run_loop`.

    A cancel leaves finished steps, and what the experiment under way has logged.
    """
    from recsys_online.loop import LoopStore, run_loop  # noqa: PLC0415  (kept off the worker's start)

    settings = read_settings()
    loop = LoopStore(settings.data_root / "loops").open(payload["loop"])
    run_loop(
        loop,
        _world(loop.request),
        threads=worker_threads(),
        look_every=LOOK_EVERY,
        on_event=_seldom(emit),
        should_stop=should_stop,
    )


def _seldom(emit: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """Return ``emit``, which hears of progress a few times a second and of everything else at once."""
    told = 0.0

    def hear(event: dict[str, Any]) -> None:
        nonlocal told
        now = time.monotonic()
        if event["kind"] == "progress" and event["done"] < event["total"] and now - told < TELL_EVERY:
            return
        told = now
        emit(event)

    return hear


def _world(request: LoopRequest) -> World:
    return _opened(request.world, request.data, request.users, request.tracks, request.fatigue)


@lru_cache(maxsize=1)
def _opened(world: WorldName, data: str, users: str, tracks: str, fatigue: float) -> World:
    """Return a world, kept for the next experiment in it."""
    from recsys_online.loop import LoopRequest, open_world  # noqa: PLC0415

    request = LoopRequest(world=world, data=data, users=users, tracks=tracks, fatigue=fatigue)
    return open_world(request, read_settings().data_root)
