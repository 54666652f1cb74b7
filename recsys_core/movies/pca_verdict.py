"""What a study of fewer dimensions says, as data; the words are the page's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recsys_core.movies.pca_study import PcaStudy

COHERENT = 0.8
"""Share of the exact list that a list must have to pass for the same."""
CLEARLY = 1.2
"""How many times as long one search takes than another before we call that a difference."""
TYPICAL = 100
"""The number of components people usually take."""


@dataclass(frozen=True)
class PcaVerdict:
    """Whether fewer dimensions give the same lists, and whether they give them sooner.

    ``components``: the size judged, 100 or the nearest studied; ``kept``: its share of the variance;
    ``overlap``: its share of the exact list; ``speed_up``: exact time over its time, above 1 when reduced
    is faster; ``graph_speed_up`` and ``graph_overlap``: the same of the approximate index.
    ``enough_components``: the fewest studied that reach ``COHERENT``, None if none does.
    """

    components: int
    kept: float
    overlap: float
    rank_agreement: float
    speed_up: float
    graph_speed_up: float
    graph_overlap: float
    enough_components: int | None

    @property
    def coherent(self) -> bool:
        """Whether the lists pass for the same."""
        return self.overlap >= COHERENT

    @property
    def speed(self) -> str:
        """Whether the reduced search is "faster" or "slower" than the exact one, or the "same"."""
        return _beside_exact(self.speed_up)

    @property
    def graph_speed(self) -> str:
        """The same of the approximate index."""
        return _beside_exact(self.graph_speed_up)

    @property
    def graph_wins(self) -> bool:
        """Whether the approximate index is faster than the exact search and still coherent."""
        return self.graph_speed == "faster" and self.graph_overlap >= COHERENT

    @property
    def fastest(self) -> str:
        """The quickest, "reduced" or "approximate"; "exact" unless one of them is clearly quicker."""
        speeds = {"reduced": self.speed_up, "approximate": self.graph_speed_up}
        best = max(speeds, key=lambda way: speeds[way])
        return best if _beside_exact(speeds[best]) == "faster" else "exact"


def _beside_exact(speed_up: float) -> str:
    if speed_up >= CLEARLY:
        return "faster"
    return "slower" if speed_up * CLEARLY <= 1 else "same"


def judge_pca(study: PcaStudy, components: int = TYPICAL) -> PcaVerdict:
    """Return what ``study`` says of the studied size nearest to ``components``."""
    table = study.table
    row = table.iloc[(table["components"] - components).abs().argmin()]
    enough = table.loc[table["overlap"] >= COHERENT, "components"]
    return PcaVerdict(
        components=int(row["components"]),
        kept=float(row["explained_variance"]),
        overlap=float(row["overlap"]),
        rank_agreement=float(row["rank_agreement"]),
        speed_up=study.exact_milliseconds / float(row["milliseconds"]),
        graph_speed_up=study.exact_milliseconds / float(row["approximate_milliseconds"]),
        graph_overlap=float(row["approximate_overlap"]),
        enough_components=None if enough.empty else int(enough.iloc[0]),
    )
