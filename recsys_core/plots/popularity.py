"""How listening and recommendations spread over the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from recsys_core.plots.theme import (
    BASELINE,
    LABEL_SIZE,
    LISTENING,
    RECOMMENDATIONS,
    apply_layout,
    readable,
)
from recsys_core.popularity_shift import LISTENED, RECOMMENDED

if TYPE_CHECKING:
    import pandas as pd

HEIGHT = 340


def lorenz_figure(
    table: pd.DataFrame,
    *,
    listened: str,
    recommended: str,
    equal: str,
    x_title: str,
    y_title: str,
    dark: bool = False,
) -> go.Figure:
    """Return the Lorenz curves of ``items, listened, recommended``, cumulative shares, named on the lines."""
    items = table["items"].to_numpy()
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": BASELINE, "dash": "dot", "width": 1.5},
        hoverinfo="skip",
    )
    _name(figure, 0.5, 0.5, equal, BASELINE, dark, at="right")
    for side, words, colour, dash, height in (
        (LISTENED, listened, LISTENING, "solid", 0.62),
        (RECOMMENDED, recommended, RECOMMENDATIONS, "dash", 0.06),
    ):
        shares = table[side].to_numpy()
        figure.add_scatter(
            x=items,
            y=shares,
            mode="lines",
            line={"color": colour, "dash": dash, "width": 3},
            hovertemplate=f"%{{x:.0%}} {x_title}<br>%{{y:.1%}} {words}<extra></extra>",
        )
        _name(figure, float(np.interp(height, shares, items)), height, words, colour, dark, at="right")
    apply_layout(figure, height=HEIGHT, x_title=x_title, y_title=y_title, right=16)
    figure.update_xaxes(tickformat=".0%", range=[0, 1.005])
    figure.update_yaxes(tickformat=".0%", range=[-0.01, 1.02])
    return figure


def decile_figure(
    table: pd.DataFrame, *, listened: str, recommended: str, x_title: str, y_title: str, dark: bool = False
) -> go.Figure:
    """Return the shares of ``decile, listened, recommended`` as pairs of bars, named on the first."""
    figure = go.Figure()
    for side, words, colour, pattern in (
        (LISTENED, listened, LISTENING, ""),
        (RECOMMENDED, recommended, RECOMMENDATIONS, "/"),
    ):
        shares = table[side].to_numpy()
        figure.add_bar(
            x=table["decile"],
            y=shares,
            marker={"color": colour, "pattern": {"shape": pattern, "solidity": 0.25, "size": 6}},
            hovertemplate=f"%{{y:.1%}} {words}<extra></extra>",
        )
    tops = table[[LISTENED, RECOMMENDED]].to_numpy()
    # the two names stand right of the first pair, above the low bars of the others
    for words, colour, height in zip(
        (listened, recommended), (LISTENING, RECOMMENDATIONS), _heights(tops), strict=True
    ):
        _name(figure, 1.55, height, words, colour, dark, at="left")
    apply_layout(figure, height=HEIGHT, x_title=x_title, y_title=y_title, right=16)
    figure.update_layout(bargap=0.2, bargroupgap=0.05)
    figure.update_xaxes(tickvals=list(range(1, 11)), range=[0.4, 10.6])
    figure.update_yaxes(tickformat=".0%", range=[0, float(tops.max()) * 1.08 or 1.0])
    return figure


def _heights(tops: np.ndarray) -> tuple[float, float]:
    """Return where the names of both sides go: near the top of the first bars, never on each other."""
    gap = 0.09 * float(tops.max())
    listened, recommended = (float(height) - gap / 2 for height in tops[0])
    if abs(listened - recommended) < gap:
        middle = (listened + recommended) / 2
        high, low = middle + gap / 2, middle - gap / 2
        return (high, low) if listened >= recommended else (low, high)
    return listened, recommended


def _name(figure: go.Figure, x: float, y: float, words: str, colour: str, dark: bool, *, at: str) -> None:
    figure.add_annotation(
        x=x, y=y, text=words, showarrow=False, xanchor=at, xshift=-8 if at == "right" else 0,
        font={"size": LABEL_SIZE, "color": readable(colour, dark=dark)},
    )  # fmt: skip
