"""How listening and recommendations spread over the catalogue: Lorenz curves, tenths, the long tail."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import plotly.graph_objects as go

from recsys_core.plots.labels import INK, STRIPES, literal
from recsys_core.plots.theme import (
    BASELINE,
    LABEL_SIZE,
    LISTENING,
    RECOMMENDATIONS,
    apply_layout,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

HEIGHT = 360


class SeriesStyle(NamedTuple):
    """How one series is drawn as a line, as a bar, as a point."""

    colour: str
    dash: str
    pattern: str
    symbol: str


# keyed by the part a series plays; which model that is stands in its name
SERIES: dict[str, SeriesStyle] = {
    "listened": SeriesStyle(LISTENING, "solid", "", "circle"),
    "recommended": SeriesStyle(RECOMMENDATIONS, "dash", "/", "diamond"),
    "other1": SeriesStyle("#CC79A7", "dashdot", "\\", "square"),
    "other2": SeriesStyle("#009E73", "longdash", "x", "triangle-up"),
    "baseline": SeriesStyle(BASELINE, "dot", ".", "x"),
}
_EQUAL = "#8A8F98"


def lorenz_figure(
    table: pd.DataFrame,
    names: Mapping[str, str],
    *,
    equal: str,
    x_title: str,
    y_title: str,
    dark: bool = False,
) -> go.Figure:
    """Return the Lorenz curves of ``items`` and one column of cumulative shares per key of ``names``."""
    items = table["items"].to_numpy()
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name=equal, line={"color": _EQUAL, "width": 1}, hoverinfo="skip"
    )
    for key, words in names.items():
        figure.add_scatter(
            x=items,
            y=table[key].to_numpy(),
            mode="lines",
            name=literal(words),
            line={"color": SERIES[key].colour, "dash": SERIES[key].dash, "width": 3},
            hovertemplate=f"%{{x:.1%}} {x_title}<br>%{{y:.1%}} {literal(words)}<extra></extra>",
        )
    _finish(figure, x_title, y_title, dark)
    figure.update_xaxes(tickformat=".0%", range=[0, 1.005])
    figure.update_yaxes(tickformat=".0%", range=[-0.01, 1.02])
    return figure


def decile_figure(
    table: pd.DataFrame, names: Mapping[str, str], *, x_title: str, y_title: str, dark: bool = False
) -> go.Figure:
    """Return bars of ``decile`` and one column of shares per key of ``names``, side by side in each tenth."""
    figure = go.Figure()
    for key, words in names.items():
        figure.add_bar(
            x=table["decile"],
            y=table[key].to_numpy(),
            name=literal(words),
            marker={"color": SERIES[key].colour, "pattern": {"shape": SERIES[key].pattern, **STRIPES}},
            hovertemplate=f"%{{y:.1%}} {literal(words)}<extra></extra>",
        )
    _finish(figure, x_title, y_title, dark)
    figure.update_layout(bargap=0.2, bargroupgap=0.05)
    figure.update_xaxes(tickvals=list(range(1, 11)), range=[0.4, 10.6])
    highest = float(table[list(names)].to_numpy().max())
    figure.update_yaxes(tickformat=".0%", range=[0, highest * 1.05 or 1.0])
    return figure


def tail_figure(
    table: pd.DataFrame,
    names: Mapping[str, str],
    *,
    whole: Callable[[float], str],
    percent: Callable[[float], str],
    x_title: str,
    y_title: str,
    dark: bool = False,
) -> go.Figure:
    """Return ``series, place, share`` as falling lines, both axes in steps of ten, ticks in plain numbers."""
    figure = go.Figure()
    for key, words in names.items():
        rows = table[table["series"] == key]
        figure.add_scatter(
            x=rows["place"],
            y=rows["share"],
            mode="lines",
            name=literal(words),
            line={"color": SERIES[key].colour, "dash": SERIES[key].dash, "width": 3},
            hovertext=[
                f"{whole(place)}: {percent(share)} {literal(words)}"
                for place, share in zip(rows["place"], rows["share"], strict=True)
            ],
            hoverinfo="text",
        )
    _finish(figure, x_title, y_title, dark)
    figure.update_xaxes(**_steps_of_ten(table["place"].to_numpy(np.float64), whole))
    figure.update_yaxes(**_steps_of_ten(table["share"].to_numpy(np.float64), percent))
    return figure


def popularity_figure(
    values: Mapping[str, float],
    names: Mapping[str, str],
    *,
    remarks: Mapping[str, str],
    x_title: str,
    dark: bool = False,
) -> go.Figure:
    """Return a level bar per key of ``names``, its name above it and its remark behind it."""
    largest = max(values.values())
    figure = go.Figure()
    for row, (key, words) in enumerate(names.items()):
        label = f"{literal(words)}: {remarks[key]}"
        figure.add_bar(
            x=[values[key]],
            y=[row],
            orientation="h",
            width=0.4,
            marker={"color": SERIES[key].colour, "pattern": {"shape": SERIES[key].pattern, **STRIPES}},
            hovertext=label,
            hoverinfo="text",
        )
        figure.add_annotation(
            x=0, y=row - 0.4, text=label, showarrow=False, xanchor="left",
            font={"size": LABEL_SIZE, "color": INK[dark]},
        )  # fmt: skip
    apply_layout(figure, height=HEIGHT, x_title=x_title, left=8, right=16)
    figure.update_yaxes(range=[len(names) - 0.6, -0.7], visible=False)
    figure.update_xaxes(range=[0, largest * 1.02 or 1.0], nticks=6)
    return figure


def _steps_of_ten(values: np.ndarray, words: Callable[[float], str]) -> dict[str, object]:
    """Return a logarithmic axis around ``values`` whose ticks are powers of ten, written by ``words``."""
    low, high = (np.log10(values.min()), np.log10(values.max())) if len(values) else (0.0, 1.0)
    exponents = np.arange(np.floor(low), np.ceil(high) + 1)
    ticks = 10.0**exponents
    pad = 0.04 * max(high - low, 1.0)
    return {
        "type": "log",
        "tickvals": ticks,
        "ticktext": [words(float(tick)) for tick in ticks],
        "range": [low - pad, high + pad],
    }


def _finish(figure: go.Figure, x_title: str, y_title: str, dark: bool) -> None:
    """Give ``figure`` the common look and its legend."""
    apply_layout(figure, height=HEIGHT, x_title=x_title, y_title=y_title, right=16)
    show_legend(figure, dark)


def show_legend(figure: go.Figure, dark: bool) -> None:
    """Put a legend above the plot: where lines lie close together, names beside them could not be read."""
    figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"size": LABEL_SIZE, "color": INK[dark]},
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )
