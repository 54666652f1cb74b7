"""The small figures of the page that teaches: matrices, a plane of tastes, bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from recsys_core.lessons.feedback import DISLIKED, ONE, UNKNOWN
from recsys_core.plots.labels import INK, STRIPES, literal
from recsys_core.plots.theme import (
    BACKGROUNDS,
    BASELINE,
    LABEL_SIZE,
    LISTENING,
    RECOMMENDATIONS,
    TREATMENT,
    UNSELECTED,
    apply_layout,
    readable,
    translucent,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

ROW, HEIGHT = 40, 316
_LONG = 13  # letters of a name before it is broken into lines


def implicit_figure(
    cells: np.ndarray,
    people: Sequence[str],
    items: Sequence[str],
    *,
    words: Mapping[int, str],
    dark: bool = False,
) -> go.Figure:
    """Return the matrix of ones and zeros, a rectangle per cell: filled, hatched for a dislike, or empty.

    ``cells`` are :func:`recsys_core.lessons.feedback.implicit_cells`; ``words`` tell each kind by hovering.
    """
    styles = {
        ONE: (readable(LISTENING, dark=dark, contrast=3.0), "1"),
        DISLIKED: (readable(TREATMENT, dark=dark, contrast=3.0), "0"),
        UNKNOWN: (translucent(UNSELECTED, 0.25), "0"),
    }
    figure = go.Figure()
    for kind, (colour, shown) in styles.items():
        places = np.argwhere(cells == kind).tolist()
        hover = [f"{people[row]}, {items[column]}" for row, column in places]
        _rectangles(figure, places, hover, colour, words[kind], hatched=kind == DISLIKED)
        ink = BACKGROUNDS[dark] if kind != UNKNOWN else INK[dark]
        _write(figure, places, shown, ink, colour if kind == DISLIKED else "rgba(0,0,0,0)")
    apply_layout(figure, height=72 + ROW * len(people), left=8, right=8)
    figure.update_layout(barmode="overlay", margin={"b": 8, "t": 44})
    figure.update_xaxes(
        tickvals=list(range(len(items))), ticktext=[_broken(one) for one in items], side="top", tickangle=0
    )
    figure.update_yaxes(
        tickvals=list(range(len(people))),
        ticktext=[literal(one) for one in people],
        range=[len(people) - 0.5, -0.5],
        showgrid=False,
    )
    return figure


def _rectangles(
    figure: go.Figure,
    places: Sequence[Sequence[int]],
    hover: Sequence[str],
    colour: str,
    words: str,
    *,
    hatched: bool,
) -> None:
    """Draw the cells at ``places`` (row, column) as bars that nearly touch."""
    marker = {"color": colour, "line": {"width": 0}}
    marker |= {"pattern": {**STRIPES, "shape": "/"}} if hatched else {}
    figure.add_bar(
        x=[column for _, column in places],
        y=np.full(len(places), 0.86),
        base=[row - 0.43 for row, _ in places],
        width=0.9,
        marker=marker,
        hovertext=hover,
        hovertemplate=f"%{{hovertext}}<br>{literal(words)}<extra></extra>",
    )


def _write(figure: go.Figure, places: Sequence[Sequence[int]], shown: str, ink: str, background: str) -> None:
    """Write the same into the cells at ``places``."""
    for row, column in places:
        figure.add_annotation(
            x=column,
            y=row,
            text=f"<b>{shown}</b>",
            showarrow=False,
            bgcolor=background,
            font={"size": LABEL_SIZE + 2, "color": ink},
        )


def taste_plane(
    table: pd.DataFrame,
    taste: tuple[float, float],
    *,
    x_title: str,
    y_title: str,
    you: str,
    dark: bool = False,
) -> go.Figure:
    """Return the artists as marks as large as their bias, and an arrow to where the listener's taste points.

    ``table`` is :func:`recsys_core.lessons.score.score_table`; the one ranked first is in colour.
    """
    figure = go.Figure()
    _artists(figure, table, dark)
    _arrow(figure, taste, you, readable(LISTENING, dark=dark, contrast=3.0))
    apply_layout(figure, height=HEIGHT + 40, x_title=x_title, y_title=y_title)
    axis = {"range": [-1.3, 1.3], "nticks": 3, "zeroline": True, "zerolinewidth": 1}
    return figure.update_xaxes(**axis).update_yaxes(**axis)


def _artists(figure: go.Figure, table: pd.DataFrame, dark: bool) -> None:
    """Draw a mark and a name for each artist; the first is a star in colour."""
    first = table["rank"] == 1
    colours = [RECOMMENDATIONS if one else BASELINE for one in first]
    figure.add_scatter(
        x=table["electronic"],
        y=table["loud"],
        mode="markers+text",
        marker={
            "size": 12 + 10 * np.maximum(table["bias"], 0),
            "color": [readable(one, dark=dark, contrast=2.2) for one in colours],
            "symbol": ["star" if one else "circle" for one in first],
        },
        text=[f"{rank}. {literal(name)}" for rank, name in zip(table["rank"], table["name"], strict=True)],
        textposition=[_inwards(x) for x in table["electronic"]],
        textfont={"size": LABEL_SIZE, "color": INK[dark]},
        customdata=table[["score", "match", "bias"]].to_numpy(),
        hovertemplate="%{text}<br>%{customdata[0]:.2f} = %{customdata[1]:.2f} + %{customdata[2]:.2f}"
        "<extra></extra>",
        cliponaxis=False,
    )


def _arrow(figure: go.Figure, taste: tuple[float, float], you: str, colour: str) -> None:
    """Draw the listener's taste as an arrow from the middle, with its name at the end."""
    figure.add_annotation(
        x=taste[0],
        y=taste[1],
        ax=0,
        ay=0,
        axref="x",
        ayref="y",
        xref="x",
        yref="y",
        arrowhead=3,
        arrowwidth=3,
        arrowcolor=colour,
        showarrow=True,
        text="",
    )
    figure.add_annotation(
        x=taste[0],
        y=taste[1],
        text=f"<b>{literal(you)}</b>",
        showarrow=False,
        yshift=14 if taste[1] >= 0 else -14,
        font={"size": LABEL_SIZE + 1, "color": colour},
    )


def value_bars(
    names: Sequence[str],
    values: Sequence[float],
    *,
    labels: Sequence[str],
    chosen: Sequence[bool],
    x_title: str,
    top: float = 1.0,
    dark: bool = False,
) -> go.Figure:
    """Return a bar per name, from the top, ``labels`` at their ends; ``chosen`` ones in colour."""
    figure = go.Figure()
    figure.add_bar(
        x=list(values),
        y=list(range(len(names))),
        orientation="h",
        marker={
            "color": [
                readable(RECOMMENDATIONS if one else UNSELECTED, dark=dark, contrast=2.2) for one in chosen
            ]
        },
        text=[f"<b>{label}</b>" if one else label for label, one in zip(labels, chosen, strict=True)],
        textposition="outside",
        textfont={"size": LABEL_SIZE, "color": INK[dark]},
        cliponaxis=False,
        hoverinfo="skip",
    )
    apply_layout(figure, height=64 + ROW * len(names), x_title=x_title, left=8, right=48)
    figure.update_xaxes(range=[0, top])
    return figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[literal(one) for one in names],
        range=[len(names) - 0.5, -0.5],
        showgrid=False,
    )


def distances_figure(distances: np.ndarray, people: Sequence[str], *, dark: bool = False) -> go.Figure:
    """Return the distances of all pairs as a table of cells, the nearer the darker, each with its number."""
    colour = readable(LISTENING, dark=dark, contrast=3.0)
    figure = go.Figure()
    figure.add_heatmap(
        z=distances,
        zmin=0,
        zmax=1,
        colorscale=[[0, translucent(colour, 0.85)], [1, translucent(colour, 0.04)]],
        showscale=False,
        xgap=3,
        ygap=3,
        hoverinfo="skip",
    )
    for row in range(len(people)):
        for column in range(len(people)):
            near = distances[row, column] < 0.45
            figure.add_annotation(
                x=column,
                y=row,
                text="–" if row == column else f"{distances[row, column]:.2f}",
                showarrow=False,
                font={"size": LABEL_SIZE + 1, "color": BACKGROUNDS[dark] if near else INK[dark]},
            )
    apply_layout(figure, height=64 + ROW * len(people), left=8, right=8)
    ticks = {"tickvals": list(range(len(people))), "ticktext": [literal(one) for one in people]}
    figure.update_xaxes(side="top", **ticks)
    figure.update_layout(margin={"t": 36, "b": 8})
    return figure.update_yaxes(range=[len(people) - 0.5, -0.5], showgrid=False, **ticks)


def _inwards(x: float) -> str:
    """Return where a name has room."""
    return "bottom center" if abs(x) < 0.4 else "bottom right" if x < 0 else "bottom left"


def _broken(name: str) -> str:
    """Return a name in lines short enough for a narrow column."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= _LONG:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(literal(line) for line in lines)
