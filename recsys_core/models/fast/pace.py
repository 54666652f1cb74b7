"""Whether several threads are quicker than one: measured while training, because nothing else can tell.

Threads write to the same items. On small data an example takes less time than a processor core waits for a
line that another core has just written, and a core may be busy with other work; then one thread is quicker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[int, int, bool], None]

TRIAL = (True, False, False, True)
"""Quarters of a trial's epoch, together (True) or by one thread: what drifts in an epoch hits both alike."""
ALONE = 2
"""Blocks of an epoch that one thread works on alone, so that no part of the users comes last every time."""
CLEARLY = 0.9
"""Together is chosen if it takes less than this share of the time alone: it hangs on a second free core."""
FIRST_TRIALS, BETWEEN_TRIALS = (0, 3), 16


class Pace:
    """Cuts an epoch into blocks and says of each whether the threads work on it together.

    Parameters
    ----------
    threads
        How many there are at most; with one there is nothing to choose.
    clock
        Gives seconds.
    """

    def __init__(self, threads: int, clock: Callable[[], float]) -> None:
        self._threads, self._clock = threads, clock
        self.together = threads > 1
        self._alone = 0.0

    def run(self, epoch: int, least_blocks: int, work: Work) -> None:
        """Call ``work(block, n_blocks, together)`` for every block; try both ways in some epochs."""
        if self._threads > 1 and self._is_trial(epoch):
            self._try_both(least_blocks, work)
            return
        n_blocks = least_blocks if self.together or self._threads == 1 else max(ALONE, least_blocks)
        start = self._clock()
        for block in range(n_blocks):
            work(block, n_blocks, self.together)
        # another program may have taken the second core since
        self.together = self.together and self._clock() - start < self._alone

    def _try_both(self, least_blocks: int, work: Work) -> None:
        seconds = {True: 0.0, False: 0.0}
        rounds = -(-least_blocks // len(TRIAL))
        for block, together in enumerate(TRIAL * rounds):
            start = self._clock()
            work(block, rounds * len(TRIAL), together)
            seconds[together] += self._clock() - start
        self.together = seconds[True] < CLEARLY * seconds[False]
        self._alone = 2 * seconds[False]

    def _is_trial(self, epoch: int) -> bool:
        return epoch in FIRST_TRIALS or (epoch > 0 and epoch % BETWEEN_TRIALS == 0)
