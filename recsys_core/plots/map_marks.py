"""What lies over the points of a map: a listener's artists, a ring, the names of groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.plots.labels import INK, shortened
from recsys_core.plots.map_colours import PALETTES, Colouring
from recsys_core.plots.map_frame import WIDTH, Frame
from recsys_core.plots.map_names import places_of_names
from recsys_core.plots.theme import (
    BACKGROUNDS,
    LABEL_SIZE,
    LISTENING,
    RECOMMENDATIONS,
    readable,
    translucent,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import plotly.graph_objects as go

    from recsys_core.artist_map import Cluster


@dataclass(frozen=True, eq=False)
class Overlay:
    """Artists marked on top, by ``item_idx``; those not on the map are left out.

    Parameters
    ----------
    asked
        The artist to ring and name, or None.
    heard, recommended
        What a listener plays (discs with a rim), and what is suggested to them (diamonds).
    """

    asked: int | None = None
    heard: Sequence[int] | np.ndarray = ()
    recommended: Sequence[int] | np.ndarray = ()

    @property
    def of_a_listener(self) -> bool:
        """Whether a listener is shown, so that all other points step back."""
        return len(self.heard) > 0 or len(self.recommended) > 0


NO_MARKS = Overlay()


@dataclass(frozen=True, eq=False)
class Drawing:
    """What all parts of the figure are drawn from."""

    artists: pd.DataFrame
    colouring: Colouring
    overlay: Overlay
    height: int
    dark: bool

    @cached_property
    def points(self) -> np.ndarray:
        """The places, float32, shape ``(n, 2)``."""
        return self.artists[["x", "y"]].to_numpy(np.float32)

    @cached_property
    def place(self) -> dict[int, int]:
        """The row of each item."""
        return {int(item): row for row, item in enumerate(self.artists["item_idx"])}


def mark_listener(figure: go.Figure, drawing: Drawing) -> None:
    """Mark what a listener plays and what is suggested to them, by shape as well as colour."""
    overlay = drawing.overlay
    for items, colour, symbol, size in (
        (overlay.heard, LISTENING, "circle", 11),
        (overlay.recommended, RECOMMENDATIONS, "diamond", 13),
    ):
        there = [int(item) for item in items if int(item) in drawing.place]
        rows = [drawing.place[item] for item in there]
        if rows:
            rim = {"width": 1.5, "color": INK[drawing.dark]}
            figure.add_scattergl(
                x=drawing.points[rows, 0],
                y=drawing.points[rows, 1],
                mode="markers",
                customdata=np.array(there, np.int32),
                hoverinfo="skip",
                marker={"size": size, "color": colour, "symbol": symbol, "line": rim},
            )


def ring(figure: go.Figure, drawing: Drawing, row: int) -> None:
    """Ring the artist of a row and write its name above."""
    point, ink = drawing.points[row], INK[drawing.dark]
    circle = {"size": 30, "color": ink, "symbol": "circle-open", "line": {"width": 3}}
    at = {"x": point[:1], "y": point[1:]}
    figure.add_scattergl(**at, mode="markers", hoverinfo="skip", marker=circle)
    name = shortened(drawing.artists["name"].iloc[row])
    _label(figure, point, name, (0.0, 28.0), ink, drawing.dark, joined=False)


def write_names(figure: go.Figure, drawing: Drawing, names: Sequence[Cluster], frame: Frame) -> None:
    """Write the names of groups at their medoids, beside their points where there is room."""
    known = [one for one in names if one.medoid in drawing.place]
    if not known:
        return
    anchors = drawing.points[[drawing.place[one.medoid] for one in known]]
    words = [shortened(one.name) for one in known]
    pixels = [frame.pixels(points, drawing.height) for points in (anchors, drawing.points)]
    places = places_of_names(words, pixels[0], pixels[1], (WIDTH, drawing.height))
    colours = dict(zip(drawing.colouring.labels, PALETTES[drawing.dark], strict=False))
    for anchor, one, text, shift in zip(anchors, known, words, places, strict=True):
        ink = readable(colours.get(one.label, INK[drawing.dark]), dark=drawing.dark)
        _label(figure, anchor, text, shift, ink, drawing.dark)


def _label(
    figure: go.Figure,
    point: np.ndarray,
    text: str,
    shift: tuple[float, float],
    colour: str,
    dark: bool,
    *,
    joined: bool = True,
) -> None:
    """Write ``text`` ``shift`` pixels away from ``point``, with a line to it if ``joined`` and apart."""
    line = joined and bool(np.hypot(*shift) > 1)
    moved = {"ax": shift[0], "ay": -shift[1]} if line else {"xshift": shift[0], "yshift": shift[1]}
    figure.add_annotation(
        x=float(point[0]),
        y=float(point[1]),
        text=f"<b>{text}</b>",
        showarrow=line,
        arrowhead=0,
        arrowwidth=1,
        arrowcolor=colour,
        bgcolor=translucent(BACKGROUNDS[dark], 0.7),
        borderpad=1,
        font={"size": LABEL_SIZE, "color": colour},
        **moved,
    )
