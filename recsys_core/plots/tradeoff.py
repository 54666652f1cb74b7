"""What diversity costs in precision: a curve per way to re-rank, and where we stand on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import plotly.graph_objects as go

from recsys_core.plots.labels import INK, literal
from recsys_core.plots.popularity import SERIES, show_legend
from recsys_core.plots.theme import LABEL_SIZE, RECOMMENDATIONS, apply_layout, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

HEIGHT = 400
Axis = Literal["items", "gini"]
# the two ways to re-rank: both belong to the recommendations, told apart by dash and marker
_METHODS = {"penalty": ("solid", "circle"), "own-taste": ("dot", "square")}


class Point(NamedTuple):
    """A model that is not re-ranked: its part in the other figures, its name, its figures."""

    key: str
    words: str
    precision: float
    items: int
    gini: float


def tradeoff_figure(
    table: pd.DataFrame,
    *,
    axis: Axis,
    methods: Mapping[str, str],
    chosen: tuple[str, float],
    chosen_words: str,
    others: Sequence[Point],
    percent: Callable[[float], str],
    amount: Callable[[float], str],
    x_title: str,
    y_title: str,
    dark: bool = False,
) -> go.Figure:
    """Return precision over ``axis`` of ``method, strength, precision, items, gini``; one point ringed.

    Parameters
    ----------
    methods
        Names of the ways to re-rank, a curve each.
    chosen, chosen_words
        Method and strength of the ringed point, and what is written beside it.
    others
        Models shown as single points.
    """
    figure = go.Figure()
    for method, words in methods.items():
        rows = table[table["method"] == method]
        dash, symbol = _METHODS[method]
        figure.add_scatter(
            x=rows[axis],
            y=rows["precision"],
            mode="lines+markers",
            name=literal(words),
            line={"color": RECOMMENDATIONS, "dash": dash, "width": 2.5},
            marker={"size": 8, "symbol": symbol, "color": RECOMMENDATIONS},
            hovertext=[
                f"{literal(words)} {one.strength:.0%}<br>{percent(one.precision)} · {amount(at)}"
                for one, at in zip(rows.itertuples(), rows[axis], strict=True)
            ],
            hoverinfo="text",
        )
    for point in others:
        _add_point(figure, point, float(getattr(point, axis)), percent, amount)
    apply_layout(figure, height=HEIGHT, x_title=x_title, y_title=y_title, right=16)
    show_legend(figure, dark)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    figure.update_xaxes(nticks=6, **_across(table, axis, others))
    _ring(figure, table, axis, chosen, chosen_words, dark)
    return figure


def _across(table: pd.DataFrame, axis: Axis, others: Sequence[Point]) -> dict[str, Any]:
    """Return the axis across: everything with room around it, and to the right always the more diverse."""
    values = [*table[axis], *(float(getattr(point, axis)) for point in others)]
    low, high = (0.0 if axis == "items" else min(values)), max(values)
    pad = 0.04 * max(high - low, 1e-3)
    bounds = [low - pad, high + pad]
    return {"range": bounds, "tickformat": ","} if axis == "items" else {"range": bounds[::-1]}


def _add_point(
    figure: go.Figure,
    point: Point,
    x: float,
    percent: Callable[[float], str],
    amount: Callable[[float], str],
) -> None:
    style = SERIES[point.key]
    figure.add_scatter(
        x=[x],
        y=[point.precision],
        mode="markers",
        name=literal(point.words),
        marker={"size": 12, "symbol": style.symbol, "color": style.colour},
        hovertext=f"{literal(point.words)}<br>{percent(point.precision)} · {amount(x)}",
        hoverinfo="text",
    )


def _ring(
    figure: go.Figure, table: pd.DataFrame, axis: Axis, chosen: tuple[str, float], words: str, dark: bool
) -> None:
    method, strength = chosen
    here = table[(table["method"] == method) & (table["strength"] == strength)].iloc[0]
    figure.add_scatter(
        x=[here[axis]],
        y=[here["precision"]],
        mode="markers",
        marker={"size": 18, "symbol": "circle-open", "color": INK[dark], "line": {"width": 3}},
        showlegend=False,
        hoverinfo="skip",
    )
    # written towards the middle of the figure, where there is room
    middle = sum(figure.layout.xaxis.range) / 2
    right = (here[axis] > middle) != (axis == "gini")
    figure.add_annotation(
        x=here[axis], y=here["precision"], text=literal(words), showarrow=False,
        xanchor="right" if right else "left", yanchor="bottom", xshift=-10 if right else 10, yshift=8,
        font={"size": LABEL_SIZE, "color": readable(RECOMMENDATIONS, dark=dark)},
    )  # fmt: skip
