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
    n: int = 15,
    dark: bool = False,
) -> go.Figure:
    """Return the first ``n`` rows of a ground truth (``name, held_out, <value>``) as bars, longest on top.

    ``amount`` writes a value; bars of held-out artists are striped and say ``hidden`` on hovering. Bars start
    at 0, or under ``log`` at the power of ten below the smallest; the axis carries figures either way.
    """
    shown = truth.head(n).iloc[::-1]
    weights, held_out = shown[value].to_numpy(np.float64), shown[HELD_OUT].to_numpy()
    written = [amount(weight) for weight in weights]
    names = shown[Columns.NAME].astype(str).tolist()
    figure = go.Figure(
        go.Bar(
            x=weights,
            y=np.arange(len(shown)),
            orientation="h",
            text=written,
            textposition="outside",
            cliponaxis=False,
            marker={
                "color": LISTENING,
                "pattern": {"shape": np.where(held_out, "/", "").tolist(), **STRIPES},
            },
            hovertext=[
                f"{literal(name)}: {words}{f' · {hidden}' if out else ''}"
                for name, words, out in zip(names, written, held_out, strict=True)
            ],
            hoverinfo="text",
        )
    )
    apply_layout(figure, height=64 + ROW_HEIGHT * len(shown), x_title=x_title, left=8, right=16)
    figure.update_yaxes(
        tickvals=np.arange(len(shown)),
        ticktext=[shortened(name) for name in names],
        tickfont={"color": INK[dark]},
        showgrid=False,
    )
    figure.update_xaxes(**_axis(weights, log=log), nticks=4, tickangle=0, showgrid=True)
    return figure


def _axis(weights: np.ndarray, *, log: bool) -> dict[str, Any]:
    """Return an axis with room for the figures right of the longest bar."""
    positive = weights[weights > 0]
    if not log or not len(positive):
        return {"type": "linear", "range": [0, 1.35 * float(weights.max(initial=0)) or 1.0]}
    low, high = np.floor(np.log10(positive.min()) - 0.001), np.log10(positive.max())
    return {"type": "log", "range": [low, high + 0.3 * (high - low)], "dtick": 1}
