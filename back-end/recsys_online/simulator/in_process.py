"""Millions of sessions without a network: listeners and service in one process, the same log."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.errors import SettingsError
from recsys_core.rng import check_seed
from recsys_online.simulator.asking import Asked, Asking
from recsys_online.simulator.block import Drawn, Hidden, Played, hidden_of, play
from recsys_online.simulator.listening import Listening
from recsys_online.simulator.merging import Choosers, merged
from recsys_online.simulator.policies import Offer, offer_of
from recsys_online.simulator.service_side import Recommending, arm_name, assign
from recsys_online.simulator.session_log import SessionLog
from recsys_online.simulator.summary import Arm, Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from datetime import datetime

    from recsys_online.events.writer import EventWriter
    from recsys_online.simulator.world import World

__all__ = ["Recommending", "simulate"]

BLOCK = 4096
ASKED_BLOCK = 256
"""Of sessions whose recommender must be asked: a few tenths of a second, so that a stop is soon heard."""


class Block(NamedTuple):
    """Sessions as drawn, those of them that compiled code played, and a generator for the others."""

    number: int
    drawn: Drawn
    played: Played
    rng: np.random.Generator


def simulate(
    world: World,
    recommending: Recommending,
    *,
    episodes: int,
    seed: int,
    moment: datetime,
    log: EventWriter | None = None,
    threads: int = 1,
    on_progress: Callable[[int, int], None] = lambda _done, _of: None,
    should_stop: Callable[[], bool] = lambda: False,
    on_block: Callable[[Drawn, Played], None] = lambda _drawn, _played: None,
    clock: Callable[[], float] = time.perf_counter,
) -> Summary:
    """Let ``episodes`` sessions happen and return what came of them.

    Sessions come in blocks, each with a generator spawned from ``seed``: the same seed gives the same
    sessions with any number of threads, and no two blocks share a stream. A block holds 4,096 sessions, or
    256 where a recommender has no compiled twin: it is asked for each track, block after block, since it
    draws from a generator of its own.

    Parameters
    ----------
    moment
        When the first session happens; events are a millisecond apart. Decides which experiments run.
    log
        Where the service would have written; written block by block. Nothing is written without it.
    on_progress
        Called as ``on_progress(done, of)`` after each block.
    should_stop
        Asked after each block; what is done is kept.
    on_block
        Given the sessions of each block, rows of the world, for those who want more than sums.

    Raises
    ------
    DataError
        If a track is offered that the world does not know.
    SettingsError
        If ``episodes`` is below 1, or the plan names a recommender that is not there.
    """
    if episodes < 1:
        raise SettingsError(f"episodes: expected a whole number of at least 1, not {episodes}.")
    start, run = clock(), _Run(world, recommending, check_seed(seed), moment, log)
    summary = Summary(world.title, seed, episodes, [Arm(arm_name(one)) for one in run.assignment.arms])
    for block in run.blocks(episodes, threads):
        played = run.finished(block, summary)
        on_block(block.drawn, played)
        on_progress(summary.sessions, episodes)
        if should_stop():
            break
    summary.seconds = clock() - start
    if log is not None:
        summary.events, summary.dropped = log.written, log.dropped
    return summary


class _Run:
    """All that stays the same from block to block."""

    def __init__(
        self, world: World, recommending: Recommending, seed: int, moment: datetime, log: EventWriter | None
    ) -> None:
        self.world, self.recommending, self.seed = world, recommending, seed
        self.assignment = assign(recommending, world, moment)
        self.offer: Offer = offer_of(recommending.publication, world)
        self.hidden: Hidden = hidden_of(world)
        self.size = ASKED_BLOCK if (self.assignment.policy < 0).any() else BLOCK
        self.asking = Asking(world, recommending)
        self.choosers = Choosers(self.assignment)
        self.log = (
            SessionLog(world, self.assignment, recommending.version, seed, moment, log) if log else None
        )

    def blocks(self, episodes: int, threads: int) -> Iterator[Block]:
        """Yield blocks in order, a few of them being played ahead."""
        n_blocks = -(-episodes // self.size)
        waiting: deque[Future[Block]] = deque()
        pool = ThreadPoolExecutor(threads)
        try:
            for number, child in enumerate(np.random.SeedSequence(self.seed).spawn(n_blocks)):
                n = min(self.size, episodes - number * self.size)
                waiting.append(pool.submit(self.block, number, n, child))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def block(self, number: int, n: int, child: np.random.SeedSequence) -> Block:
        """Return the block of this number, played as far as compiled code can."""
        compiled, asked = (np.random.default_rng(one) for one in child.spawn(2))
        listener, interest, first = self.world.draw(n, compiled)
        drawn = Drawn(listener, interest, first, self.assignment.policy[listener])
        return Block(number, drawn, play(self.hidden, self.offer, drawn, compiled), asked)

    def finished(self, block: Block, summary: Summary) -> Played:
        """Ask for what is missing, write the log, add to the sums, and return the sessions."""
        drawn = block.drawn
        asked = {
            session: self._asked(block, session) for session in np.flatnonzero(drawn.policy < 0).tolist()
        }
        played, by = merged(drawn, block.played, asked, self.choosers)
        if self.log is not None:
            self.log.write(block.number * self.size, drawn, played, by, self.choosers.names)
        _add(summary.arms, self.assignment.arm[drawn.listener], played)
        return played

    def _asked(self, block: Block, session: int) -> Asked:
        listener, interest, first = (int(part[session]) for part in block.drawn[:3])
        recommender = self.assignment.arms[self.assignment.arm[listener]].recommender
        return self.asking.session(recommender, Listening(self.world, listener, interest, first, block.rng))


def _add(arms: list[Arm], arm: np.ndarray, played: Played) -> None:
    tracks = np.diff(played.ends, prepend=0)
    starts = played.ends - tracks
    time_heard = np.add.reduceat(played.share, starts)
    fallbacks = np.add.reduceat(played.fallback.astype(np.int64), starts)
    for number, one in enumerate(arms):
        mine = arm == number
        one.add(tracks[mine], time_heard[mine], int(fallbacks[mine].sum()))
