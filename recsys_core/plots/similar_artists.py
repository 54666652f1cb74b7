"""How near the nearest artists are, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from recsys_core.columns import Columns
from recsys_core.plots.labels import INK, literal, shortened
from recsys_core.plots.theme import LISTENING, apply_layout

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

ROW_HEIGHT = 30


def similar_figure(similar: pd.DataFrame, *, amount: Callable[[float], str], dark: bool = False) -> go.Figure:
    """Return ``item_idx, name, cosine`` as bars from 0 to 1, the nearest artist on top.

    ``amount`` writes a cosine. Below 0 there is no bar. ``customdata`` is the ``item_idx``.
    """
    shown = similar.iloc[::-1]
    cosines = shown["cosine"].to_numpy()
    written = [amount(float(cosine)) for cosine in cosines]
    names = shown[Columns.NAME].astype(str).tolist()
    figure = go.Figure(
        go.Bar(
            x=np.maximum(cosines, 0),
            y=np.arange(len(shown)),
            orientation="h",
            text=written,
            textposition="outside",
            cliponaxis=False,
            customdata=shown["item_idx"].to_numpy(),
            marker={"color": LISTENING},
            hovertext=[f"{literal(name)}: {words}" for name, words in zip(names, written, strict=True)],
            hoverinfo="text",
        )
    )
    apply_layout(figure, height=24 + ROW_HEIGHT * max(1, len(shown)), left=8, right=16)
    figure.update_yaxes(
        tickvals=np.arange(len(shown)),
        ticktext=[shortened(name) for name in names],
        tickfont={"color": INK[dark]},
        showgrid=False,
    )
    figure.update_xaxes(range=[0, 1.2], visible=False)
    return figure
