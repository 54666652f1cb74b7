"""Any track of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_online.next_track.request import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from recsys_online.catalogue import Catalogue
    from recsys_online.next_track.request import TrackRequest


class Random:
    """Uniform over the catalogue, never the track just played unless there is no other."""

    name = "random"
    needs_list = False

    def __init__(self, catalogue: Catalogue, rng: np.random.Generator) -> None:
        self._catalogue, self._rng = catalogue, rng

    def next_track(self, request: TrackRequest) -> Choice:
        """Return a track drawn with equal probabilities."""
        ids, last = self._catalogue.ids, self._catalogue.row.get(request.last.track)
        if last is None or len(ids) == 1:
            return Choice(ids[int(self._rng.random() * len(ids))], self.name, 1 / len(ids))
        place = int(self._rng.random() * (len(ids) - 1))
        return Choice(ids[place + (place >= last)], self.name, 1 / (len(ids) - 1))


def one_of(tracks: Sequence[int], last: int, name: str, rng: np.random.Generator) -> Choice | None:
    """Return one of ``tracks`` other than ``last`` with equal probabilities, None if there is none."""
    others = [track for track in tracks if track != last]
    if not others:
        return None
    return Choice(others[int(rng.random() * len(others))], name, 1 / len(others))
