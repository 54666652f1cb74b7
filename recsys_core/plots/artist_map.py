"""The map of artists: one WebGL scatter of all, and what :mod:`recsys_core.plots.map_marks` lays over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
from plotly.colors import get_colorscale

from recsys_core.plots.labels import literal
from recsys_core.plots.map_colours import CONTINUOUS, PALETTES, REST, Colouring
from recsys_core.plots.map_frame import HEIGHT, Frame, around, frame_of
from recsys_core.plots.map_marks import NO_MARKS, Drawing, Overlay, mark_listener, ring, write_names
from recsys_core.plots.theme import BACKGROUNDS, apply_layout, translucent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from recsys_core.artist_map import Cluster

SMALLEST, LARGEST = 4.0, 26.0
DIMMED = 0.12


def map_figure(
    artists: pd.DataFrame,
    colouring: Colouring,
    *,
    hover: Callable[[str, int, int], str],
    names: Sequence[Cluster] = (),
    overlay: Overlay = NO_MARKS,
    frame: Frame | None = None,
    zoom: bool = False,
    drag: str = "pan",
    height: int = HEIGHT,
    dark: bool = False,
) -> go.Figure:
    """Return the map of ``artists`` (``item_idx, name, x, y, cluster, listeners``): one trace and its marks.

    Parameters
    ----------
    colouring
        From :func:`recsys_core.plots.map_colours.by_group` or ``by_value``, a row per artist.
    hover
        Writes what hovering says from name (safe to show), listeners and label of the group (-1 for none).
    names
        Groups whose names are written at their medoids.
    frame
        What to show; all of the map if None.
    zoom
        Show the surroundings of the artist asked for only.
    drag
        "pan", "lasso" or "select".

    ``customdata`` of every point is its ``item_idx``. The area of a point grows with its listeners.
    """
    drawing = Drawing(artists, colouring, overlay, height, dark)
    shown = frame or frame_of(drawing.points)
    figure = go.Figure(_points(drawing, hover))
    mark_listener(figure, drawing)
    write_names(figure, drawing, names, shown)
    asked = drawing.place.get(overlay.asked) if overlay.asked is not None else None
    if asked is not None:
        ring(figure, drawing, asked)
        shown = around(drawing.points[asked], shown) if zoom else shown
    return _laid_out(figure, shown, drag, height)


def sizes_of(listeners: np.ndarray) -> np.ndarray:
    """Return diameters in pixels, float32, whose areas grow with the number of listeners."""
    share = listeners / max(1, int(listeners.max(initial=1)))
    return (SMALLEST + (LARGEST - SMALLEST) * np.sqrt(share)).astype(np.float32)


def _points(drawing: Drawing, hover: Callable[[str, int, int], str]) -> go.Scattergl:
    """Return the trace of all artists: grey before coloured, large before small, so none hides another."""
    artists, dark = drawing.artists, drawing.dark
    listeners = artists["listeners"].to_numpy()
    order = np.lexsort((-listeners, ~drawing.colouring.grey))
    rows = zip(artists["name"].to_numpy(), listeners, artists["cluster"].to_numpy(), strict=True)
    texts = np.array([hover(literal(name), int(count), int(label)) for name, count, label in rows], object)
    return go.Scattergl(
        x=drawing.points[order, 0],
        y=drawing.points[order, 1],
        mode="markers",
        customdata=artists["item_idx"].to_numpy(np.int32)[order],
        text=texts[order],
        hovertemplate="%{text}<extra></extra>",
        marker={
            "size": sizes_of(listeners)[order],
            "opacity": _opacity(drawing),
            "line": {"width": 0.5, "color": translucent(BACKGROUNDS[dark], 0.6)},
            **_colours(drawing.colouring, order, dark),
        },
        selected={"marker": {"opacity": 1.0}},
        unselected={"marker": {"opacity": DIMMED}},
    )


def _opacity(drawing: Drawing) -> float:
    """Return less where a listener's marks must stand out, but not where colours tell of that listener."""
    if not drawing.overlay.of_a_listener:
        return 0.8
    return 2 * DIMMED if drawing.colouring.in_groups else 0.6


def _colours(colouring: Colouring, order: np.ndarray, dark: bool) -> dict[str, object]:
    """Return numbers and a scale rather than a colour by name for each point: a quarter of the bytes."""
    if colouring.in_groups:
        steps = [REST[dark], *PALETTES[dark]]
        ends = np.linspace(0, 1, len(steps) + 1)
        scale = [[float(end), colour] for at, colour in enumerate(steps) for end in ends[at : at + 2]]
        return {
            "color": colouring.values[order].astype(np.int8),
            "colorscale": scale,
            "cmin": -1.5,
            "cmax": 9.5,
        }
    known = colouring.values[~colouring.grey]
    if not len(known):
        return {"color": REST[dark]}
    low, high = float(known.min()), float(known.max())
    step = (high - low) or 1.0
    # what has no value lies below the scale, on a first step of grey
    values = np.where(colouring.grey, low - 0.05 * step, colouring.values).astype(np.float32)
    return {
        "color": values[order],
        "colorscale": _with_grey(dark),
        "cmin": low - 0.05 * step,
        "cmax": low + step,
    }


def _with_grey(dark: bool) -> list[tuple[float, str]]:
    """Return the scale of values with a first step of grey."""
    scale = [(0.05 + 0.95 * at, str(colour)) for at, colour in get_colorscale(CONTINUOUS)]
    return [(0.0, REST[dark]), (0.02, REST[dark]), (0.02, scale[0][1]), *scale]


def _laid_out(figure: go.Figure, frame: Frame, drag: str, height: int) -> go.Figure:
    apply_layout(figure, height=height, left=0, right=0)
    figure.update_layout(margin={"t": 0, "b": 0, "pad": 0}, dragmode=drag, uirevision="map")
    hidden = {"visible": False, "fixedrange": False, "automargin": False}
    figure.update_xaxes(range=list(frame.x), **hidden)
    # equal scales, or a narrow screen would stretch the map
    figure.update_yaxes(range=list(frame.y), scaleanchor="x", scaleratio=1, **hidden)
    return figure
