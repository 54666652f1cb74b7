"""Pictures of a data set: its long tail, its matrices, what scaling does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from recsys_core.plots.theme import LABEL_SIZE, LISTENING, apply_layout

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

PANEL_HEIGHT = 130
OTHER_PART, UNKNOWN = "rgba(128,128,128,0.4)", "rgba(128,128,128,0.07)"


def long_tail_figure(
    tail: pd.DataFrame, *, whole: Callable[[float], str], x_title: str, y_title: str
) -> go.Figure:
    """Return ``low, high, items`` as bars with their counts written above."""
    names = [
        whole(low) if low == high else f"{whole(low)}–{whole(high)}"
        for low, high in zip(tail["low"], tail["high"], strict=True)
    ]
    counts = tail["items"].to_numpy()
    figure = go.Figure(
        go.Bar(
            x=counts,
            y=np.arange(len(names)),
            orientation="h",
            text=[whole(count) for count in counts],
            textposition="outside",
            cliponaxis=False,
            marker={"color": LISTENING},
            hoverinfo="skip",
        )
    )
    apply_layout(figure, height=80 + 26 * len(names), x_title=x_title, y_title=y_title)
    figure.update_yaxes(
        tickvals=np.arange(len(names)), ticktext=names, autorange="reversed", showgrid=False, automargin=True
    )
    figure.update_xaxes(range=[0, float(counts.max()) * 1.2], showticklabels=False)
    return figure


def scaling_figure(histograms: pd.DataFrame, *, names: Mapping[str, str], x_title: str) -> go.Figure:
    """Return one row of bars per scaling of ``scaling, low, high, share``, all on the same axes.

    ``names`` gives the title of each row, in the order to draw them.
    """
    figure = make_subplots(rows=len(names), cols=1, shared_xaxes=True, vertical_spacing=0.16)
    for row, (scaling, name) in enumerate(names.items(), start=1):
        part = histograms[histograms["scaling"] == scaling]
        width = float(part["high"].iloc[0] - part["low"].iloc[0])
        figure.add_bar(
            x=part["low"] + width / 2,
            y=part["share"],
            width=width * 0.92,
            marker={"color": LISTENING},
            hovertemplate="%{y:.1%}<extra></extra>",
            row=row,
            col=1,
        )
        _title(figure, name, row=row, col=1)
    apply_layout(figure, height=PANEL_HEIGHT * len(names) + 60)
    figure.update_layout(margin={"t": 32, "b": 48})
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_xaxes(title={"text": x_title}, row=len(names), col=1)
    figure.update_yaxes(tickformat=".0%", nticks=3, rangemode="tozero")
    return figure


def corner_figure(train: np.ndarray, test: np.ndarray, *, names: tuple[str, str]) -> go.Figure:
    """Return the same window of both matrices side by side; each shows the other's cells in grey.

    ``train`` and ``test`` are bool of one shape, users down and items across.
    """
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.06)
    for column, (own, other) in enumerate(((train, test), (test, train)), start=1):
        figure.add_heatmap(
            z=np.where(own, 2, np.where(other, 1, 0)),
            zmin=0,
            zmax=2,
            colorscale=[
                [0.0, UNKNOWN], [0.33, UNKNOWN],
                [0.33, OTHER_PART], [0.67, OTHER_PART], [0.67, LISTENING], [1.0, LISTENING],
            ],
            xgap=1,
            ygap=1,
            showscale=False,
            hoverinfo="skip",
            row=1,
            col=column,
        )  # fmt: skip
        _title(figure, names[column - 1], row=1, col=column)
    apply_layout(figure, height=300, left=8, right=8)
    figure.update_layout(margin={"t": 32, "b": 8})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, autorange="reversed")
    return figure


def _title(figure: go.Figure, words: str, *, row: int, col: int) -> None:
    figure.add_annotation(
        x=0, y=1.02, xref="x domain", yref="y domain", xanchor="left", yanchor="bottom",
        text=f"<b>{words}</b>", showarrow=False, font={"size": LABEL_SIZE}, row=row, col=col,
    )  # fmt: skip
