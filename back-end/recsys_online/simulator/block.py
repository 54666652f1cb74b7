"""Many sessions at once, compiled: the listener of ``listening`` meets the recommenders of ``choosing``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.kernel import kernel
from recsys_online.simulator.choosing import choose, heard

if TYPE_CHECKING:
    from recsys_online.simulator.policies import Offer
    from recsys_online.simulator.world import World

LANES = 8


class Hidden(NamedTuple):
    """What only listeners know, as compiled code takes it; embeddings are padded to a multiple of 8."""

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
    size = world.embeddings.shape[1]
    padded = np.zeros((len(world.tracks), -(-size // LANES) * LANES), np.float32)
    padded[:, :size] = world.embeddings
    who, habits = world.listeners, world.habits
    traits = (who.bias.astype(np.float64), who.sharpness.astype(np.float64))
    return Hidden(padded, world.artists, *traits, habits.budget, habits.fatigue, habits.longest)


@kernel
def play(hidden: Hidden, offer: Offer, drawn: Drawn, rng: np.random.Generator) -> Played:
    """Return what is played in all sessions whose policy has a code; the others stay without tracks."""
    n = len(drawn.listener)
    ends = np.empty(n, np.int64)
    room = 16 * n + hidden.longest
    track, share = np.empty(room, np.int32), np.empty(room)
    propensity, fallback = np.empty(room), np.empty(room, np.bool_)
    end = 0
    for session in range(n):
        if drawn.policy[session] >= 0:
            if end + hidden.longest > len(track):
                track, share = longer(track), longer(share)
                propensity, fallback = longer(propensity), longer(fallback)
            part = (track[end:], share[end:], propensity[end:], fallback[end:])
            end += one_session(hidden, offer, drawn, session, part, rng)
        ends[session] = end
    return Played(
        ends, track[:end].copy(), share[:end].copy(), propensity[:end].copy(), fallback[:end].copy()
    )


@kernel
def one_session(
    hidden: Hidden,
    offer: Offer,
    drawn: Drawn,
    session: int,
    part: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    rng: np.random.Generator,
) -> int:
    """Play one session into ``part`` and return its number of tracks."""
    track, share, propensity, fallback = part
    listener = drawn.listener[session]
    track[0], share[0], propensity[0], fallback[0] = drawn.first[session], 1.0, 1.0, False
    n, budget = 1, hidden.budget
    while budget > 0 and n < hidden.longest:
        row, chance, stand_in = choose(drawn.policy[session], offer, listener, track, n, rng)
        listened = listened_share(hidden, listener, drawn.interest[session], row, track, n)
        if rng.random() > listened:
            budget -= 1
        track[n], share[n], propensity[n], fallback[n] = row, listened, chance, stand_in
        n += 1
    return n


@kernel
def listened_share(
    hidden: Hidden, listener: int, interest: int, row: int, played: np.ndarray, n: int
) -> float:
    """Return how much of ``row`` is listened to after ``played[:n]``, two decimals."""
    if heard(played, n, row):
        return 0.0
    likeness = inner(hidden.embeddings[row], hidden.embeddings[interest])
    liking = 1 / (1 + np.exp(-(likeness - hidden.bias[listener]) * hidden.sharpness[listener]))
    artist = hidden.artists[row]
    for index in range(n):
        if hidden.artists[played[index]] == artist:
            liking *= hidden.fatigue
    return np.rint(liking * 100) / 100


@kernel
def inner(one: np.ndarray, other: np.ndarray) -> np.float32:
    """Return the inner product of two float32 rows whose length is a multiple of 8."""
    a = b = c = d = e = f = g = h = np.float32(0)  # eight sums: the processor adds them side by side
    for i in range(0, len(one), LANES):
        a += one[i] * other[i]
        b += one[i + 1] * other[i + 1]
        c += one[i + 2] * other[i + 2]
        d += one[i + 3] * other[i + 3]
        e += one[i + 4] * other[i + 4]
        f += one[i + 5] * other[i + 5]
        g += one[i + 6] * other[i + 6]
        h += one[i + 7] * other[i + 7]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))


@kernel
def longer(array: np.ndarray) -> np.ndarray:
    """Return ``array`` in twice the room."""
    grown = np.empty(2 * len(array), array.dtype)
    grown[: len(array)] = array
    return grown
