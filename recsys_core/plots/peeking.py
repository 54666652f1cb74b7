"""False alarms drawn: how many experiments without an effect have cried wolf by each look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from recsys_core.plots.labels import literal
from recsys_core.plots.theme import BASELINE, CONTROL, LABEL_SIZE, TREATMENT, apply_layout, readable

if TYPE_CHECKING:
    import pandas as pd

HEIGHT, PROMISED = 340, 5.0
STYLES = {"one_look": (TREATMENT, "solid", "square"), "any_time": (CONTROL, "dot", "circle")}


def false_alarms_figure(
    table: pd.DataFrame,
    *,
    x_title: str,
    y_title: str,
    one_look: str,
    any_time: str,
    promised: str,
    dark: bool = False,
) -> go.Figure:
    """Return two rising lines over the looks, in per cent, and a level line at the 5 % that was promised.

    ``table`` has ``look, users, one_look, any_time`` (shares); the other arguments are words.
    """
    figure = go.Figure()
    for column, name in (("one_look", one_look), ("any_time", any_time)):
        _line(figure, table, column, name, x_title, dark)
    _promise(figure, promised, dark)
    highest = 100 * float(table["one_look"].max())
    apply_layout(figure, height=HEIGHT, x_title=x_title, y_title=y_title)
    figure.update_xaxes(range=[0.5, table["look"].iloc[-1] + 0.5], nticks=10)
    return figure.update_yaxes(range=[0, max(12.0, 1.18 * highest)], ticksuffix=" %")


def _line(figure: go.Figure, table: pd.DataFrame, column: str, name: str, x_title: str, dark: bool) -> None:
    """Draw one of the two shares over the looks, named at its end."""
    colour, dash, symbol = STYLES[column]
    figure.add_scatter(
        x=table["look"],
        y=100 * table[column],
        mode="lines+markers",
        line={"color": readable(colour, dark=dark, contrast=3.0), "width": 2.5, "dash": dash},
        marker={"size": 6, "symbol": symbol},
        customdata=table[["users"]].to_numpy(),
        hovertemplate=f"{literal(name)}<br>{x_title} %{{x}} (%{{customdata[0]:,}}): "
        "%{y:.1f} %<extra></extra>",
    )
    figure.add_annotation(
        x=table["look"].iloc[-1],
        y=100 * table[column].iloc[-1],
        text=literal(name),
        xanchor="right",
        yanchor="bottom",
        yshift=6,
        showarrow=False,
        font={"size": LABEL_SIZE, "color": readable(colour, dark=dark)},
    )


def _promise(figure: go.Figure, promised: str, dark: bool) -> None:
    """Draw the level that was promised."""
    grey = readable(BASELINE, dark=dark, contrast=3.0)
    figure.add_hline(y=PROMISED, line={"width": 1.5, "dash": "dash", "color": grey})
    figure.add_annotation(
        x=0.55,
        xref="paper",
        y=PROMISED,
        text=literal(promised),
        xanchor="center",
        yanchor="bottom",
        showarrow=False,
        font={"size": LABEL_SIZE, "color": readable(BASELINE, dark=dark)},
    )
