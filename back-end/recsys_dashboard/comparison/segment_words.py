"""Parts of listeners and catalogue, and what is found there, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.comparison.segments import METRIC, SEGMENT
from recsys_dashboard.comparison.words import model_name
from recsys_dashboard.texts import number, text, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

CHANCE = 0.5  # of AUC


def segment_names(table: pd.DataFrame, metric: str, parts: Sequence[str]) -> dict[str, str]:
    """Return what each part is called on the figure, with the number of listeners in it."""
    counts = table[table[METRIC] == metric].groupby(SEGMENT)["n"].max()
    return {
        part: text(f"models.segment_{part}") + f"<br>n = {whole(int(counts.get(part, 0)))}" for part in parts
    }


def listeners_finding(table: pd.DataFrame, metric: str, name: str) -> str:
    """Return which model serves light and heavy listeners best."""
    light, heavy = _best(table, metric, "light"), _best(table, metric, "heavy")
    kind = "same" if light[0] == heavy[0] else "two"
    return text(f"models.listeners_{kind}", light=light[0], heavy=heavy[0], metric=name)


def artists_finding(table: pd.DataFrame, metric: str, name: str) -> str:
    """Return which model finds known artists best, and what is left of the cold ones."""
    head, cold = _best(table, metric, "head"), _best(table, metric, "cold")
    if cold[1] is None:
        return text("models.artists_no_cold", head=head[0], metric=name)
    helpless = cold[1] <= (CHANCE if metric == "auc" else 0.0)
    kind = "helpless" if helpless else "cold"
    return text(f"models.artists_{kind}", head=head[0], cold=cold[0], value=number(cold[1]), metric=name)


def _best(table: pd.DataFrame, metric: str, part: str) -> tuple[str, float | None]:
    own = table[(table[METRIC] == metric) & (table[SEGMENT] == part)].dropna(subset=["mean"])
    if own.empty:
        return "", None
    row = own.loc[own["mean"].idxmax()]
    return model_name(str(row["model"])), float(row["mean"])
