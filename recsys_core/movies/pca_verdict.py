"""What a study of fewer dimensions says, as data; the words are the page's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recsys_core.movies.pca_study import PcaStudy

COHERENT = 0.8
"""Share of the exact list that a list must have to pass for the same."""
TYPICAL = 100
"""The number of components people usually take."""


@dataclass(frozen=True)
class PcaVerdict:
    """Whether fewer dimensions give the same lists, and whether they give them sooner.

    ``components``: the size judged, 100 or the nearest studied; ``kept``: its share of the variance;
    ``overlap``: its share of the exact list; ``speed_up``: exact time over its time, above 1 when reduced
    is faster; ``graph_speed_up`` and ``graph_overlap``: the same of the approximate index.
    ``enough_components``: the fewest studied that reach ``COHERENT``, None if none does.
    ``fastest``: "exact", "reduced" or "approximate".
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
    def faster(self) -> bool:
        """Whether the reduced search takes less time than the exact one."""
        return self.speed_up > 1

    @property
    def graph_wins(self) -> bool:
        """Whether the approximate index is faster than the exact search and still coherent."""
        return self.graph_speed_up > 1 and self.graph_overlap >= COHERENT

    @property
    def fastest(self) -> str:
        """The quickest of the three."""
        speeds = {"exact": 1.0, "reduced": self.speed_up, "approximate": self.graph_speed_up}
        return max(speeds, key=lambda way: speeds[way])


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
