"""More of the same artist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_online.next_track.uniform import one_of

if TYPE_CHECKING:
    import numpy as np

    from recsys_online.catalogue import Catalogue
    from recsys_online.next_track.request import Choice, TrackRequest


class StickyArtist:
    """Uniform over the other tracks of the artist just played; nothing for an artist with one track."""

    name = "sticky-artist"
    needs_list = False

    def __init__(self, catalogue: Catalogue, rng: np.random.Generator) -> None:
        self._catalogue, self._rng = catalogue, rng

    def next_track(self, request: TrackRequest) -> Choice | None:
        """Return another track by the same artist, None if there is none or the track is unknown."""
        known = self._catalogue.track(request.last.track)
        if known is None:
            return None
        return one_of(self._catalogue.by_artist[known.artist], known.track, self.name, self._rng)
