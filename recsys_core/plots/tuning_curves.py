"""The curve of a trial against the best one's, and what several objectives cost each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from recsys_core.plots.labels import INK, literal
from recsys_core.plots.theme import BASELINE, LABEL_SIZE, LISTENING, RECOMMENDATIONS, apply_layout, readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

HEIGHT = 316


def trial_figure(
    curves: Mapping[str, pd.DataFrame],
    metric: str,
    *,
    chosen: str,
    x_title: str,
    y_title: str,
    dark: bool = False,
) -> go.Figure:
    """Return a line per curve (``epoch`` and ``metric``), named at its end; a star on its best epoch.

    ``chosen`` is drawn in colour, the others (for comparison) in grey.
    """
    figure = go.Figure()
    for name, curve in sorted(curves.items(), key=lambda one: one[0] == chosen):
        colour = readable(LISTENING if name == chosen else BASELINE, dark=dark, contrast=2.2)
        best = curve.loc[curve[metric].idxmax()]
        figure.add_scatter(
            x=curve["epoch"],
            y=curve[metric],
            mode="lines" if len(curve) > 1 else "markers",
            line={"color": colour, "width": 2.5, "dash": "solid" if name == chosen else "dot"},
            hovertemplate=f"{literal(name)}<br>{x_title} %{{x}}: %{{y:.4f}}<extra></extra>",
        )
        figure.add_scatter(
            x=[best["epoch"]],
            y=[best[metric]],
            mode="markers",
            marker={"symbol": "star", "size": 11, "color": colour},
            hoverinfo="skip",
        )
    _name_ends(figure, curves, metric, chosen, dark)
    last = max(float(curve["epoch"].iloc[-1]) for curve in curves.values())
    apply_layout(figure, height=HEIGHT, x_title=x_title, y_title=y_title)
    return figure.update_xaxes(range=[0, 1.04 * last], nticks=6)


def front_figure(
    table: pd.DataFrame,
    front: pd.DataFrame,
    objectives: tuple[str, str],
    *,
    x_title: str,
    y_title: str,
    best_words: str,
    dark: bool = False,
) -> go.Figure:
    """Return a mark per trial, the first objective up, the second across; unbeaten trials joined by a line.

    ``customdata`` of a mark is its trial's number.
    """
    up, across = objectives
    done = table[table[up].notna()]
    figure = go.Figure()
    ends = front.sort_values(across)
    figure.add_scatter(
        x=ends[across],
        y=ends[up],
        mode="lines+markers",
        line={"color": readable(RECOMMENDATIONS, dark=dark, contrast=2.2), "width": 2.5, "shape": "hv"},
        marker={"size": 13, "symbol": "circle-open", "line": {"width": 2.5}},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=done[across],
        y=done[up],
        mode="markers",
        marker={"size": 8, "color": readable(LISTENING, dark=dark, contrast=2.2)},
        customdata=done["trial"].to_numpy(),
        hovertext=[f"{literal(best_words)}" if one in set(front["trial"]) else "" for one in done["trial"]],
        hovertemplate=f"{x_title} %{{x:.4g}}<br>{y_title} %{{y:.4f}}<br>%{{hovertext}}<extra></extra>",
    )
    return apply_layout(figure, height=HEIGHT, x_title=x_title, y_title=y_title)


def _name_ends(
    figure: go.Figure, curves: Mapping[str, pd.DataFrame], metric: str, chosen: str, dark: bool
) -> None:
    """Write each name at the end of its curve: above the upper one, below the lower one."""
    ends = sorted((float(curve[metric].iloc[-1]), name) for name, curve in curves.items())
    for place, (value, name) in enumerate(ends):
        figure.add_annotation(
            x=curves[name]["epoch"].iloc[-1],
            y=value,
            text=literal(name),
            xanchor="right",
            yanchor="bottom" if place else "top",
            yshift=9 if place else -9,
            showarrow=False,
            font={
                "size": LABEL_SIZE,
                "color": INK[dark] if name == chosen else readable(BASELINE, dark=dark),
            },
        )
