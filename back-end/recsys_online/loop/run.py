"""The loop: step after step, turn after turn; whatever is done stays done."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from recsys_core.errors import CancelledError, SettingsError
from recsys_online.loop.steps import BORROWED, STEPS, Errand
from recsys_online.loop.store import StepDone
from recsys_online.loop.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recsys_online.loop.request import LoopRequest
    from recsys_online.loop.store import Loop, LoopCard
    from recsys_online.simulator import World


def steps_of(request: LoopRequest) -> Iterator[tuple[int, str]]:
    """Yield turn and name of every step that ``request`` takes, in order."""
    for turn in range(1, request.turns + 1):
        names = BORROWED if request.lists_from else tuple(STEPS)
        yield from ((turn, name) for name in names if name != "log" or turn == 1)


def run_loop(
    loop: Loop,
    world: World,
    *,
    until: str | None = None,
    redis_url: str = "",
    threads: int = 1,
    look_every: float | None = None,
    on_event: Callable[[dict[str, Any]], None] = lambda _event: None,
    should_stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.perf_counter,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> LoopCard:
    """Do what is left of ``loop`` and return its card.

    A step that is interrupted, even by a kill, is done again by the next call; finished ones are not.

    Parameters
    ----------
    world
        Of the loop's request (:func:`recsys_online.loop.open_world`).
    until
        Stop after this step of the turn that is due; None for all.
    redis_url
        Server that lists are uploaded to; experiments over HTTP read them there.
    look_every
        Seconds between two looks at a running experiment (:func:`recsys_online.loop.read_look`).
    on_event
        Called with JSON-ready dicts: ``started`` and ``done`` (turn, step, place, of; the latter with
        seconds and found), ``progress`` (the same with done, total), ``service`` (url), ``look``.

    Raises
    ------
    CancelledError
        If ``should_stop`` said so; what an experiment logged until then stays to be looked at.
    SettingsError
        If there is no step ``until``.
    LoopError
        If another program is at work on this loop.
    DataError
        If Redis does not answer, or a step meets data that cannot be used.
    """
    if until is not None and until not in STEPS:
        raise SettingsError(f"There is no step {until!r}. Choose among {', '.join(STEPS)}.")
    if redis_url:
        from recsys_online.redis_upload import check_redis  # noqa: PLC0415  (not needed without Redis)

        check_redis(redis_url)
    with loop.held():
        for turn, name, about in _left(loop, world):
            errand = Errand(
                datetime.fromisoformat(loop.card.created), redis_url, threads, look_every,
                on_event=on_event, should_stop=should_stop, on_progress=_telling(on_event, about),
            )  # fmt: skip
            on_event({"kind": "started", **about})
            start = clock()
            found = STEPS[name](turn, errand)
            if should_stop():
                raise CancelledError("The loop was stopped; what is done stays done.")
            seconds = clock() - start
            loop.record(StepDone(turn.number, name, seconds, now().isoformat(timespec="seconds"), found))
            on_event({"kind": "done", **about, "seconds": seconds, "found": found})
            if name == until:
                break
    return loop.card


def _left(loop: Loop, world: World) -> Iterator[tuple[Turn, str, dict[str, Any]]]:
    """Yield what is to be done: its turn, the step, and how to speak of it."""
    order, turn = list(steps_of(loop.request)), None
    for place, (number, name) in enumerate(order, start=1):
        if loop.card.done(number, name):
            continue
        if turn is None or turn.number != number:
            turn = Turn(loop, number, world)
        yield turn, name, {"turn": number, "step": name, "place": place, "of": len(order)}


def _telling(on_event: Callable[[dict[str, Any]], None], about: dict[str, Any]) -> Callable[[int, int], None]:
    return lambda done, total: on_event({"kind": "progress", **about, "done": done, "total": total})
