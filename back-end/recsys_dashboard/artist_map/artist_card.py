"""One artist beside the map: listeners, tags, group, and the artists nearest to it as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.artist_map import similar_artists
from recsys_core.columns import Columns
from recsys_core.errors import DataError
from recsys_core.listening.profile import FEWEST_LIKED, USUAL, Profile
from recsys_core.plots.similar_artists import similar_figure
from recsys_dashboard.artist_map import address
from recsys_dashboard.controls import is_dark
from recsys_dashboard.listening.run_choice import MODEL
from recsys_dashboard.navigation import page_file
from recsys_dashboard.texts import number, plain, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.datasets import Dataset
    from recsys_dashboard.artist_map.pictures import Picture

NEAREST, TAGS = 10, 5
_BARS = "artist_map.bars"


def artist_card(item: int, picture: Picture, dataset: Dataset) -> None:
    """Draw what is known of an artist; a click on a bar goes on to that artist."""
    name = plain(dataset.names[item])
    st.subheader(name, anchor=False)
    st.markdown(_facts(item, picture))
    if item not in picture.row_of:
        st.info(text("artist_map.not_on_map", name=name), icon=":material/location_off:")
    try:
        near = similar_artists(picture.vectors, item, NEAREST, among=picture.artists["item_idx"].to_numpy())
    except DataError as error:
        st.caption(plain(error))
        return
    st.markdown(f"**{text('artist_map.nearest', name=name)}**")
    st.plotly_chart(
        similar_figure(near, amount=lambda value: number(value, 2), dark=is_dark()),
        key=_BARS,
        config={"displayModeBar": False},
        alt=text(
            "artist_map.nearest_alt",
            artist=dataset.names[item],
            names=", ".join(near[Columns.NAME].head(3)),
            cosine=number(near["cosine"].iloc[0], 2),
        ),
        on_select=lambda: _go_on(dataset),
        selection_mode="points",
    )
    st.caption(text("artist_map.nearest_note"))
    like_link([item, *near["item_idx"].head(FEWEST_LIKED - 1)], picture, dataset)


def like_link(items: Iterable[int], picture: Picture, dataset: Dataset) -> None:
    """Draw the link to the suggestions for somebody who likes these artists."""
    profile = Profile()
    rows = [int(item) for item in items]
    for item in rows:
        profile = profile.having(dataset.items.ids[item], USUAL)
    st.page_link(
        page_file("preferences"),
        label=text("artist_map.open_preferences"),
        icon=":material/person_search:",
        help=text("artist_map.open_preferences_help", names=", ".join(plain(dataset.names[i]) for i in rows)),
        query_params={"who": "me", "mine": profile.encode(), MODEL: picture.vectors.run_id},
    )


def _facts(item: int, picture: Picture) -> str:
    row = picture.row_of.get(item)
    parts = [text("artist_map.listeners", n=int(picture.vectors.listeners[item]))]
    if row is not None and picture.made is not None:
        group = picture.groups.get(int(picture.artists["cluster"].iloc[row]))
        parts.append(
            text("artist_map.in_group", group=plain(group)) if group else text("artist_map.no_group")
        )
    tags = picture.tags.of(row, TAGS) if row is not None and picture.tags is not None else ()
    return "  \n".join([" · ".join(parts), " ".join(f":gray-badge[{plain(tag)}]" for tag in tags)])


def _go_on(dataset: Dataset) -> None:
    points = st.session_state[_BARS].selection.points
    if points:
        data = points[0].get("customdata")
        item = int(data[0] if isinstance(data, list) else data)
        address.show_artist(dataset.items.ids[item], zoom=address.zoomed())
