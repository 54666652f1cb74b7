"""Training drawn for the page that teaches: whom a step pushes, and a curve that is gone on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from recsys_core.plots.labels import STRIPES, literal
from recsys_core.plots.theme import (
    BASELINE,
    LABEL_SIZE,
    LISTENING,
    TREATMENT,
    UNSELECTED,
    apply_layout,
    readable,
)

if TYPE_CHECKING:
    import pandas as pd

HEIGHT = 316


def pushes_figure(
    pushes: np.ndarray, loved: np.ndarray, *, words: tuple[str, str], limit: float, dark: bool = False
) -> go.Figure:
    """Return a bar per place of the list, to the right for a push up, to the left for one down.

    ``loved`` places have a heart; ``words`` are for "pushed up" and "pushed down"; ``limit`` is the longest
    push of the pictures that are to be compared.
    """
    up, down = (readable(one, dark=dark, contrast=3.0) for one in (LISTENING, TREATMENT))
    figure = go.Figure()
    figure.add_bar(
        x=pushes,
        y=np.arange(len(pushes)),
        orientation="h",
        marker={
            "color": [up if one >= 0 else down for one in pushes],
            "pattern": {**STRIPES, "shape": ["" if one >= 0 else "/" for one in pushes]},
        },
        hovertext=[words[0] if one >= 0 else words[1] for one in pushes],
        hovertemplate="%{hovertext}: %{x:+.2f}<extra></extra>",
    )
    apply_layout(figure, height=32 + 19 * len(pushes), left=8, right=8)
    figure.update_layout(margin={"t": 4, "b": 8})
    ticks = [f"{place}{' ♥' if one else ''}" for place, one in enumerate(loved, start=1)]
    figure.update_yaxes(
        tickvals=list(range(len(pushes))), ticktext=ticks, range=[len(pushes) - 0.5, -0.5], showgrid=False
    )
    figure.update_xaxes(range=[-1.08 * limit, 1.08 * limit], showticklabels=False)
    figure.add_vline(x=0, line={"width": 1, "color": readable(BASELINE, dark=dark, contrast=3.0)})
    return figure


def resume_figure(
    curve: pd.DataFrame, *, x_title: str, y_title: str, train: str, test: str, again: str, dark: bool = False
) -> go.Figure:
    """Return AUC on train (dashed) and test over the epochs; a grey line wherever training was resumed."""
    figure = go.Figure()
    for column, name, dash in (("train_auc", train, "dash"), ("test_auc", test, "solid")):
        colour = readable(LISTENING if column == "test_auc" else BASELINE, dark=dark, contrast=3.0)
        figure.add_scatter(
            x=curve["epoch"],
            y=curve[column],
            mode="lines+markers",
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"size": 6},
            hovertemplate=f"{literal(name)}<br>{x_title} %{{x}}: %{{y:.3f}}<extra></extra>",
        )
        figure.add_annotation(
            x=curve["epoch"].iloc[-1],
            y=curve[column].iloc[-1],
            text=literal(name),
            xanchor="left",
            xshift=8,
            showarrow=False,
            font={"size": LABEL_SIZE, "color": readable(colour, dark=dark)},
        )
    _mark_resumptions(figure, curve, again, dark)
    apply_layout(figure, height=HEIGHT, x_title=x_title, y_title=y_title, right=96)
    return figure.update_xaxes(range=[0.5, max(10, curve["epoch"].max()) + 0.5], nticks=8)


def _mark_resumptions(figure: go.Figure, curve: pd.DataFrame, again: str, dark: bool) -> None:
    """Draw a line wherever training was gone on with; the first is named."""
    starts = curve.loc[curve["call"].diff() > 0, "epoch"] - 0.5
    for place, start in enumerate(starts):
        figure.add_vline(
            x=start, line={"width": 1, "dash": "dot", "color": readable(UNSELECTED, dark=dark, contrast=2.2)}
        )
        if not place:
            figure.add_annotation(
                x=start,
                y=1,
                yref="paper",
                text=literal(again),
                xanchor="left",
                xshift=4,
                showarrow=False,
                font={"size": LABEL_SIZE, "color": readable(BASELINE, dark=dark)},
            )
