"""A study drawn: grid as a heat map, the best so far, what matters, and the best settings side by side."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from recsys_core.plots.labels import INK, literal
from recsys_core.plots.theme import BASELINE, LABEL_SIZE, LISTENING, RECOMMENDATIONS, apply_layout, readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from recsys_core.tuning import HeatMap

SCALE = "Cividis"
# as SCALE, but its lower end would vanish on the dark page
DARK_SCALE = [[0, "#66789A"], [0.5, "#A59C74"], [1, "#FEE838"]]
ROW_HEIGHT, BAR_HEIGHT = 44, 34
LABEL_WIDTH = 9  # letters over an axis
_STATES = {"complete": "circle", "pruned": "line-ew-open"}
_MARKS = {"complete": LISTENING, "pruned": BASELINE}


def heat_map_figure(grid: HeatMap, *, x_title: str, y_title: str, value: str, waiting: str) -> go.Figure:
    """Return the grid, one cell per setting, its value written in it, the best cell outlined.

    Both axes are in steps, not to scale. ``customdata`` of a cell is its trial's number, -1 for none.
    Invisible marks over the cells carry the same: a browser can select marks, but no cells.

    Parameters
    ----------
    value, waiting
        What is said of a cell under the pointer: the value's name, and the words for a cell not yet tried.
    """
    values = grid.values.to_numpy(np.float64)
    written = [["" if np.isnan(one) else f"{one:.3f}" for one in row] for row in values]
    told = [[waiting if np.isnan(one) else f"{value} {one:.4f}" for one in row] for row in values]
    across, down = [f"{one:g}" for one in grid.values.columns], [f"{one:g}" for one in grid.values.index]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=across,
            y=down,
            text=written,
            texttemplate="%{text}",
            textfont={"size": LABEL_SIZE},
            hovertext=[
                [f"{x_title} {x}<br>{y_title} {y}<br>{words}" for x, words in zip(across, row, strict=True)]
                for y, row in zip(down, told, strict=True)
            ],
            hoverinfo="text",
            customdata=grid.numbers.to_numpy(),
            colorscale=SCALE,
            showscale=False,  # every cell says its value
            xgap=2,
            ygap=2,
        )
    )
    apply_layout(figure, height=96 + ROW_HEIGHT * len(down), x_title=x_title, y_title=y_title)
    _add_marks(figure, across, down)
    figure.update_xaxes(type="category", range=[-0.5, len(across) - 0.5])
    figure.update_yaxes(type="category", range=[-0.5, len(down) - 0.5], showgrid=False)
    if grid.best is not None:
        row, column = list(grid.values.index).index(grid.best[0]), list(grid.values).index(grid.best[1])
        _outline(figure, row, column)
    return figure


def history_figure(
    history: pd.DataFrame, *, x_title: str, y_title: str, states: Mapping[str, str], dark: bool = False
) -> go.Figure:
    """Return a mark per trial and the best so far as a stepped line, from a study's ``history()``.

    ``states`` names complete and pruned trials; trials without a value are left out. ``customdata`` of a mark
    is its trial's number.
    """
    figure = go.Figure()
    known = history[history["best_so_far"].notna()]
    figure.add_scatter(
        x=known["trial"] + 1,
        y=known["best_so_far"],
        mode="lines",
        line={"shape": "hv", "width": 2.5, "color": readable(RECOMMENDATIONS, dark=dark, contrast=2.2)},
        hoverinfo="skip",
    )
    for state, symbol in _STATES.items():
        rows = history[(history["state"] == state) & history["value"].notna()]
        figure.add_scatter(
            x=rows["trial"] + 1,
            y=rows["value"],
            name=states[state],
            mode="markers",
            marker={"symbol": symbol, "size": 8, "color": readable(_MARKS[state], dark=dark, contrast=2.2)},
            customdata=rows["trial"].to_numpy(),
            hovertemplate=f"{x_title} %{{x}}: %{{y:.4f}}<br>{states[state]}<extra></extra>",
        )
    apply_layout(figure, height=320, x_title=x_title, y_title=y_title)
    return figure


def importance_figure(table: pd.DataFrame, names: Mapping[str, str], *, x_title: str) -> go.Figure:
    """Return bars of ``parameter, importance``, the largest on top; ``names`` are for people."""
    rows = table.iloc[::-1]
    shares = rows["importance"].to_numpy(np.float64)
    figure = go.Figure(
        go.Bar(
            x=shares,
            y=[literal(names.get(one, one)) for one in rows["parameter"]],
            orientation="h",
            marker={"color": LISTENING},
            text=[f"{share:.0%}" for share in shares],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    apply_layout(figure, height=72 + BAR_HEIGHT * max(1, len(rows)), x_title=x_title, right=56)
    figure.update_xaxes(range=[0, max(1e-6, shares.max(initial=0)) * 1.05], tickformat=".0%", nticks=5)
    figure.update_yaxes(nticks=None, showgrid=False)
    return figure


def parallel_figure(
    settings: pd.DataFrame, names: Mapping[str, str], *, value: str, dark: bool = False
) -> go.Figure:
    """Return a line per setting across its parameters, from ``parallel(top)``; the colour is the value.

    A parameter that a setting does not need is at the foot of its axis, marked "–". ``value`` names what the
    settings were searched for.
    """
    parameters = [name for name in settings if name not in ("trial", "value")]
    axes = [_axis(settings[name], _folded(names.get(str(name), str(name)))) for name in parameters]
    values = settings["value"].to_numpy(np.float64)
    axes.append({"label": _folded(value), "values": values, "tickformat": ".3f"})
    figure = go.Figure(
        go.Parcoords(
            dimensions=axes,
            line={"color": values, "colorscale": DARK_SCALE if dark else SCALE, "showscale": False},
            labelfont={"size": LABEL_SIZE, "color": INK[dark]},
            tickfont={"size": LABEL_SIZE - 1, "color": INK[dark]},
        )
    )
    figure.update_layout(height=360, margin={"l": 56, "r": 40, "t": 72, "b": 24})
    return figure


def _add_marks(figure: go.Figure, across: list[str], down: list[str]) -> None:
    cells = figure.data[0]
    unseen = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=across * len(down),
        y=[one for one in down for _ in across],
        mode="markers",
        marker={"symbol": "square", "size": ROW_HEIGHT - 4, "opacity": 0},
        customdata=cells.customdata.ravel(),
        hovertext=[words for row in cells.hovertext for words in row],
        hoverinfo="text",
        selected=unseen,
        unselected=unseen,
    )


def _outline(figure: go.Figure, row: int, column: int) -> None:
    """Draw a dark frame with a light rim: one of them stands out on any cell and on either theme."""
    for colour, width in ((INK[True], 7), (INK[False], 3)):
        figure.add_shape(
            type="rect",
            x0=column - 0.5,
            x1=column + 0.5,
            y0=row - 0.5,
            y1=row + 0.5,
            line={"color": colour, "width": width},
        )


def _folded(name: str) -> str:
    """Return a name on as many lines as it takes to stand over its own axis."""
    return "<br>".join(literal(line) for line in textwrap.wrap(name, LABEL_WIDTH, break_long_words=False)[:3])


def _axis(column: pd.Series, label: str) -> dict[str, Any]:
    """Return the axis of one parameter: words in steps, numbers to scale, wide ranges by powers of ten."""
    missing = column.isna().to_numpy()
    present = column[~missing]
    if present.empty or not np.issubdtype(np.asarray(present.tolist()).dtype, np.number):
        words = sorted({str(one) for one in present})
        places = {word: float(place) for place, word in enumerate(words)}
        at = np.array([places.get(str(one), np.nan) for one in column])
        return _with_missing(label, at, missing, {place: word for word, place in places.items()}, 1.0)
    numbers = present.to_numpy(np.float64)
    by_powers = numbers.min() > 0 and numbers.max() / numbers.min() > 20
    scaled = np.log10(numbers) if by_powers else numbers
    steps = np.linspace(scaled.min(), scaled.max(), 5 if scaled.max() > scaled.min() else 1)
    ticks = {float(one): _tick(10**one if by_powers else one) for one in steps}
    at = np.full(len(column), np.nan)
    at[~missing] = scaled
    return _with_missing(label, at, missing, ticks, (scaled.max() - scaled.min()) or 1.0)


def _tick(value: float) -> str:
    return f"{value:.3g}".replace("e-0", "e-")


def _with_missing(
    label: str, at: np.ndarray, missing: np.ndarray, ticks: dict[float, str], span: float
) -> dict[str, Any]:
    if missing.any():
        foot = min(ticks, default=0.0) - 0.15 * span
        at = np.where(missing, foot, at)
        ticks = {foot: "–", **ticks}
    return {"label": label, "values": at, "tickvals": list(ticks), "ticktext": list(ticks.values())}
