"""Many sessions at once, compiled: the listener of ``listening`` meets the recommenders of ``choosing``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.kernel import kernel
from recsys_online.simulator.choosing import anything, choose, heard
from recsys_online.simulator.policies import RANDOM

if TYPE_CHECKING:
    from recsys_online.simulator.policies import Offer
    from recsys_online.simulator.world import World

LOOSE = frozenset({"reassoc", "contract"})
"""Sums may be reordered: added strictly as written, no two products could be added side by side."""


class Hidden(NamedTuple):
    """What only listeners know, as compiled code takes it."""

    embeddings: np.ndarray
    artists: np.ndarray
    bias: np.ndarray
    sharpness: np.ndarray
    budget: int
    fatigue: float
    longest: int


class Drawn(NamedTuple):
    """Sessions about to begin: rows of listener, interest, first track, and code of the policy, ``(n,)``."""

    listener: np.ndarray
    interest: np.ndarray
    first: np.ndarray
    policy: np.ndarray


class Played(NamedTuple):
    """Tracks of sessions, one after another.

    Attributes
    ----------
    ends
        Where each session ends, int64 ``(n_sessions,)``; one without tracks was not played.
    track, share
        Row of the track, int32; listened share, float64, 1 for the first of a session.
    propensity, fallback
        With what probability the track was chosen, and whether by a stand-in; 1 and False for the first.
    """

    ends: np.ndarray
    track: np.ndarray
    share: np.ndarray
    propensity: np.ndarray
    fallback: np.ndarray


def hidden_of(world: World) -> Hidden:
    """Return the world as compiled code takes it."""
    who, habits = world.listeners, world.habits
    traits = (who.bias.astype(np.float64), who.sharpness.astype(np.float64))
    return Hidden(world.embeddings, world.artists, *traits, habits.budget, habits.fatigue, habits.longest)


@kernel
def play(hidden: Hidden, offer: Offer, drawn: Drawn, rng: np.random.Generator) -> Played:
    """Return what is played in all sessions whose policy has a code; the others stay without tracks."""
    n = len(drawn.listener)
    room = 16 * n + hidden.longest
    ends, track, share = np.empty(n, np.int64), np.empty(room, np.int32), np.empty(room)
    propensity, fallback = np.empty(room), np.empty(room, np.bool_)
    session = 0
    while True:
        into = Played(ends, track, share, propensity, fallback)
        session = play_while_room(hidden, offer, drawn, session, into, rng)
        if session == n:
            break
        track, share = longer(track), longer(share)
        propensity, fallback = longer(propensity), longer(fallback)
    end = ends[-1]
    return Played(
        ends, track[:end].copy(), share[:end].copy(), propensity[:end].copy(), fallback[:end].copy()
    )


@kernel
def play_while_room(
    hidden: Hidden, offer: Offer, drawn: Drawn, session: int, into: Played, rng: np.random.Generator
) -> int:
    """Play from ``session`` on until the next one might not fit, and return its number.

    Arrays leave their tuples once and are not replaced here. Done for each track, either costs atomic
    counting of references: longer than all the rest, and two threads then wait for each other.
    """
    embeddings, artists, bias, sharpness, patience, fatigue, longest = hidden
    listeners, interests, firsts, policies = drawn
    ends, track, share, propensity, fallback = into
    tracks, place, known = offer.tracks, offer.place, np.empty(longest, np.int32)
    end = ends[session - 1] if session > 0 else 0
    while session < len(listeners) and end + longest <= len(track):
        policy, who, row, start = policies[session], listeners[session], firsts[session], end
        budget = patience if policy >= 0 else 0
        if budget > 0:
            track[end], share[end], propensity[end], fallback[end] = row, 1.0, 1.0, False
            known[0], end = artists[row], end + 1
        while budget > 0 and end - start < longest:
            row, chance = -1, 1.0
            if policy != RANDOM:
                row, chance = choose(policy, offer, who, track, start, end, rng)
            fallback[end] = policy != RANDOM and row < 0
            if row < 0:
                row, chance = anything(tracks, place, track[end - 1], rng)
            share[end] = 0.0
            if not heard(track, start, end, row):
                taste = (likeness(embeddings, row, interests[session]) - bias[who]) * sharpness[who]
                share[end] = listened_share(taste, fatigue, known, end - start, artists[row])
            if rng.random() > share[end]:
                budget -= 1
            track[end], propensity[end], known[end - start] = row, chance, artists[row]
            end += 1
        ends[session] = end
        session += 1
    return session


@kernel
def listened_share(taste: float, fatigue: float, known: np.ndarray, n: int, artist: int) -> float:
    """Return the share for so much ``taste`` after the artists ``known[:n]``, two decimals."""
    liking = 1 / (1 + np.exp(-taste))
    for index in range(n):
        if known[index] == artist:
            liking *= fatigue
    return np.rint(liking * 100) / 100


@kernel(fastmath=LOOSE)
def likeness(embeddings: np.ndarray, one: int, other: int) -> np.float32:
    """Return the inner product of two rows."""
    total = np.float32(0)
    for column in range(embeddings.shape[1]):
        total += embeddings[one, column] * embeddings[other, column]
    return total


@kernel
def longer(array: np.ndarray) -> np.ndarray:
    """Return ``array`` in twice the room."""
    grown = np.empty(2 * len(array), array.dtype)
    grown[: len(array)] = array
    return grown
