"""One session, step by step: what a listener makes of each track that is played to them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from recsys_online.simulator.world import World


class Coins(Protocol):
    """Where a listener's chance comes from: a generator of numpy, or what stands for one."""

    def random(self) -> float:
        """Return a number, uniform on [0, 1)."""


class Listening:
    """A session going on; the first track was heard to its end.

    Attributes
    ----------
    tracks, shares
        Rows of the tracks played so far, and the share of each that was listened to.
    over
        Whether the listener has left.
    coins
        What decides whether a track that is not heard to its end is a skip.
    """

    def __init__(self, world: World, listener: int, interest: int, first: int, coins: Coins) -> None:
        self._world, self.coins = world, coins
        self.user = int(world.listeners.users[listener])
        self._interest = world.embeddings[interest]
        self._bias = float(world.listeners.bias[listener])
        self._sharpness = float(world.listeners.sharpness[listener])
        self._budget = world.habits.budget
        self._played: dict[int, int] = {}
        self.tracks: list[int] = []
        self.shares: list[float] = []
        self.over = False
        self._keep(first, int(world.artists[first]), 1.0)

    def hear(self, track: int) -> float:
        """Return the listened share of ``track`` (a row), two decimals; the listener may then leave."""
        artist = int(self._world.artists[track])
        share = 0.0 if track in self.tracks else self._share(track, artist)
        if self.coins.random() > share:
            self._budget -= 1
        self._keep(track, artist, share)
        self.over = self._budget <= 0 or len(self.tracks) >= self._world.habits.longest
        return share

    def _share(self, track: int, artist: int) -> float:
        likeness = float(self._world.embeddings[track] @ self._interest)
        liking = _sigmoid((likeness - self._bias) * self._sharpness)
        earlier = self._played.get(artist, 0)
        return round(liking * self._world.habits.fatigue**earlier, 2)

    def _keep(self, track: int, artist: int, share: float) -> None:
        self._played[artist] = self._played.get(artist, 0) + 1
        self.tracks.append(track)
        self.shares.append(share)


def _sigmoid(value: float) -> float:
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    grown = math.exp(max(value, -700.0))  # beyond it is 0 to any decimal
    return grown / (1 + grown)
