"""What resembles the last track that was liked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_online.next_track.indexed import by_rank, unheard
from recsys_online.next_track.request import Choice

if TYPE_CHECKING:
    import numpy as np

    from recsys_online.catalogue import Catalogue
    from recsys_online.next_track.request import TrackRequest


class Contextual:
    """Neighbours of the last track listened to for at least ``liked`` of its length, drawn by rank."""

    needs_list = False

    def __init__(
        self,
        catalogue: Catalogue,
        rng: np.random.Generator,
        *,
        liked: float = 0.5,
        name: str = "contextual",
    ) -> None:
        self._catalogue, self._rng, self._liked, self.name = catalogue, rng, liked, name

    def next_track(self, request: TrackRequest) -> Choice | None:
        """Return an unheard neighbour of the most recent liked track that has one."""
        for play in reversed(request.session):
            if play.share >= self._liked:
                left = unheard(self._catalogue.similar(play.track, 50), request)
                if left:
                    place, propensity = by_rank(len(left), self._rng)
                    return Choice(left[place], self.name, propensity)
        return None
