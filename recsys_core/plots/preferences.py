"""What one listener plays, as bars on a log scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    n: int = 15,
    dark: bool = False,
) -> go.Figure:
    """Return the first ``n`` rows of a ground truth (``name, weight, held_out``) as bars, most played on top.

    ``amount`` writes a weight; bars of held-out artists are striped and say ``hidden`` on hovering.
    """
    shown = truth.head(n).iloc[::-1]
    weights, held_out = shown[Columns.WEIGHT].to_numpy(), shown[HELD_OUT].to_numpy()
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
    figure.update_xaxes(type="log", range=_log_range(weights), showticklabels=False)
    return figure


def _log_range(weights: np.ndarray) -> list[float]:
    """Return the exponents of an axis that shows the smallest bar and leaves room right of the longest."""
    low, high = np.log10(weights.min()), np.log10(weights.max())
    start = min(low, 0.0) - 0.15
    return [start, high + 0.35 * (high - start)]
