"""Our best: taste from the list, mood from the session, and no artist until one is tired of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec
import numpy as np
from msgspec import Meta

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

    indifferent: Annotated[float, Meta(ge=0, le=1)] = 0.3
    list_weight: Annotated[float, Meta(ge=0, le=100)] = 0.3
    fatigue: Annotated[float, Meta(ge=0, le=1)] = 0.8
    neighbours: Annotated[int, Meta(ge=0, le=1000)] = 40
    temperature: Annotated[float, Meta(ge=0, le=100)] = 0.0


class Heard(NamedTuple):
    """Rows of the session's known tracks, and how much each speaks for what resembles it."""

    rows: np.ndarray
    evidence: np.ndarray


class Session:
    """Scores the neighbours of the session's tracks and the user's list by what was listened to so far."""

    needs_list = True

    def __init__(
        self,
        catalogue: Catalogue,
        rng: np.random.Generator,
        settings: SessionSettings | None = None,
        *,
        name: str = "session",
    ) -> None:
        self._catalogue, self._rng, self.name = catalogue, rng, name
        self._settings = settings or SessionSettings()
        numbers = {artist: number for number, artist in enumerate(catalogue.by_artist)}
        self._artist = np.array([numbers[one.artist] for one in catalogue.tracks], np.int32)
        self._near = _neighbour_rows(catalogue, self._settings.neighbours)

    def next_track(self, request: TrackRequest) -> Choice | None:
        """Return the best unheard candidate, None where neither session nor list offers one."""
        embeddings = self._catalogue.embeddings
        if embeddings is None:
            return None
        heard = self._heard(request)
        listed = self._rows(request.candidates or ())
        pool = self._pool(heard, listed)
        if not len(pool):
            return None
        place, chance = self._drawn(self._scores(pool, heard, listed, embeddings))
        return Choice(self._catalogue.ids[pool[place]], self.name, chance)

    def _heard(self, request: TrackRequest) -> Heard:
        row = self._catalogue.row
        plays = [play for play in request.session if play.track in row]
        evidence = np.array([play.share - self._settings.indifferent for play in plays], np.float32)
        return Heard(self._rows([play.track for play in plays]), evidence)

    def _rows(self, tracks: Sequence[int]) -> np.ndarray:
        """Return the catalogue's rows of those ``tracks`` that it knows."""
        row = self._catalogue.row
        return np.array([row[track] for track in tracks if track in row], np.intp)

    def _pool(self, heard: Heard, listed: np.ndarray) -> np.ndarray:
        """Return rows of distinct unheard candidates, in the order in which session and list offer them."""
        near = self._near[heard.rows[heard.evidence > 0]].ravel()
        offered = np.concatenate((near[near >= 0], listed))
        offered = offered[~np.isin(offered, heard.rows)]
        return offered[np.sort(np.unique(offered, return_index=True)[1])]

    def _scores(
        self, pool: np.ndarray, heard: Heard, listed: np.ndarray, embeddings: np.ndarray
    ) -> np.ndarray:
        mood = heard.evidence @ embeddings[heard.rows]
        standing = np.zeros(len(self._catalogue), np.float32)  # 1 for the first of the list, 0 if not on it
        standing[listed] = 1 - np.arange(len(listed)) / max(len(listed), 1)
        scores = embeddings[pool] @ mood + self._settings.list_weight * standing[pool]
        times = np.bincount(self._artist[heard.rows], minlength=len(self._catalogue.by_artist))
        fresh = (self._settings.fatigue ** times.astype(np.float32))[self._artist[pool]]
        return (scores - scores.min()) * fresh  # tiredness must not help a bad score

    def _drawn(self, scores: np.ndarray) -> tuple[int, float]:
        """Return the place of the choice and its probability."""
        if not self._settings.temperature:
            return int(scores.argmax()), 1.0
        chances = np.exp((scores - scores.max()) / self._settings.temperature)
        chances /= chances.sum()
        place = min(int(np.searchsorted(chances.cumsum(), self._rng.random())), len(scores) - 1)
        return place, float(chances[place])


def _neighbour_rows(catalogue: Catalogue, width: int) -> np.ndarray:
    """Return the rows of each track's nearest ``width`` tracks, -1 for none."""
    if catalogue.neighbours is None:
        return np.empty((len(catalogue), 0), np.int32)
    near = np.asarray(catalogue.neighbours[:, :width])
    order = np.argsort(catalogue.ids)
    ids = np.asarray(catalogue.ids)[order]
    place = np.minimum(np.searchsorted(ids, near), len(ids) - 1)
    return np.where(ids[place] == near, order[place], -1).astype(np.int32)
