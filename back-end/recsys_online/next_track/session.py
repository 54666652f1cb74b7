"""Our best: taste from the list, mood from the session, and no artist until one is tired of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from recsys_online.next_track.indexed import unheard
from recsys_online.next_track.request import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_online.catalogue import Catalogue
    from recsys_online.next_track.request import TrackRequest


class SessionSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How session, list and fatigue weigh.

    Attributes
    ----------
    indifferent
        The listened share that says neither yes nor no; more speaks for what resembles a track, less against.
    list_weight
        Weight of the user's list (its first track 1, its last 0) beside the session's evidence.
    fatigue
        Factor on a track's score per earlier play of its artist in the session.
    neighbours
        Candidates taken from around each track of the session.
    temperature
        0 takes the best; above, tracks are drawn with softmax probabilities.
    """

    indifferent: float = 0.3
    list_weight: float = 0.3
    fatigue: float = 0.8
    neighbours: int = 40
    temperature: float = 0.0


class Session:
    """Scores the neighbours of the session's tracks and the user's list by what was listened to so far."""

    name = "session"
    needs_list = True

    def __init__(
        self, catalogue: Catalogue, rng: np.random.Generator, settings: SessionSettings | None = None
    ) -> None:
        self._catalogue, self._rng = catalogue, rng
        self._settings = settings or SessionSettings()

    def next_track(self, request: TrackRequest) -> Choice | None:
        """Return the best unheard candidate, None where neither session nor list offers one."""
        pool, embeddings = self._pool(request), self._catalogue.embeddings
        if not pool or embeddings is None:
            return None
        scores = self._scores(pool, request, embeddings)
        if not self._settings.temperature:
            return Choice(pool[int(scores.argmax())], self.name, 1.0)
        chances = np.exp((scores - scores.max()) / self._settings.temperature)
        chances /= chances.sum()
        place = min(int(np.searchsorted(chances.cumsum(), self._rng.random())), len(pool) - 1)
        return Choice(pool[place], self.name, float(chances[place]))

    def _pool(self, request: TrackRequest) -> list[int]:
        found: dict[int, None] = {}
        for play in request.session:
            if play.share > self._settings.indifferent:
                found.update(dict.fromkeys(self._catalogue.similar(play.track, self._settings.neighbours)))
        found.update(dict.fromkeys(request.candidates or ()))
        return unheard(list(found), request)

    def _scores(self, pool: list[int], request: TrackRequest, embeddings: np.ndarray) -> np.ndarray:
        row = self._catalogue.row
        plays = [play for play in request.session if play.track in row]
        evidence = np.array([play.share - self._settings.indifferent for play in plays], np.float32)
        scores = np.zeros(len(pool), np.float32)
        if plays:
            mood = evidence @ embeddings[[row[play.track] for play in plays]]
            scores += embeddings[[row[track] for track in pool]] @ mood
        scores += self._settings.list_weight * _standing(pool, request.candidates or ())
        return (scores - scores.min()) * self._freshness(pool, request)  # tiredness must not help a bad score

    def _freshness(self, pool: list[int], request: TrackRequest) -> np.ndarray:
        """Return the factor of each candidate: below 1 for artists that were on already."""
        known = [self._catalogue.track(play.track) for play in request.session]
        played: dict[str, int] = {}
        for one in known:
            if one is not None:
                played[one.artist] = played.get(one.artist, 0) + 1
        artists = [self._catalogue.tracks[self._catalogue.row[track]].artist for track in pool]
        return self._settings.fatigue ** np.array([played.get(one, 0) for one in artists], np.float32)


def _standing(pool: list[int], candidates: Sequence[int]) -> np.ndarray:
    """Return 1 for the first of the list, falling to 0 for its last and for tracks that are not on it."""
    standing = {track: 1 - place / len(candidates) for place, track in enumerate(candidates)}
    return np.array([standing.get(track, 0.0) for track in pool], np.float32)
