"""What one listener plays, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from recsys_core.columns import Columns
from recsys_core.listening.preferences import HELD_OUT
from recsys_core.plots.labels import INK, STRIPES, literal, shortened
from recsys_core.plots.theme import LISTENING, apply_layout

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

ROW_HEIGHT = 30


def listening_figure(
    truth: pd.DataFrame,
    *,
    amount: Callable[[float], str],
    x_title: str,
    hidden: str,
    value: str = Columns.WEIGHT,
    log: bool = False,
    narrow: bool = False,
    n: int = 15,
    dark: bool = False,
) -> go.Figure:
    """Return the first ``n`` rows of a ground truth (``name, held_out, <value>``) as bars, longest on top.

    ``amount`` writes a value; bars of held-out artists are striped and say ``hidden`` on hovering. Under
    ``log`` there are dots, hollow for held-out artists: a bar cannot start at 0 there, its length would lie.
    In a ``narrow`` place names are cut shorter and figures get more room.
    """
    shown = truth.head(n).iloc[::-1]
    weights, held_out = shown[value].to_numpy(np.float64), shown[HELD_OUT].to_numpy()
    written = [amount(weight) for weight in weights]
    names = shown[Columns.NAME].astype(str).tolist()
    marks: dict[str, Any] = {
        "x": weights,
        "y": np.arange(len(shown)),
        "text": written,
        "cliponaxis": False,
        "hovertext": [
            f"{literal(name)}: {words}{f' · {hidden}' if out else ''}"
            for name, words, out in zip(names, written, held_out, strict=True)
        ],
        "hoverinfo": "text",
    }
    figure = go.Figure(_dots(marks, held_out) if log else _bars(marks, held_out))
    apply_layout(figure, height=64 + ROW_HEIGHT * len(shown), x_title=x_title, left=8, right=16)
    figure.update_yaxes(
        tickvals=np.arange(len(shown)),
        ticktext=[shortened(name, 15) if narrow else shortened(name) for name in names],
        tickfont={"color": INK[dark]},
        showgrid=False,
    )
    figure.update_xaxes(**_axis(weights, log=log, room=0.6 if narrow else 0.35), tickangle=0, showgrid=True)
    return figure


def _bars(marks: dict[str, Any], held_out: np.ndarray) -> go.Bar:
    stripes = {"shape": np.where(held_out, "/", "").tolist(), **STRIPES}
    marker = {"color": LISTENING, "pattern": stripes}
    return go.Bar(**marks, orientation="h", textposition="outside", marker=marker)


def _dots(marks: dict[str, Any], held_out: np.ndarray) -> go.Scatter:
    symbols = np.where(held_out, "circle-open", "circle").tolist()
    marker = {"color": LISTENING, "size": 11, "symbol": symbols, "line": {"width": 2, "color": LISTENING}}
    return go.Scatter(**marks, mode="markers+text", textposition="middle right", marker=marker)


def _axis(weights: np.ndarray, *, log: bool, room: float) -> dict[str, Any]:
    """Return an axis with ``room`` for the figures right of the longest bar, as a share of what is drawn."""
    positive = weights[weights > 0]
    if not log or not len(positive):
        return {
            "type": "linear",
            "range": [0, (1 + room) * float(weights.max(initial=0)) or 1.0],
            "nticks": 4,
        }
    high = np.log10(positive.max())
    low = min(np.log10(positive.min()), high - 1)  # one decade at least: somewhere there is a power of ten
    return {"type": "log", "range": [low - 0.15 * (high - low), high + room * (high - low)], "dtick": 1}
