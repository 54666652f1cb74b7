"""Threads work together only where that is quicker, whatever the machine is busy with."""

from __future__ import annotations

import pytest

from recsys_core.models.fast.pace import BETWEEN_TRIALS, FIRST_TRIALS, TRIAL, Pace


class Machine:
    """A clock, and work that takes some seconds for a whole epoch, together or alone."""

    def __init__(self, together: float, alone: float) -> None:
        self.now, self.seconds = 0.0, {True: together, False: alone}
        self.done: list[tuple[int, int, bool]] = []

    def work(self, block: int, n_blocks: int, together: bool) -> None:
        self.now += self.seconds[together] / n_blocks
        self.done.append((block, n_blocks, together))

    def epoch(self, pace: Pace, number: int, least_blocks: int = 1) -> list[tuple[int, int, bool]]:
        self.done = []
        pace.run(number, least_blocks, self.work)
        return self.done


@pytest.mark.parametrize(("together", "alone", "chosen"), [(1, 2, True), (2, 1, False)])
def test_the_quicker_way_is_taken_after_a_trial(together: float, alone: float, chosen: bool) -> None:
    machine = Machine(together, alone)
    pace = Pace(2, lambda: machine.now)
    assert [way for _, _, way in machine.epoch(pace, FIRST_TRIALS[0])] == list(TRIAL)
    assert {way for _, _, way in machine.epoch(pace, 1)} == {chosen}


def test_it_is_tried_again_when_things_may_have_changed() -> None:
    machine = Machine(together=2, alone=1)
    pace = Pace(2, lambda: machine.now)
    machine.epoch(pace, 0)
    machine.seconds = {True: 1, False: 2}
    machine.epoch(pace, 5)
    assert not pace.together
    machine.epoch(pace, BETWEEN_TRIALS)
    assert pace.together


def test_threads_part_as_soon_as_together_is_slower_than_alone_was() -> None:
    machine = Machine(together=1, alone=2)
    pace = Pace(2, lambda: machine.now)
    machine.epoch(pace, 0)
    machine.epoch(pace, 1)
    assert pace.together
    machine.seconds[True] = 3  # somebody else needs the second core
    machine.epoch(pace, 2)
    assert not pace.together


def test_a_gain_too_small_to_last_is_not_worth_it() -> None:
    machine = Machine(together=0.95, alone=1)
    pace = Pace(2, lambda: machine.now)
    machine.epoch(pace, 0)
    assert not pace.together


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("least_blocks", [1, 3, 39])
@pytest.mark.parametrize("number", [0, 1, 3, 16, 17])
def test_every_block_has_its_turn_once(threads: int, least_blocks: int, number: int) -> None:
    machine = Machine(together=2, alone=1)
    pace = Pace(threads, lambda: machine.now)
    for epoch in (0, number):
        done = machine.epoch(pace, epoch, least_blocks)
        n_blocks = done[0][1]
        assert n_blocks >= least_blocks
        assert [(block, n) for block, n, _ in done] == [(block, n_blocks) for block in range(n_blocks)]


def test_one_thread_tries_nothing() -> None:
    machine = Machine(together=2, alone=1)
    assert machine.epoch(Pace(1, lambda: machine.now), 0) == [(0, 1, False)]
