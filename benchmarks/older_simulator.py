"""A twin of the simulator before ours, to be measured beside it.

The older simulator's description word for word: one session at a time, an exact search among all tracks for
the first one, a step of Python for each track. It is spared two things that the original did: choosing a
listener from a list of 10,000 objects by numpy (14 ms of processor time a session in the first edition), and
the reinforcement-learning interface around each step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from recsys_online.simulator import Arm, World

OLDER = "the older simulator"
Recommend = Callable[[int, int, float], int]
"""Listener, track and its listened share in, the next track out; after a session's last track, anything."""


def literal_sessions(
    world: World, n: int, rng: np.random.Generator, recommend: Recommend, end: Recommend = lambda *_: -1
) -> list[int]:
    """Hold ``n`` sessions and return how many tracks each had; ``end`` is told the last track of each."""
    lengths = []
    for _ in range(n):
        listener = int(rng.integers(len(world.listeners)))
        interest = world.embeddings[rng.choice(world.listeners.interests[listener])]
        track, share, budget = int(rng.choice(nearest(world, interest))), 1.0, 5
        played: list[int] = []
        while budget > 0:
            played.append(track)
            track = recommend(listener, track, share)
            share = 0.0 if track in played else literal_share(world, listener, interest, track, played)
            budget -= rng.random() > share
        end(listener, track, share)
        lengths.append(len(played) + 1)
    return lengths


def nearest(world: World, interest: np.ndarray) -> np.ndarray:
    """The ten tracks whose inner product with ``interest`` is greatest."""
    return np.argpartition(-(world.embeddings @ interest), 10)[:10]


def literal_share(world: World, listener: int, interest: np.ndarray, track: int, played: list[int]) -> float:
    """The formula."""
    who = world.listeners
    liking = (np.dot(world.embeddings[track], interest) - who.bias[listener]) * who.sharpness[listener]
    same = sum(world.artists[one] == world.artists[track] for one in played)
    return float(np.round(1 / (1 + np.exp(-liking)) * 0.8**same, 2))


class Sides:
    """The sessions of twin and ours over all rounds; they must be equally long."""

    def __init__(self) -> None:
        self.theirs: list[int] = []
        self.ours: list[Arm] = []

    def literal(self, world: World, n: int, rng: np.random.Generator, *ask: Recommend) -> int:
        self.theirs += literal_sessions(world, n, rng, *ask)
        return n

    def __str__(self) -> str:
        n = sum(arm.sessions for arm in self.ours)
        theirs, ours = np.mean(self.theirs), sum(arm.tracks for arm in self.ours) / n
        spread = np.std(self.theirs)
        if abs(theirs - ours) > 4 * spread * np.hypot(len(self.theirs) ** -0.5, n**-0.5):
            raise SystemExit(
                f"{theirs:.3f} and {ours:.3f} tracks a session: these are not the same listeners."
            )
        return f"{theirs:.2f} and {ours:.2f} tracks a session"
