"""How figures look outside the dashboard: on white, with the page's letters."""

from __future__ import annotations

import plotly.graph_objects as go
import plotly.io as pio

NAME = "refrain"


def use_in_notebook() -> None:
    """Make figures that come without a theme of their own stand on white, dark text, faint grid lines."""
    axis = {"gridcolor": "#E6E8EB", "linecolor": "#B8BEC5", "automargin": True}
    layout = go.Layout(
        font={"family": "system-ui, sans-serif", "color": "#24292F"},
        paper_bgcolor="#FFFFFF",
        plot_bgcolor="#FFFFFF",
        xaxis=axis,
        yaxis=axis,
    )
    pio.templates[NAME] = go.layout.Template(layout=layout)
    pio.templates.default = NAME
