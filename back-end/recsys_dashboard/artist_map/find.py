"""Find an artist while typing; it is ringed and the map shows its surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.artist_map import address
from recsys_dashboard.listening.cached_company import search_of
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_dashboard.artist_map.pictures import Picture

FOUND = 6
_TYPED = "artist_map.typed"


def search_box() -> str:
    """Draw the search box and return what is typed."""
    return st.text_input(
        text("artist_map.search"),
        key=_TYPED,
        type="search",
        live=True,
        icon=":material/search:",
        placeholder=text("artist_map.search_placeholder"),
        width=260,
    )


def finds(typed: str, picture: Picture, dataset: Dataset) -> None:
    """Draw a button for each artist found, those on the map first."""
    if not typed:
        return
    found = [int(item) for item in search_of(dataset).find(typed, FOUND)]
    if not found:
        st.caption(text("artist_map.search_nothing", typed=plain(typed[: address.LONGEST])))
    with st.container(horizontal=True, gap="small"):
        for item in sorted(found, key=lambda one: one not in picture.row_of):
            there = item in picture.row_of
            st.button(
                plain(dataset.names[item]),
                key=f"artist_map.find.{item}",
                icon=":material/my_location:" if there else ":material/location_off:",
                help=text("artist_map.find_help") if there else text("artist_map.find_off_help"),
                on_click=_take,
                args=(dataset.items.ids[item],),
            )


def view_buttons(item: int | None, dataset: Dataset) -> None:
    """Draw what takes the ring away, and what shows the whole map again or comes close."""
    if item is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(text("artist_map.ringed", name=plain(dataset.names[item])), width="content")
        near = address.zoomed()
        st.button(
            text("artist_map.whole") if near else text("artist_map.near"),
            key="artist_map.zoom_button",
            icon=":material/zoom_out_map:" if near else ":material/zoom_in:",
            on_click=address.show_artist,
            args=(dataset.items.ids[item],),
            kwargs={"zoom": not near},
        )
        st.button(
            text("artist_map.unring"),
            key="artist_map.unring",
            icon=":material/close:",
            on_click=address.show_artist,
            args=(None,),
        )


def _take(item_id: object) -> None:
    address.show_artist(item_id, zoom=True)
    st.session_state[_TYPED] = ""
