"""Sessions to come at a live service: who listens, to what first, and every coin, from one seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_online.simulator.listening import Listening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_online.simulator.world import World

AT_ONCE, COINS = 256, 32
"""Sessions drawn together, and the coins of each that are; few sessions need more."""


class FewThenMany:
    """The coins of one session: ``few`` that are there, then those of a generator, which is dear to make.

    ``key`` tells its generator from all others of one entropy, as :class:`numpy.random.SeedSequence` does.
    """

    def __init__(self, few: list[float], entropy: int, key: tuple[int, ...]) -> None:
        self._left, self._entropy, self._key = few[::-1], entropy, key
        self._many: np.random.Generator | None = None

    def random(self) -> float:
        """Return the next one, uniform on [0, 1)."""
        if self._left:
            return self._left.pop()
        if self._many is None:
            self._many = np.random.default_rng(np.random.SeedSequence(self._entropy, spawn_key=self._key))
        return self._many.random()


def sessions_to_come(world: World, episodes: int, seed: int) -> Iterator[Listening]:
    """Yield ``episodes`` sessions about to begin, no two with a coin in common."""
    for number, block in enumerate(np.random.SeedSequence(seed).spawn(-(-episodes // AT_ONCE))):
        rng = np.random.default_rng(block)
        n = min(AT_ONCE, episodes)
        episodes -= n
        drawn = (part.tolist() for part in world.draw(n, rng))
        few = rng.random((n, COINS)).tolist()
        for place, (listener, interest, first, own) in enumerate(zip(*drawn, few, strict=True)):
            yield Listening(world, listener, interest, first, FewThenMany(own, seed, (number, place)))
