"""Compiled twins of the simple recommenders in ``next_track``; rows of the world in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.kernel import kernel
from recsys_online.simulator.policies import SAMPLE, STICKY, TOP, WALK

if TYPE_CHECKING:
    from recsys_online.simulator.policies import Offer


@kernel
def choose(
    policy: int,
    offer: Offer,
    listener: int,
    track: np.ndarray,
    start: int,
    end: int,
    rng: np.random.Generator,
) -> tuple[int, float]:
    """Return a track and its propensity, -1 if there is none; ``track[start:end]`` is the session so far."""
    row, propensity = -1, 1.0
    if policy == STICKY and offer.artist[track[end - 1]] >= 0:
        artist = offer.artist[track[end - 1]]
        own = offer.of_artist[offer.starts[artist] : offer.starts[artist + 1]]
        row, propensity = other(own, track[end - 1], rng)
    elif policy == TOP:
        row, propensity = other(offer.top, track[end - 1], rng)
    elif policy == WALK and offer.list_of[listener] >= 0:
        row = walk(offer.lists[offer.list_of[listener]], track, start, end)
    elif policy == SAMPLE and offer.list_of[listener] >= 0:
        row, propensity = sample(offer.lists[offer.list_of[listener]], track[start:end], rng)
    return row, propensity


@kernel
def anything(tracks: np.ndarray, place: np.ndarray, last: int, rng: np.random.Generator) -> tuple[int, float]:
    """Return one of ``tracks`` other than ``last`` unless there is no other, and its probability."""
    own, n = place[last], len(tracks)
    if own < 0 or n == 1:
        return tracks[int(rng.random() * n)], 1 / n
    drawn = int(rng.random() * (n - 1))
    return tracks[drawn + (drawn >= own)], 1 / (n - 1)


@kernel
def other(rows: np.ndarray, last: int, rng: np.random.Generator) -> tuple[int, float]:
    """Return one of ``rows`` other than ``last`` with equal probabilities, -1 if there is none."""
    place = -1
    for index in range(len(rows)):
        if rows[index] == last:
            place = index
    n = len(rows) - (place >= 0)
    if n == 0:
        return -1, 1.0
    drawn = int(rng.random() * n)
    return rows[drawn + (place >= 0 and drawn >= place)], 1 / n


@kernel
def heard(track: np.ndarray, start: int, end: int, row: int) -> bool:
    """Return whether ``row`` is among ``track[start:end]``; bounds, since a view costs more than looking."""
    found = False
    for index in range(start, end):
        found |= track[index] == row
    return found


@kernel
def walk(rows: np.ndarray, track: np.ndarray, start: int, end: int) -> int:
    """Return the first of ``rows`` that is not among ``track[start:end]``, -1 if all are."""
    for row in rows:
        if row < 0:
            break
        if not heard(track, start, end, row):
            return row
    return -1


@kernel
def sample(rows: np.ndarray, played: np.ndarray, rng: np.random.Generator) -> tuple[int, float]:
    """Return one of the unplayed ``rows``, weights 1, 1/2, 1/3, ... by rank; -1 if there is none."""
    ends = np.empty(len(rows))
    left = np.empty(len(rows), np.int32)
    count, total = 0, 0.0
    for row in rows:
        if row >= 0 and not heard(played, 0, len(played), row):
            left[count] = row
            total += 1 / (count + 1)
            ends[count] = total
            count += 1
    if count == 0:
        return -1, 1.0
    drawn, place = rng.random() * total, 0
    while place < count - 1 and ends[place] <= drawn:
        place += 1
    return left[place], 1 / (place + 1) / total
