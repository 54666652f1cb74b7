"""The artists circled on the map: a table, what they share, and the files to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.artist_map.selected import selected_artists, shared_tags
from recsys_core.columns import Columns
from recsys_core.listening.profile import FEWEST_LIKED
from recsys_dashboard.artist_map.artist_card import like_link
from recsys_dashboard.artist_map.map_figures import forget_selected, selected
from recsys_dashboard.downloads import csv_button, parquet_button
from recsys_dashboard.texts import plain, text, whole

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_dashboard.artist_map.pictures import Picture

LIKED = 10


def selection_view(picture: Picture, dataset: Dataset) -> None:
    """Draw the circled artists, if any."""
    items = [item for item in selected(dataset) if item in picture.row_of]
    if not items:
        return
    table = selected_artists(picture.artists, items, picture.groups, picture.tags)
    st.subheader(text("artist_map.selected_title", n=len(table)), anchor=False)
    st.markdown(_in_common(items, picture))
    st.dataframe(
        table,
        hide_index=True,
        key="artist_map.selected_table",
        column_order=[Columns.NAME, "group", "tags", "listeners"],
        column_config={
            Columns.NAME: st.column_config.TextColumn(text("artist_map.column_artist"), pinned=True),
            "group": st.column_config.TextColumn(text("artist_map.column_group")),
            "tags": st.column_config.TextColumn(text("artist_map.column_tags"), width="large"),
            "listeners": st.column_config.NumberColumn(
                text("artist_map.column_listeners"), format="localized"
            ),
        },
        alt=text("artist_map.selected_alt", n=len(table)),
    )
    stem = f"refrain-selected-{picture.vectors.run_id}"
    with st.container(horizontal=True, vertical_alignment="center"):
        csv_button(table, f"{stem}.csv", key="artist_map.selected_csv")
        parquet_button(lambda: table, f"{stem}.parquet", key="artist_map.selected_parquet")
        st.button(
            text("artist_map.unselect"),
            key="artist_map.unselect",
            icon=":material/close:",
            on_click=forget_selected,
        )
        if len(table) >= FEWEST_LIKED:
            like_link(table["item_idx"].head(LIKED), picture, dataset)


def _in_common(items: list[int], picture: Picture) -> str:
    if picture.tags is None:
        return text("artist_map.no_tags")
    found = shared_tags(picture.tags, [picture.row_of[item] for item in items])
    if not found:
        return text("artist_map.no_tags_here")
    words = (text("artist_map.tag_share", tag=plain(tag), n=whole(count)) for tag, count in found)
    return text("artist_map.in_common", n=len(items), tags=", ".join(words))
