"""The picture in its card: finding, ring, map or two maps, and what the colours stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.plots.map_frame import Frame, frame_of
from recsys_core.plots.map_marks import Overlay
from recsys_dashboard.artist_map.beside import beside_words, laid_beside, picture_words
from recsys_dashboard.artist_map.colours import (
    GROUP,
    POPULARITY,
    coloured,
    draw_legend,
    same_colours,
    title_of,
)
from recsys_dashboard.artist_map.find import view_buttons
from recsys_dashboard.artist_map.groups import chosen_groups
from recsys_dashboard.artist_map.listener import listener_line
from recsys_dashboard.artist_map.map_figures import draw_beside, draw_map
from recsys_dashboard.texts import text, whole

if TYPE_CHECKING:
    from recsys_dashboard.artist_map.colours import Coloured
    from recsys_dashboard.artist_map.listener import Listener
    from recsys_dashboard.artist_map.pictures import Picture


@dataclass(frozen=True, eq=False)
class Asked:
    """What to show on the picture: the artist to ring, a listener's marks, colours, names, the mouse."""

    item: int | None
    listener: Listener | None
    colour: str
    names: bool
    drag: str

    @property
    def overlay(self) -> Overlay:
        """The marks of artist and listener."""
        if self.listener is None:
            return Overlay(asked=self.item)
        return Overlay(asked=self.item, heard=self.listener.heard, recommended=self.listener.suggested)


def draw_picture(picture: Picture, other: Picture | None, asked: Asked) -> None:
    """Draw everything within the card of the map."""
    st.markdown(f"**{title_of(picture)}**")
    st.caption(_who_is_shown(picture))
    view_buttons(asked.item, picture.vectors.dataset)
    shown = _shown(picture, asked)
    if asked.listener is not None:
        st.markdown(listener_line(asked.listener, picture))
    alt = text("artist_map.alt", title=title_of(picture), colour=text(f"artist_map.colour_{shown.by}"))
    if other is None:
        draw_map(picture, shown, overlay=asked.overlay, names=asked.names, drag=asked.drag, alt=alt)
    else:
        _draw_two(picture, other, shown, asked, alt)
    draw_legend(shown)


def _who_is_shown(picture: Picture) -> str:
    """Return how many artists of the catalogue the picture shows, and why not the others."""
    return text(
        "artist_map.shown",
        n=len(picture.artists),
        of=whole(picture.vectors.dataset.n_items),
        least=text("artist_map.listeners", n=picture.least),
    )


def _shown(picture: Picture, asked: Asked) -> Coloured:
    shown = coloured(picture, asked.colour, asked.listener, chosen_groups(picture))
    if shown is None:
        st.info(text("artist_map.choose_listener"), icon=":material/person_search:")
        instead = POPULARITY if picture.made is None else GROUP
        shown = coloured(picture, instead, None, chosen_groups(picture))
    assert shown is not None
    return shown


def _draw_two(picture: Picture, other: Picture, shown: Coloured, asked: Asked, alt: str) -> None:
    """Draw two maps in one frame; colours and groups are those of the first."""
    laid = laid_beside(picture, other)
    frame: Frame = frame_of(*(one[["x", "y"]].to_numpy() for one in (picture.artists, laid.other)))
    st.markdown(beside_words(laid))
    left, right = st.columns(2)
    with left:
        draw_map(
            picture, shown, overlay=asked.overlay, names=asked.names, drag=asked.drag, alt=alt, frame=frame
        )
        st.caption(picture_words(picture))
    with right:
        draw_beside(
            laid.other,
            same_colours(shown, other, laid.other, asked.listener),
            picture.groups,
            overlay=asked.overlay,
            frame=frame,
            alt=text("artist_map.beside_alt", words=beside_words(laid)),
        )
        st.caption(picture_words(other))
