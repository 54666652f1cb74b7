"""Films in figures: why a list is alike, what votes do to a rating, what fewer dimensions cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import plotly.graph_objects as go

from recsys_core.movies.reason_groups import GROUP_ORDER
from recsys_core.movies.schema import MovieColumns
from recsys_core.plots.labels import INK, STRIPES, literal, told_apart
from recsys_core.plots.placing import spread
from recsys_core.plots.popularity import show_legend
from recsys_core.plots.theme import BASELINE, LABEL_SIZE, LISTENING, apply_layout, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

ROW_HEIGHT, LINES_HEIGHT = 30, 330
# what people do is the blue of listening; what is written about films has colours of its own
GROUP_STYLES = {
    "audience": (LISTENING, ""),
    "words": ("#999933", ""),
    "keywords": ("#009E73", "/"),
    "people": ("#CC79A7", "x"),
    "genres": (BASELINE, "."),
}


def reason_figure(
    groups: pd.DataFrame,
    *,
    names: Mapping[str, str],
    percent: Callable[[float], str],
    dark: bool = False,
) -> go.Figure:
    """Return the similarity of each film as a bar of its groups of reasons, the first film on top.

    ``groups`` has the columns of :func:`recsys_core.movies.reason_groups.grouped`; ``names`` names groups.
    """
    shown = groups.iloc[::-1]
    rows, totals = np.arange(len(shown)), shown[list(GROUP_ORDER)].sum(axis=1).to_numpy()
    figure = go.Figure()
    for group in (one for one in GROUP_ORDER if shown[one].any()):
        colour, pattern = GROUP_STYLES[group]
        figure.add_bar(
            x=shown[group],
            y=rows,
            orientation="h",
            name=names[group],
            marker={"color": colour, "pattern": {"shape": pattern, **STRIPES}, "line": {"width": 0}},
            hovertext=[f"{literal(names[group])}: {percent(float(part))}" for part in shown[group]],
            hoverinfo="text",
        )
    _name_totals(figure, rows, totals, percent, dark)
    apply_layout(figure, height=72 + ROW_HEIGHT * len(shown), left=8, right=16)
    show_legend(figure, dark)
    figure.update_layout(margin={"t": 40})
    _name_rows(figure, shown[MovieColumns.TITLE], dark)
    figure.update_xaxes(range=[0, 1.18 * max(float(totals.max(initial=0)), 1e-6)], visible=False)
    return figure


def chart_figure(
    table: pd.DataFrame,
    mean_vote: float,
    *,
    number: Callable[[float], str],
    names: tuple[str, str],
    mean_words: str,
    x_title: str,
    dark: bool = False,
) -> go.Figure:
    """Return a row per film of a chart: its mean vote, and its weighted rating drawn towards C.

    ``table`` has ``title, vote_average, score``; ``names`` are those of the two marks.
    """
    shown, grey = table.iloc[::-1], readable(BASELINE, dark=dark, contrast=3)
    rows = np.arange(len(shown))
    means, scores = shown[MovieColumns.VOTE_AVERAGE].to_numpy(), shown["score"].to_numpy()
    figure = go.Figure()
    x = [end for mean, score in zip(means, scores, strict=True) for end in (mean, score, None)]
    y = [end for row in rows for end in (row, row, None)]
    line = {"color": grey, "width": 2}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False)
    marks = (
        (names[0], means, {"symbol": "circle-open", "size": 10, "color": grey, "line": {"width": 2}}),
        (names[1], scores, {"symbol": "circle", "size": 11, "color": readable(LISTENING, dark=dark)}),
    )
    for name, values, marker in marks:
        written = [f"{literal(name)}: {number(float(value))}" for value in values]
        figure.add_scatter(
            x=values, y=rows, mode="markers", name=name, marker=marker, hovertext=written, hoverinfo="text"
        )
    figure.add_vline(x=mean_vote, line={"color": grey, "dash": "dot", "width": 1})
    apply_layout(figure, height=120 + ROW_HEIGHT * len(shown), x_title=x_title, left=8, right=16)
    show_legend(figure, dark)
    figure.update_layout(margin={"t": 40})
    _name_rows(figure, shown[MovieColumns.TITLE], dark)
    low, high = min(mean_vote, *means, *scores), max(mean_vote, *means, *scores)
    figure.update_xaxes(
        range=[low - 0.05 * (high - low) - 0.05, high + 0.05 * (high - low) + 0.05], showgrid=True, nticks=6
    )
    figure.update_yaxes(range=[-0.7, len(shown) + 0.2])
    figure.add_annotation(
        x=mean_vote, y=len(shown) - 0.2, text=literal(mean_words), showarrow=False,
        xanchor="left", xshift=4, font={"size": LABEL_SIZE, "color": INK[dark]},
    )  # fmt: skip
    return figure


class Line(NamedTuple):
    """A column of a table of sizes, the name written at the line's end, and how it is drawn."""

    column: str
    words: str
    colour: str
    dash: str
    symbol: str


def sizes_figure(
    table: pd.DataFrame,
    lines: Sequence[Line],
    *,
    level: tuple[float, str],
    write: Callable[[float], str],
    x_title: str,
    y_title: str,
    log: bool = False,
    share: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Return ``lines`` over the number of components (log axis), each named at its end, and a named level.

    Parameters
    ----------
    level
        Height of a grey line, and what is written on it.
    share, log
        Whether the heights are shares, 0 to 1, or on a log axis.
    """
    figure = go.Figure()
    sizes = table["components"].to_numpy(np.float64)
    for line in lines:
        colour = readable(line.colour, dark=dark, contrast=3)
        figure.add_scatter(
            x=sizes,
            y=table[line.column],
            mode="lines+markers",
            line={"color": colour, "dash": line.dash, "width": 2.5},
            marker={"symbol": line.symbol, "size": 8, "color": colour},
            hovertext=[
                f"{literal(line.words)}, {size:g}: {write(float(value))}"
                for size, value in zip(sizes, table[line.column], strict=True)
            ],
            hoverinfo="text",
        )
    apply_layout(figure, height=LINES_HEIGHT, x_title=x_title, y_title=y_title, right=118)
    figure.update_xaxes(type="log", tickvals=sizes, ticktext=[f"{size:g}" for size in sizes])
    heights = [*(float(value) for line in lines for value in table[line.column]), level[0]]
    bounds = _bounds(heights, log=log, share=share)
    figure.update_yaxes(
        type="log" if log else "linear",
        range=bounds,
        tickformat=".0%" if share else "",
        dtick=1 if log else None,
    )
    _name_level(figure, sizes, level, log=log, dark=dark)
    _name_ends(figure, table, lines, bounds, log=log, dark=dark)
    return figure


def _bounds(heights: list[float], *, log: bool, share: bool) -> list[float]:
    if log:
        low, high = np.log10(max(min(heights), 1e-6)), np.log10(max(heights))
        return [float(low) - 0.15, float(high) + 0.15]
    return [0.0, 1.04 if share else 1.08 * max(heights)]


def _name_level(
    figure: go.Figure, sizes: np.ndarray, level: tuple[float, str], *, log: bool, dark: bool
) -> None:
    """Draw the level and write its name above its beginning."""
    grey = readable(BASELINE, dark=dark, contrast=3)
    figure.add_hline(y=level[0], line={"color": grey, "dash": "dash", "width": 1.5})
    figure.add_annotation(
        x=float(np.log10(sizes[0])), y=float(np.log10(level[0])) if log else level[0], text=literal(level[1]),
        showarrow=False, xanchor="left", yanchor="bottom", font={"size": LABEL_SIZE, "color": INK[dark]},
    )  # fmt: skip


def _name_ends(
    figure: go.Figure,
    table: pd.DataFrame,
    lines: Sequence[Line],
    bounds: list[float],
    *,
    log: bool,
    dark: bool,
) -> None:
    ends = np.array([float(table[line.column].iloc[-1]) for line in lines])
    heights = np.log10(np.maximum(ends, 1e-6)) if log else ends
    places = spread(heights, 0.075 * (bounds[1] - bounds[0]), bounds[0], bounds[1])
    for line, place in zip(lines, places, strict=True):
        figure.add_annotation(
            x=1, xref="paper", y=float(place), text=literal(line.words), showarrow=False, xanchor="left",
            xshift=4, font={"size": LABEL_SIZE, "color": readable(line.colour, dark=dark)},
        )  # fmt: skip


def _name_totals(
    figure: go.Figure, rows: np.ndarray, totals: np.ndarray, percent: Callable[[float], str], dark: bool
) -> None:
    """Write each bar's whole length behind its end."""
    figure.add_scatter(
        x=totals, y=rows, mode="text", text=[f" {percent(float(total))}" for total in totals],
        textposition="middle right", textfont={"size": LABEL_SIZE, "color": INK[dark]}, cliponaxis=False,
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    figure.update_layout(barmode="stack")


def _name_rows(figure: go.Figure, titles: pd.Series, dark: bool) -> None:
    figure.update_yaxes(
        tickvals=np.arange(len(titles)),
        ticktext=told_apart(titles.tolist(), 26),
        tickfont={"color": INK[dark]},
        showgrid=False,
    )
