"""Small logs made up for the tests, and the plainest way to read them."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from recsys_online.events import Event, EventWriter, read_events

ARMS = ("C", "T1")
START = 1_700_000_000_000


def arm_of(user: int, n_arms: int = 2) -> str:
    return ("C", "T1", "T2")[user % n_arms]


def session_events(
    user: int, shares: list[float], *, at: int, arm: str | None = None, finished: bool = True
) -> list[Event]:
    """One session: a ``next`` per share but the last, which is in the ``last``; 1 ms from line to line."""
    treatments = {"AA": "C", "PERSONALIZED": arm or arm_of(user)}
    events = [
        Event(
            "next", at + place, user, 100 + place, share, 0.001 * (place + 1), 101 + place, treatments,
            session=f"{at}", recommender="random", propensity=0.25,
        )
        for place, share in enumerate(shares)
    ]  # fmt: skip
    if finished:
        events[-1].message, events[-1].recommendation = "last", None
    return events


def random_events(seed: int, *, users: int = 40, sessions: int = 200, lift: float = 0.0) -> list[Event]:
    """Sessions of 2 to 8 lines one after another; ``lift`` more listening for T1; one in ten unfinished."""
    rng = np.random.default_rng(seed)
    events = []
    for number in range(sessions):
        user, length = int(rng.integers(users)), int(rng.integers(2, 9))
        shares = (rng.random(length) * (1 + lift * (user % 2))).round(3).tolist()
        finished = rng.random() > 0.1
        events += session_events(user, shares, at=START + 1000 * number, finished=finished)
    return events


def write_log(folder: Path, events: list[Event], *, writers: int = 1, seed: int = 0) -> None:
    """Log ``events`` in order, each by a writer drawn at random, in segments of a few kilobytes."""
    rng = np.random.default_rng(seed)
    logs = [EventWriter(folder, segment_bytes=20_000) for _ in range(writers)]
    for event in events:
        assert logs[int(rng.integers(writers))].append(event)
    for log in logs:
        log.close()


def write_older(path: Path, events: list[Event]) -> None:
    """Log ``events`` as the older service did."""
    fields = Event.__struct_fields__[:8]
    rows = [{name: getattr(event, name) for name in fields} for event in events]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def slow_sessions(folder: Path, experiment: str = "PERSONALIZED") -> list[tuple]:
    """(user, arm, finished, ended, tracks, time, latency) by a loop over the events in order of time."""
    by_user: dict[str, list[Event]] = defaultdict(list)
    for event in read_events(folder):
        by_user[str(event.user)].append(event)
    found = []
    for user, events in by_user.items():
        current: list[Event] = []
        for event in sorted(events, key=lambda one: (one.timestamp, one.w, one.seq, one.message == "last")):
            if current and event.session != current[-1].session:
                found.append(_summed(user, current, experiment, finished=False))
                current = []
            current.append(event)
            if event.message == "last":
                found.append(_summed(user, current, experiment, finished=True))
                current = []
        if current:
            found.append(_summed(user, current, experiment, finished=False))
    return sorted(found)


def _summed(user: str, events: list[Event], experiment: str, *, finished: bool) -> tuple:
    return (
        user,
        events[0].experiments.get(experiment),
        finished,
        max(event.timestamp for event in events),
        len(events),
        round(sum(event.time for event in events), 6),
        round(sum(event.latency for event in events), 6),
    )
