"""From the user's own list, the best first."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from recsys_online.next_track.request import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from recsys_online.next_track.request import TrackRequest

Order = Literal["walk", "sample"]


class Indexed:
    """Walks the user's list from the top, or samples it by rank.

    Parameters
    ----------
    order
        ``walk`` takes the first unheard track, with propensity 1. ``sample`` draws with weights
        1, 1/2, 1/3, ... of the remaining ranks, so that what was not shown can be judged later.
    skip_ever
        Drop what the listener heard in earlier sessions too, not only in this one.
    """

    needs_list = True

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        order: Order = "walk",
        skip_ever: bool = False,
        name: str = "indexed",
    ) -> None:
        self._rng, self._order, self._skip_ever, self.name = rng, order, skip_ever, name

    def next_track(self, request: TrackRequest) -> Choice | None:
        """Return an unheard track of the list, None without a list or when all of it was heard."""
        left = unheard(request.candidates or (), request, ever=self._skip_ever)
        if not left:
            return None
        if self._order == "walk":
            return Choice(left[0], self.name, 1.0)
        place, propensity = by_rank(len(left), self._rng)
        return Choice(left[place], self.name, propensity)


def unheard(tracks: Sequence[int], request: TrackRequest, *, ever: bool = False) -> list[int]:
    """Return ``tracks`` in their order without those of this session (or of all remembered sessions)."""
    heard = {play.track for play in request.session} | {request.last.track}
    if ever:
        heard.update(play.track for play in request.before)
    return [track for track in tracks if track not in heard]


def by_rank(n: int, rng: np.random.Generator) -> tuple[int, float]:
    """Return a place among ``n`` ranks drawn with weights 1, 1/2, ..., 1/n, and its probability."""
    ends = list(accumulate(1 / rank for rank in range(1, n + 1)))
    drawn = rng.random() * ends[-1]
    place = next((place for place, end in enumerate(ends) if drawn < end), n - 1)
    return place, 1 / (place + 1) / ends[-1]
