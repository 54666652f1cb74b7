"""Two charts facing each other: the most listened artists and the most recommended, joined by lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import plotly.graph_objects as go

from recsys_core.columns import Columns
from recsys_core.listening.popularity_shift import LISTENED, RECOMMENDED
from recsys_core.plots.labels import INK, literal, shortened
from recsys_core.plots.theme import LABEL_SIZE, LISTENING, RECOMMENDATIONS, UNSELECTED, apply_layout

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

ROW_HEIGHT = 44
_BAR, _NAME_ABOVE, _LONGEST = 0.34, 0.36, 0.74


class _Half(NamedTuple):
    """One of the two charts: which axis it has, where it lies, on which side its bars start."""

    side: str
    axis: str
    domain: tuple[float, float]
    anchor: Literal["left", "right"]
    colour: str


_HALVES = (
    _Half(LISTENED, "x", (0.0, 0.41), "right", LISTENING),
    _Half(RECOMMENDED, "x3", (0.59, 1.0), "left", RECOMMENDATIONS),
)


def facing_charts(
    top: pd.DataFrame, *, heads: tuple[str, str], amount: Callable[[float], str], dark: bool = False
) -> go.Figure:
    """Return bars of ``side, rank, item_id, name, count`` mirrored, artists on both sides joined.

    ``heads`` are written above the listened and the recommended side; ``amount`` writes a count.
    """
    figure = go.Figure()
    for half, head in zip(_HALVES, heads, strict=True):
        _draw_half(figure, half, top[top["side"] == half.side], head, amount, dark)
    _join(figure, top)
    rows = int(top[Columns.RANK].max())
    apply_layout(figure, height=72 + ROW_HEIGHT * rows, left=4, right=4)
    figure.update_layout(margin={"t": 8, "b": 8})
    figure.update_yaxes(range=[rows + 0.6, -0.1], visible=False)
    figure.update_xaxes(visible=False)
    return figure


def _draw_half(
    figure: go.Figure,
    half: _Half,
    rows: pd.DataFrame,
    head: str,
    amount: Callable[[float], str],
    dark: bool,
) -> None:
    counts, ranks = rows["count"].to_numpy(), rows[Columns.RANK].to_numpy()
    figure.add_bar(
        x=counts,
        y=ranks,
        xaxis=half.axis,
        orientation="h",
        width=_BAR,
        marker={"color": half.colour},
        text=[amount(count) for count in counts],
        textposition="outside",
        textangle=0,
        cliponaxis=False,
        hovertext=[
            f"{literal(name)}: {amount(count)}" for name, count in zip(rows["name"], counts, strict=True)
        ],
        hoverinfo="text",
    )
    largest = float(counts.max()) / _LONGEST if len(counts) else 1.0
    scale = [largest, 0.0] if half.anchor == "right" else [0.0, largest]
    figure.update_layout({half.axis.replace("x", "xaxis"): {"domain": half.domain, "range": scale}})
    font = {"size": LABEL_SIZE, "color": INK[dark]}
    edge = {
        "x": half.domain[half.anchor == "right"],
        "xanchor": half.anchor,
        "xref": "paper",
        "showarrow": False,
    }
    figure.add_annotation(**edge, y=0.12, text=f"<b>{head}</b>", font=font)
    for rank, name in zip(ranks, rows[Columns.NAME], strict=True):
        words = f"{rank}  {shortened(name)}"
        figure.add_annotation(**edge, y=rank - _NAME_ABOVE, text=words, font=font)


def _join(figure: go.Figure, top: pd.DataFrame) -> None:
    """Draw a line for each artist that is on both sides, on an axis of its own between the two charts."""
    sides = [top[top["side"] == half.side].set_index(Columns.ITEM_ID)[Columns.RANK] for half in _HALVES]
    both = sides[0].index.intersection(sides[1].index)
    x: list[float | None] = [end for _ in both for end in (0.0, 1.0, None)]
    y: list[float | None] = [
        end for one in both for end in (float(sides[0][one]), float(sides[1][one]), None)
    ]
    figure.add_scatter(
        x=x, y=y, xaxis="x2", mode="lines+markers", line={"color": UNSELECTED, "width": 2},
        marker={"size": 6, "color": UNSELECTED}, hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip
    figure.update_layout(xaxis2={"domain": (0.425, 0.575), "range": [0, 1]})
