"""The map itself: one figure, or two beside each other, and what was clicked or circled on it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.plots.artist_map import map_figure
from recsys_core.plots.labels import literal
from recsys_core.plots.map_marks import Overlay
from recsys_dashboard.artist_map import address
from recsys_dashboard.artist_map.address_lists import CIRCLED, read_list, write_list
from recsys_dashboard.controls import is_dark
from recsys_dashboard.listening.address import pick_addressed
from recsys_dashboard.texts import spoken, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from recsys_core.datasets import Dataset
    from recsys_core.plots.map_colours import Colouring
    from recsys_core.plots.map_frame import Frame
    from recsys_dashboard.artist_map.colours import Coloured
    from recsys_dashboard.artist_map.pictures import Picture

MAIN = "artist_map.main"
NAMED, NAMED_BESIDE = 18, 8
HEIGHT, HEIGHT_BESIDE = 600, 470
_CONFIG = {
    "displayModeBar": True,
    "scrollZoom": True,
    "displaylogo": False,
    "modeBarButtonsToRemove": ["autoScale2d", "select2d", "toImage"],
}
# a phone has room for a few names only: those of the largest groups, which are written first, and the ring's
_NARROW = """<style>@media (max-width: 640px) {{
.st-key-artist_map_frame .annotation:nth-of-type(n+5){but} {{display: none}}
.st-key-artist_map_frame .annotation text {{font-size: 10px !important}}
}}</style>"""


def selected(dataset: Dataset) -> list[int]:
    """Return the items circled on the map, none after a click elsewhere; ``?circled=`` names them."""
    if address.SELECTED not in st.session_state:
        rows = {str(one): row for row, one in enumerate(dataset.items.ids)}
        st.session_state[address.SELECTED] = [rows[one] for one in read_list(CIRCLED) if one in rows]
    items = st.session_state[address.SELECTED]
    write_list(CIRCLED, dataset.items.to_id(items))
    return items


def forget_selected() -> None:
    """Select nothing."""
    st.session_state[address.SELECTED] = []


def pick_drag() -> str:
    """Draw the choice of what the mouse does on the map: move it, or circle artists; ``?drag=`` names it."""
    return pick_addressed(
        "drag",
        ("pan", "lasso"),
        label=text("artist_map.drag"),
        words=lambda one: text(f"artist_map.drag_{one}"),
        about=text("artist_map.drag_help"),
    )


def draw_map(
    picture: Picture,
    shown: Coloured,
    *,
    overlay: Overlay,
    names: bool,
    drag: str,
    alt: str,
    frame: Frame | None = None,
) -> None:
    """Draw the map, smaller within a ``frame`` shared with another.

    A click rings an artist, a loop selects those within it.
    """
    named = NAMED if frame is None else NAMED_BESIDE
    clusters = picture.made.card.clusters[:named] if names and picture.made is not None else ()
    figure = map_figure(
        picture.artists,
        shown.colouring,
        hover=hover_of(picture.groups),
        names=clusters,
        overlay=overlay,
        frame=frame,
        zoom=address.zoomed(),
        drag=drag,
        height=HEIGHT if frame is None else HEIGHT_BESIDE,
        dark=is_dark(),
    )
    st.html(_NARROW.format(but=":not(:last-of-type)" if overlay.asked in picture.row_of else ""))
    with st.container(key="artist_map_frame"):
        st.plotly_chart(
            figure,
            key=MAIN,
            config=_CONFIG,
            alt=spoken(alt),
            on_select=lambda: _take(picture),
            selection_mode=("points", "lasso"),
        )


def draw_beside(
    artists: pd.DataFrame,
    colouring: Colouring,
    groups: Mapping[int, str],
    *,
    overlay: Overlay,
    frame: Frame,
    alt: str,
) -> None:
    """Draw the second map, in the frame and the colours of the first."""
    figure = map_figure(
        artists,
        colouring,
        hover=hover_of(groups),
        overlay=overlay,
        frame=frame,
        height=HEIGHT_BESIDE,
        dark=is_dark(),
    )
    st.plotly_chart(figure, key="artist_map.beside", config=_CONFIG, alt=spoken(alt))


def hover_of(groups: Mapping[int, str]) -> Callable[[str, int, int], str]:
    """Return what writes the words beside a point: name, listeners, group."""
    known = {label: f"<br>{literal(name)}" for label, name in groups.items()}
    none = f"<br>{text('artist_map.no_group')}" if groups else ""

    @cache  # a catalogue has many artists and few numbers of listeners
    def counted(listeners: int) -> str:
        return text("artist_map.listeners", n=listeners)

    return lambda name, listeners, label: f"<b>{name}</b><br>{counted(listeners)}{known.get(label, none)}"


def _take(picture: Picture) -> None:
    """Keep what was clicked or circled: one artist is ringed where it is, several are selected."""
    points = st.session_state[MAIN].selection.points
    items = list(dict.fromkeys(item for point in points if (item := _item(point)) in picture.row_of))
    st.session_state[address.SELECTED] = items if len(items) > 1 else []
    if len(items) == 1:
        row = picture.row_of[items[0]]
        address.show_artist(picture.artists["item_id"].iloc[row], zoom=False)


def _item(point: Mapping[str, object]) -> int:
    """Return the item of a point as the browser sends it: alone or in a list."""
    data = point.get("customdata", -1)
    return int(data[0] if isinstance(data, list) else data)  # type: ignore[arg-type]
