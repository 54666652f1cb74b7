"""What everybody listens to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_online.next_track.uniform import one_of

if TYPE_CHECKING:
    import numpy as np

    from recsys_online.catalogue import Catalogue
    from recsys_online.next_track.request import Choice, TrackRequest


class TopPop:
    """Uniform over the ``k`` most popular tracks."""

    name = "top-pop"
    needs_list = False

    def __init__(self, catalogue: Catalogue, rng: np.random.Generator, k: int = 100) -> None:
        self._top, self._rng = catalogue.top[:k], rng

    def next_track(self, request: TrackRequest) -> Choice | None:
        """Return a popular track other than the one just played."""
        return one_of(self._top, request.last.track, self.name, self._rng)
