"""The groups of a map as a list; those chosen in it are the ones in colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from recsys_core.columns import Columns
from recsys_dashboard.artist_map.address_lists import GROUPS, read_list, write_list
from recsys_dashboard.artist_map.colours import CHOSEN_GROUPS, MOST
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.texts import number, percent, text, whole

if TYPE_CHECKING:
    from recsys_core.artist_map import ArtistMap
    from recsys_dashboard.artist_map.pictures import Picture

_TABLE = "artist_map.group_table"


def chosen_groups(picture: Picture) -> list[int]:
    """Return the groups chosen in the list, at most ten, none for the largest; ``?groups=`` names them."""
    if CHOSEN_GROUPS not in st.session_state:
        labels = {str(label): label for label in picture.groups}
        asked = [labels[one] for one in read_list(GROUPS) if one in labels]
        st.session_state[CHOSEN_GROUPS] = (picture.key, asked)
    key, found = st.session_state[CHOSEN_GROUPS]
    chosen = [label for label in found if label in picture.groups][:MOST] if key == picture.key else []
    write_list(GROUPS, chosen)
    return chosen


def group_list(picture: Picture) -> None:
    """Draw size, tags, typical artists and middle of every group, and the download."""
    if picture.made is None or not picture.groups:
        return
    st.subheader(text("artist_map.groups_title"), anchor=False)
    table = group_table(picture.made)
    quality = picture.made.card.quality
    st.caption(text("artist_map.groups_note", share=percent(quality.unclustered), most=whole(MOST)))
    st.dataframe(
        table,
        hide_index=True,
        key=_TABLE,
        column_order=["name", "size", "tags", "artists", "middle"],
        column_config={
            "name": st.column_config.TextColumn(text("artist_map.column_group"), pinned=True),
            "size": st.column_config.ProgressColumn(
                text("artist_map.column_size"), format="%d", min_value=0, max_value=int(table["size"].max())
            ),
            "tags": st.column_config.TextColumn(text("artist_map.column_tags"), width="medium"),
            "artists": st.column_config.TextColumn(
                text("artist_map.column_typical"), width="large", help=text("artist_map.typical_help")
            ),
            "middle": st.column_config.TextColumn(
                text("artist_map.column_middle"), help=text("artist_map.middle_help")
            ),
        },
        on_select=lambda: _choose(picture),
        selection_mode="multi-row",
        alt=text("artist_map.groups_alt", n=len(table), largest=table["name"].iloc[0]),
    )
    csv_button(
        table, f"refrain-groups-{picture.vectors.run_id}-{picture.key}.csv", key="artist_map.groups_csv"
    )


def group_table(made: ArtistMap) -> pd.DataFrame:
    """Return ``group`` (number), ``name, size, tags, artists, middle`` of each group, the largest first."""
    names = dict(zip(made.artists["item_idx"], made.artists[Columns.NAME], strict=True))
    return pd.DataFrame(
        [
            {
                "group": one.label,
                "name": one.name,
                "size": one.size,
                "tags": ", ".join(one.words),
                "artists": ", ".join(one.artists),
                "middle": names.get(one.medoid, number(None)),
            }
            for one in made.card.clusters
        ]
    )


def _choose(picture: Picture) -> None:
    rows = st.session_state[_TABLE].selection.rows
    st.session_state[CHOSEN_GROUPS] = (picture.key, [int(row) for row in rows])
