"""Quality against training time, all models in one figure, and the front that nobody beats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.comparison.quality_in_time import ON_FRONT, VALUE, quality_in_time
from recsys_core.convergence import SECONDS
from recsys_core.plots import theme
from recsys_core.plots.convergence import Words, convergence_figure
from recsys_core.plots.frame import LOG_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import plotly.graph_objects as go

SHORTEST = 0.01  # seconds: what is quicker is drawn here


def time_quality_figure(
    curves: Mapping[str, pd.DataFrame], words: Words, *, metric: str, front: str, dark: bool = False
) -> go.Figure:
    """Return every curve over the logarithm of its training seconds, and the Pareto front as a grey band.

    Parameters
    ----------
    words
        As of the convergence figure.
    metric
        Metric name without its part.
    front
        What the hover text of the front says.
    """
    logged = {
        model: curve.assign(**{LOG_SECONDS: np.log10(np.maximum(curve[SECONDS], SHORTEST))})
        for model, curve in curves.items()
    }
    figure = convergence_figure(logged, words, metric=metric, x=LOG_SECONDS, dark=dark)
    last = max(float(curve[LOG_SECONDS].iloc[-1]) for curve in logged.values())
    table = quality_in_time(curves, f"test_{metric}")
    steps = table[table[ON_FRONT]].sort_values([SECONDS, VALUE])
    figure.add_scatter(
        x=[*np.log10(np.maximum(steps[SECONDS], SHORTEST)), last],
        y=[*steps[VALUE], steps[VALUE].max()],
        mode="lines",
        line={"shape": "hv", "width": 9, "color": theme.translucent(theme.BASELINE, 0.28)},
        name=front,
        hovertemplate=f"{front}<extra></extra>",
    )
    figure.data = (figure.data[-1], *figure.data[:-1])  # below the lines
    ticks = [10.0**decade for decade in range(-2, 6)]
    figure.update_xaxes(tickvals=np.log10(ticks).tolist(), ticktext=[f"{at:g}" for at in ticks])
    return figure
