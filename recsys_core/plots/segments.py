"""How good each model is for parts of the listeners or of the catalogue: a line per model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from recsys_core.comparison.segments import METRIC, SEGMENT
from recsys_core.plots import theme
from recsys_core.plots.labels import literal
from recsys_core.plots.placing import spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

HEIGHT, _LINE, _TOP, _BOTTOM = 380, 16, 16, 40
FEW = 6  # models: with more, intervals are told by the hover text only


def segments_figure(
    table: pd.DataFrame,
    *,
    metric: str,
    segments: Mapping[str, str],
    names: Mapping[str, str],
    models: Sequence[str],
    y_title: str,
    dark: bool = False,
) -> go.Figure:
    """Return a line per model over ``segments`` (keys in order, with what people call them).

    ``table`` has ``model, segment, metric, mean, low, high, n``; ``models`` are drawn in this order.
    """
    figure, ends = go.Figure(), {}
    rows = table[table[METRIC] == metric].set_index(["model", SEGMENT])
    for model in models:
        own = rows.loc[model].reindex(list(segments))
        ends[model] = float(own["mean"].dropna().iloc[-1]) if own["mean"].notna().any() else 0.0
        _add_model(figure, model, own, list(segments.values()), names[model], len(models) <= FEW, dark)
    low, high = _bounds(rows.loc[list(models)])
    right = round(max((len(names[model]) for model in models), default=1) * 7.3) + 14
    theme.apply_layout(figure, height=HEIGHT + _TOP + _BOTTOM, y_title=y_title, right=right)
    figure.update_layout(margin={"t": _TOP, "b": _BOTTOM})
    figure.update_yaxes(range=[low, high])
    figure.update_xaxes(range=[-0.15, len(segments) - 0.9], type="category")
    _name_ends(figure, ends, names, low, high, dark)
    return figure


def _add_model(
    figure: go.Figure, model: str, own: pd.DataFrame, at: list[str], name: str, bars: bool, dark: bool
) -> None:
    style = theme.style_of(model)
    colour = theme.readable(style.colour, dark=dark, contrast=2.2)
    error = {"type": "data", "visible": bars, "thickness": 1.2, "width": 4}
    error |= {"array": own["high"] - own["mean"], "arrayminus": own["mean"] - own["low"]}
    figure.add_scatter(
        x=at, y=own["mean"], name=literal(name), mode="lines+markers",
        line={"color": colour, "dash": style.dash, "width": 2.2},
        marker={"color": colour, "symbol": style.symbol, "size": 8},
        error_y=error,
        customdata=own[["low", "high", "n"]].to_numpy(np.float64),
        hovertemplate=(
            "%{fullData.name}<br>%{x}: %{y:.3f} (%{customdata[0]:.3f}–%{customdata[1]:.3f})"
            "<br>n = %{customdata[2]:,.0f}<extra></extra>"
        ),
    )  # fmt: skip


def _bounds(rows: pd.DataFrame) -> tuple[float, float]:
    low, high = float(np.nanmin(rows["low"])), float(np.nanmax(rows["high"]))
    pad = 0.06 * max(high - low, 0.01)
    return low - pad, high + pad


def _name_ends(
    figure: go.Figure, ends: dict[str, float], names: Mapping[str, str], low: float, high: float, dark: bool
) -> None:
    wanted = np.array([(end - low) / (high - low) * HEIGHT for end in ends.values()])
    for model, place in zip(ends, spread(wanted, _LINE, 0, HEIGHT), strict=True):
        figure.add_annotation(
            x=1, xref="paper", y=place / HEIGHT, yref="paper", xanchor="left", yanchor="middle", xshift=4,
            text=f"<b>{literal(names[model])}</b>", showarrow=False,
            font={"size": theme.LABEL_SIZE, "color": theme.readable(theme.style_of(model).colour, dark=dark)},
        )  # fmt: skip
