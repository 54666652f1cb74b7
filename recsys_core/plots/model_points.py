"""One point per model: accuracy against something else that matters, each point named beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from recsys_core.plots import theme
from recsys_core.plots.labels import literal
from recsys_core.plots.placing import Box, least_crowded

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

HEIGHT, WIDTH = 400, 820  # pixels of the plot; the width is a guess, made for placing names only
_CHARACTER, _LINE, _GAP = 6.6, 15, 9
_PAD = 0.09  # of the range: room for names


def model_points_figure(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    names: Mapping[str, str],
    x_title: str,
    y_title: str,
    front: str = "",
    dark: bool = False,
    hover: str = "%{text}<br>%{x:.3g} · %{y:.3f}<extra></extra>",
) -> go.Figure:
    """Return a point per row of ``table`` (``model``, ``x``, ``y``, ``on_front``), upper right the best.

    Parameters
    ----------
    names
        What people call each model.
    front
        Written at the line through the rows that are ``on_front``; no line if empty.
    """
    figure = go.Figure()
    table = table.dropna(subset=[x, y]).reset_index(drop=True)
    if front:
        steps = table[table["on_front"]].sort_values(x)
        line = {"color": theme.translucent(theme.BASELINE, 0.35), "width": 9}
        figure.add_scatter(x=steps[x], y=steps[y], mode="lines", line=line, name=front, hoverinfo="skip")
    for row in table.to_dict("records"):
        style = theme.style_of(row["model"])
        colour = theme.readable(style.colour, dark=dark, contrast=2.2)
        figure.add_scatter(
            x=[row[x]],
            y=[row[y]],
            mode="markers",
            text=[literal(names[row["model"]])],
            name=names[row["model"]],
            marker={
                "color": colour,
                "symbol": style.symbol,
                "size": 11,
                "line": {"width": 2, "color": colour},
            },
            hovertemplate=hover,
        )
    theme.apply_layout(figure, height=HEIGHT + 64, x_title=x_title, y_title=y_title)
    bounds = [_bounds(table[name].to_numpy(np.float64)) for name in (x, y)]
    figure.update_xaxes(range=bounds[0])
    figure.update_yaxes(range=bounds[1])
    _name_points(figure, table, (x, y), bounds, names, dark)
    return figure


def _bounds(values: np.ndarray) -> list[float]:
    low, high = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    if not np.isfinite(low):
        return [0.0, 1.0]
    pad = _PAD * max(high - low, 1e-6 + 0.01 * abs(high))
    return [low - pad, high + 1.4 * pad]


def _name_points(
    figure: go.Figure,
    table: pd.DataFrame,
    columns: tuple[str, str],
    bounds: list[list[float]],
    names: Mapping[str, str],
    dark: bool,
) -> None:
    """Write each name where it covers fewest points and no other name."""
    across, up = (
        (table[name].to_numpy(np.float64) - low) / (high - low) * size
        for name, (low, high), size in zip(columns, bounds, (WIDTH, HEIGHT), strict=True)
    )
    taken: list[Box] = []
    for row, model in enumerate(table["model"]):
        wide = len(names[model]) * _CHARACTER
        places = _places(float(across[row]), float(up[row]), wide)
        chosen = least_crowded([box for box, *_ in places], across, up, taken)
        box, x_anchor, y_anchor, x_shift, y_shift = places[chosen]
        taken.append(box)
        colour = theme.readable(theme.style_of(model).colour, dark=dark)
        figure.add_annotation(
            x=table[columns[0]].iloc[row], y=table[columns[1]].iloc[row],
            text=f"<b>{literal(names[model])}</b>", showarrow=False,
            xanchor=x_anchor, yanchor=y_anchor, xshift=x_shift, yshift=y_shift,
            font={"size": theme.LABEL_SIZE, "color": colour},
        )  # fmt: skip


def _places(x: float, y: float, wide: float) -> list[tuple[Box, str, str, int, int]]:
    """Return up to eight places around a point: box, anchors and shifts, the liked ones first."""
    found = []
    for side, level in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)):
        left = {1: x + _GAP, -1: x - _GAP - wide, 0: x - wide / 2}[side]
        bottom = {1: y + 6.0, -1: y - 6 - _LINE, 0: y - _LINE / 2}[level]
        box = Box(left, bottom, left + wide, bottom + _LINE)
        if left >= 0 and box.right <= WIDTH and bottom >= 0 and box.top <= HEIGHT:
            x_anchor = {1: "left", -1: "right", 0: "center"}[side]
            y_anchor = {1: "bottom", -1: "top", 0: "middle"}[level]
            found.append((box, x_anchor, y_anchor, side * _GAP, level * 6))
    return found or [(Box(x, y, x + wide, y + _LINE), "left", "middle", _GAP, 0)]
