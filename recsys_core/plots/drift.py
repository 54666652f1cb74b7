"""Quality that drifts, drawn: one film's courses over its ratings, and what drifts foretell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from recsys_core.models.timesvd import beyond_luck
from recsys_core.models.timesvd.courses import ADJUSTED, DATE, STARS
from recsys_core.plots.labels import INK, literal
from recsys_core.plots.placing import spread
from recsys_core.plots.theme import BASELINE, LABEL_SIZE, UNSELECTED, apply_layout, readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

HEIGHT, ROW_HEIGHT, MARGIN = 380, 40, 72
STYLES = {
    "static": (BASELINE, "dash"),
    "bins": ("#E69F00", "solid"),
    "linear": ("#0072B2", "solid"),
    "decay": ("#D55E00", "solid"),
    "step": ("#882255", "longdash"),
    "season": ("#009E73", "dot"),
    "splines": ("#56B4E9", "dashdot"),
}


def courses_figure(
    points: pd.DataFrame,
    courses: pd.DataFrame,
    *,
    families: Sequence[str],
    names: Mapping[str, str],
    y_title: str,
    truth: np.ndarray | None = None,
    truth_words: str = "",
    dark: bool = False,
) -> go.Figure:
    """Return a pale mark per rating and a line per family, named at its end.

    Parameters
    ----------
    points
        ``date, stars, adjusted``: marks are drawn at ``adjusted``, the stars less the rater's habit.
    courses
        ``date`` and a column per family.
    truth
        What was planted, at the dates of ``courses``; drawn as a broad grey band if given.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=points[DATE],
        y=points[ADJUSTED],
        mode="markers",
        marker={"size": 6, "color": readable(UNSELECTED, dark=dark, contrast=1.6), "opacity": 0.6},
        customdata=points[[STARS]].to_numpy(),
        hovertemplate="%{x|%d %b %Y}<br>%{customdata[0]} ★<extra></extra>",
    )
    if truth is not None:
        figure.add_scatter(
            x=courses[DATE],
            y=truth,
            mode="lines",
            line={"width": 11, "color": "rgba(110,110,110,0.30)"},
            name=truth_words,
            hovertemplate=f"{literal(truth_words)}: %{{y:.2f}} ★<extra></extra>",
        )
    for family in families:
        colour, dash = STYLES[family]
        figure.add_scatter(
            x=courses[DATE],
            y=courses[family],
            mode="lines",
            line={"color": readable(colour, dark=dark, contrast=3.0), "dash": dash, "width": 2.5},
            name=names[family],
            hovertemplate=f"{literal(names[family])}<br>%{{x|%b %Y}}: %{{y:.2f}} ★<extra></extra>",
        )
    _name_ends(figure, courses, families, names, dark)
    right = 18 + round(7.2 * max((len(names[one]) for one in families), default=0))
    apply_layout(figure, height=HEIGHT + MARGIN, y_title=y_title, right=right)
    figure.update_layout(margin={"b": 40})
    return figure.update_yaxes(range=[0.3, 5.7])


def changes_figure(
    table: pd.DataFrame, names: Mapping[str, str], *, x_title: str, dark: bool = False
) -> go.Figure:
    """Return a row per family but the first: its change of error with the interval, zero in the middle.

    ``table`` is :func:`recsys_core.models.timesvd.held_out_table`; marks point the way the error goes where
    that is no luck, several families having been asked of.
    """
    rows = table.iloc[1:]
    figure = go.Figure()
    for place, (row, sign) in enumerate(zip(rows.itertuples(), beyond_luck(rows).tolist(), strict=True)):
        colour = readable({-1: "#009E73", 0: BASELINE, 1: "#D55E00"}[sign], dark=dark, contrast=3.0)
        figure.add_scatter(
            x=[row.change_low, row.change_high],
            y=[place, place],
            mode="lines",
            line={"color": colour, "width": 3},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[row.change],
            y=[place],
            mode="markers",
            marker={
                "size": 12,
                "color": colour,
                "symbol": {-1: "triangle-left", 0: "circle", 1: "triangle-right"}[sign],
            },
            hovertemplate=f"<b>{literal(names[row.family])}</b><br>%{{x:+.4f}} "
            f"({row.change_low:+.4f} … {row.change_high:+.4f})<extra></extra>",
        )
    figure.add_vline(x=0, line={"width": 1, "color": readable(UNSELECTED, dark=dark, contrast=2.2)})
    apply_layout(figure, height=72 + ROW_HEIGHT * len(rows), x_title=x_title, left=8)
    return figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[literal(names[one]) for one in rows["family"]],
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
    )


def _name_ends(
    figure: go.Figure, courses: pd.DataFrame, families: Sequence[str], names: Mapping[str, str], dark: bool
) -> None:
    """Write each family at the end of its line, none over another."""
    ends = np.array([float(courses[one].iloc[-1]) for one in families])
    pixels = (np.clip(ends, 0.3, 5.7) - 0.3) / 5.4 * HEIGHT
    placed = spread(pixels, LABEL_SIZE + 4, 8, HEIGHT - 8) / HEIGHT * 5.4 + 0.3
    for family, y in zip(families, placed, strict=True):
        figure.add_annotation(
            x=1,
            xref="paper",
            y=float(y),
            text=literal(names[family]),
            xanchor="left",
            xshift=6,
            showarrow=False,
            font={
                "size": LABEL_SIZE,
                "color": readable(STYLES[family][0], dark=dark) if family != "static" else INK[dark],
            },
        )
