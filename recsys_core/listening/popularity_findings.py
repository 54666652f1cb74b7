"""The figures behind the sentences about charts and recommendations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recsys_core.listening.popularity_shift import LISTENED, RECOMMENDED

if TYPE_CHECKING:
    from recsys_core.listening.popularity_shift import PopularityShift


@dataclass(frozen=True)
class Side:
    """How one side spreads over the catalogue; shares run from 0 to 1."""

    items: int
    coverage: float
    gini: float
    top_1_percent: float
    items_for_80: float
    least_popular_half: float


@dataclass(frozen=True)
class Findings:
    """Both sides, and how many of the first ``n_top`` artists they have in common."""

    n_top: int
    in_both: int
    listened: Side
    recommended: Side


def findings(shift: PopularityShift, n_top: int = 10) -> Findings:
    """Return the figures of ``shift``; "least popular" is by listening on both sides."""
    n_top = min(n_top, len(shift.names))
    deciles = shift.by_decile()
    halves = {side: float(deciles.loc[deciles["decile"] > 5, side].sum()) for side in (LISTENED, RECOMMENDED)}
    sides = {
        side: Side(
            items=int(figures["items"]),
            coverage=figures["coverage"],
            gini=figures["gini"],
            top_1_percent=figures["top_1_percent"],
            items_for_80=figures["items_for_80"],
            least_popular_half=halves[side],
        )
        for side, figures in shift.summary().items()
    }
    return Findings(n_top, shift.in_both(n_top), sides[LISTENED], sides[RECOMMENDED])
