"""Simulated sessions as the lines the service would have logged."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_online.events.record import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from recsys_online.events.writer import EventWriter
    from recsys_online.simulator.block import Drawn, Played
    from recsys_online.simulator.service_side import Assignment
    from recsys_online.simulator.world import World

UNDECIDED = '"experiment":null,"treatment":null,"recommender":"","propensity":null,"fallback":false'


SHARES = [repr(hundredths / 100) for hundredths in range(101)]  # all that there are, as JSON


class Columns(NamedTuple):
    """Played tracks as lists: id, and the JSON of the share and of what was decided when it was chosen."""

    track: list[int]
    share: list[str]
    choice: list[str]


class SessionLog:
    """Writes blocks of sessions; the same seed and moment give the same lines but for the writer's name.

    Latency is 0, since nobody waited. Timestamps are a millisecond apart, session after session.
    """

    def __init__(
        self, world: World, assignment: Assignment, version: str, seed: int, moment: datetime, to: EventWriter
    ) -> None:
        self._users, self._tracks = world.listeners.users.tolist(), world.tracks
        self._assignment, self._to = assignment, to
        self._decided = [
            f'"experiment":{json.dumps(one.experiment)},"treatment":{json.dumps(one.treatment)}'
            for one in assignment.arms
        ]
        self._tail = f',"index_version":{json.dumps(version)}'
        self._now = int(moment.timestamp() * 1000)
        # runs of one seed name their sessions alike, those of two seeds hardly ever
        self._run = int(np.random.SeedSequence(seed).generate_state(1)[0]) << 32

    def write(self, first: int, drawn: Drawn, played: Played, by: np.ndarray, names: list[str]) -> None:
        """Append the sessions numbered from ``first``; ``by`` says which of ``names`` chose a track."""
        columns = Columns(
            self._tracks[played.track].tolist(),
            [SHARES[hundredths] for hundredths in np.rint(played.share * 100).astype(np.int64).tolist()],
            self._choices(drawn, played, by, names),
        )

        def lines(writer: str, seq: int) -> list[bytes]:
            bodies = self._bodies(first, drawn, played.ends.tolist(), columns, f'"w":"{writer}","seq":', seq)
            return [b'%s,"crc":"%08x"}\n' % (body, zlib.crc32(body)) for body in bodies]

        self._to.append_lines(lines)
        self._now += len(columns.track)

    def _choices(self, drawn: Drawn, played: Played, by: np.ndarray, names: list[str]) -> list[str]:
        """Return the JSON of each track's choice, put together once for all that are alike."""
        arms = np.repeat(self._assignment.arm[drawn.listener], np.diff(played.ends, prepend=0))
        chances, chance = np.unique(played.propensity, return_inverse=True)
        sizes = (len(self._decided), len(names), len(chances), 2)
        kinds, kind = np.unique(
            np.ravel_multi_index((arms, by, chance, played.fallback), sizes), return_inverse=True
        )
        choosers = [f',"recommender":{json.dumps(name)},"propensity":' for name in names]
        said = [
            f"{self._decided[arm]}{choosers[one]}{chances[at].item()!r}"
            f',"fallback":{"true" if stand_in else "false"}'
            for arm, one, at, stand_in in zip(*np.unravel_index(kinds, sizes), strict=True)
        ]
        return [said[number] for number in kind.tolist()]

    def _bodies(
        self, first: int, drawn: Drawn, ends: list[int], columns: Columns, writer: str, seq: int
    ) -> Iterator[bytes]:
        tracks, shares, choices = columns
        start = 0
        for number, (listener, end) in enumerate(
            zip(drawn.listener.tolist(), ends, strict=True), start=first
        ):
            user = f',"user":{self._users[listener]},"track":'
            experiments = f',"experiments":{self._assignment.experiments[listener]},"v":{SCHEMA},{writer}'
            session = f"{self._run + number:016x}"
            for at in range(start, end):
                more = at + 1 < end
                kind, answer = ("next", tracks[at + 1]) if more else ("last", "null")
                yield (
                    f'{{"message":"{kind}","timestamp":{self._now + at}{user}{tracks[at]},'
                    f'"time":{shares[at]},"latency":0.0,"recommendation":{answer}{experiments}{seq + at},'
                    f'"request":"{session}.{at - start}","session":"{session}",'
                    f"{choices[at + 1] if more else UNDECIDED}{self._tail}"
                ).encode()
            start = end
