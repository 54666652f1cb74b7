"""How listening and recommendations spread over the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from recsys_core.listening.popularity_shift import LISTENED, RECOMMENDED
from recsys_core.plots.labels import STRIPES
from recsys_core.plots.line_labels import places_on_lines
from recsys_core.plots.placing import spread
from recsys_core.plots.theme import (
    BASELINE,
    LABEL_SIZE,
    LISTENING,
    RECOMMENDATIONS,
    apply_layout,
    readable,
)

if TYPE_CHECKING:
    import numpy as np
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
    curves = {
        equal: (items, BASELINE, "dot", 1.5),
        listened: (table[LISTENED].to_numpy(), LISTENING, "solid", 3),
        recommended: (table[RECOMMENDED].to_numpy(), RECOMMENDATIONS, "dash", 3),
    }
    figure = go.Figure()
    for words, (shares, colour, dash, width) in curves.items():
        figure.add_scatter(
            x=items,
            y=shares,
            mode="lines",
            line={"color": colour, "dash": dash, "width": width},
            hovertemplate=f"%{{x:.0%}} {x_title}<br>%{{y:.1%}} {words}<extra></extra>",
        )
    places = places_on_lines(items, {words: shares for words, (shares, *_) in curves.items()})
    for words, (x, y, anchor) in places.items():
        _name(figure, x, y, words, curves[words][1], dark, at=anchor)
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
            marker={"color": colour, "pattern": {"shape": pattern, **STRIPES}},
            hovertemplate=f"%{{y:.1%}} {words}<extra></extra>",
        )
    tops = table[[LISTENED, RECOMMENDED]].to_numpy()
    for words, colour, height in zip(
        (listened, recommended), (LISTENING, RECOMMENDATIONS), _heights(tops), strict=True
    ):
        _name(figure, 1.55, height, words, colour, dark, at="left")
    apply_layout(figure, height=HEIGHT, x_title=x_title, y_title=y_title, right=16)
    figure.update_layout(bargap=0.2, bargroupgap=0.05)
    figure.update_xaxes(tickvals=list(range(1, 11)), range=[0.4, 10.6])
    figure.update_yaxes(tickformat=".0%", range=[0, float(tops.max()) * 1.08 or 1.0])
    return figure


def _heights(tops: np.ndarray) -> np.ndarray:
    """Return where the names stand right of the first bars: at their ends, clear of the next bars."""
    highest = float(tops.max())
    gap = 0.09 * highest
    low = min(float(tops[1:4].max()) + gap, highest - gap)
    return spread(tops[0] - gap / 2, gap, low, highest)


def _name(figure: go.Figure, x: float, y: float, words: str, colour: str, dark: bool, *, at: str) -> None:
    figure.add_annotation(
        x=x, y=y, text=words, showarrow=False, xanchor=at,
        font={"size": LABEL_SIZE, "color": readable(colour, dark=dark)},
    )  # fmt: skip
