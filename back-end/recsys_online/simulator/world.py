"""What only the simulator knows: the true taste of every listener and the true nature of every track."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from msgspec import Meta

from recsys_core.errors import DataError
from recsys_core.ranking import Factors, top_k
from recsys_core.settings import Settings
from recsys_online.index.versions import Publication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_online.catalogue import Track

INTERESTS = 3


class Habits(Settings, frozen=True, kw_only=True):
    """How all listeners behave; the defaults are those of the older service's simulator from 2022 on.

    Attributes
    ----------
    budget
        A session ends after this many skips.
    fatigue
        Factor on the listened share per earlier play of the same artist in the session (0.9 before 2022).
    nearest
        The first track is one of so many nearest to the interest of the session.
    longest
        A session ends after so many tracks even if no skip ended it; the older simulator has no such end.
    """

    budget: Annotated[int, Meta(ge=1, le=1000)] = 5
    fatigue: Annotated[float, Meta(gt=0, le=1)] = 0.8
    nearest: Annotated[int, Meta(ge=1, le=1000)] = 10
    longest: Annotated[int, Meta(ge=2, le=100_000)] = 1000


@dataclass(frozen=True, eq=False)
class Listeners:
    """Who listens.

    Parameters
    ----------
    users
        Ids as the service knows them, distinct, int64 ``(n,)``.
    interests
        Rows of the tracks that stand for what each likes, int32 ``(n, 3)``.
    bias, sharpness
        A track whose inner product with the interest equals ``bias`` is listened to by half;
        ``sharpness`` says how suddenly interest turns. Float64 ``(n,)``.
    """

    users: np.ndarray
    interests: np.ndarray
    bias: np.ndarray
    sharpness: np.ndarray

    def __len__(self) -> int:
        """Return the number of listeners."""
        return len(self.users)


class World:
    """Tracks with their true embeddings, and listeners.

    Parameters
    ----------
    title
        What to call this world.
    public
        What everybody may know of the tracks, ids distinct.
    embeddings
        Float32 ``(n_tracks, size)``; inner products say how much two tracks have in common.

    Attributes
    ----------
    tracks, artists
        Id of each track, int64, and a number of its artist, int32, ``(n_tracks,)``.
    row
        Place of each id.

    Raises
    ------
    DataError
        If there is no listener or no track, or sizes do not fit.
    """

    def __init__(
        self,
        title: str,
        public: Sequence[Track],
        embeddings: np.ndarray,
        listeners: Listeners,
        habits: Habits | None = None,
    ) -> None:
        self.title, self.habits = title, habits or Habits()
        self.public = tuple(public)
        self.tracks = np.array([one.track for one in public], np.int64)
        self.artists = artist_numbers(public)
        self.embeddings = np.ascontiguousarray(embeddings, np.float32)
        self.listeners = listeners
        if not len(listeners) or not len(public) == len(embeddings) > 0:
            raise DataError("A world needs listeners, and as many embeddings as tracks.")
        self.row = {track: row for row, track in enumerate(self.tracks.tolist())}
        self._beginnings = np.full((len(public), min(self.habits.nearest, len(public))), -1, np.int32)
        self._lock = threading.Lock()

    def without_lists(self) -> Publication:
        """Return all tracks and nobody's list: what a service knows before anything was learned."""
        nobody, nothing = np.empty(0, np.int64), np.empty((0, 1), np.int32)
        return Publication(nobody, nothing, list(self.public), np.empty(0, np.int32))

    def first_tracks(self, interests: np.ndarray) -> np.ndarray:
        """Return the tracks a session may begin with, nearest first, int32 ``(len(interests), nearest)``.

        Exact by inner product, looked up once per interest.
        """
        with self._lock:
            missing = np.unique(interests[self._beginnings[interests, 0] < 0])
            if len(missing):
                self._beginnings[missing] = self._nearest(missing)
        return self._beginnings[interests]

    def draw(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return listener, interest and first track of ``n`` sessions, int32 rows ``(n,)``, all uniform."""
        listener = rng.integers(0, len(self.listeners), n, dtype=np.int32)
        interest = self.listeners.interests[listener, rng.integers(0, INTERESTS, n)]
        beginnings = self.first_tracks(interest)
        first = beginnings[np.arange(n), rng.integers(0, beginnings.shape[1], n)]
        return listener, interest, first

    def _nearest(self, rows: np.ndarray) -> np.ndarray:
        none = np.zeros(len(self.tracks), np.float32)
        factors = Factors(self.embeddings[rows], self.embeddings, none[: len(rows)], none)
        return top_k(factors, self._beginnings.shape[1])[0]


def draw_traits(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return bias and sharpness of ``n`` listeners: U(0, 10), and U(1, 2) or one over it."""
    bias = rng.uniform(0, 10, n)
    sharpness = rng.uniform(1, 2, n) ** rng.choice([1.0, -1.0], n)
    return bias, sharpness


def artist_numbers(tracks: Sequence[Track]) -> np.ndarray:
    """Return a number per artist in the order they first appear, int32 ``(n_tracks,)``."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(one.artist, len(known)) for one in tracks], np.int32)
