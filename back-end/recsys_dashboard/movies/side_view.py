"""Three methods on one film, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.movies.side_by_side import side_by_side
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.movies import address
from recsys_dashboard.movies.words import film_label
from recsys_dashboard.texts import percent, plain, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recsys_core.movies.side_by_side import SideBySide
    from recsys_core.movies.similarity import SimilarMovies


def side_view(lists: Mapping[str, SimilarMovies], label: str, stem: str) -> None:
    """Draw the list of each method in a column, films that several list marked, and who agrees with whom."""
    joined = side_by_side(lists)
    st.subheader(text("movies.side_title", film=plain(label)), anchor=False)
    st.markdown(_agreement(joined, len(lists)))
    for column, (method, similar) in zip(st.columns(len(lists)), lists.items(), strict=True):
        with column.container(border=True, height="stretch", gap="xsmall"):
            st.markdown(f"**{text(f'movies.method_{method}')}**")
            _list(method, similar, joined)
    csv_button(joined.table, f"{stem}-methods.csv", key="movies.side_csv", label=text("movies.side_csv"))


def _agreement(joined: SideBySide, n_methods: int) -> str:
    pairs = ", ".join(
        text("movies.side_pair", n=n, one=text(f"movies.method_{one}"), other=text(f"movies.method_{other}"))
        for (one, other), n in joined.shared.items()
    )
    if n_methods == len(("one", "other")):
        return text("movies.side_two", pairs=pairs)
    if not joined.in_all:
        return text("movies.side_none", pairs=pairs)
    return text("movies.side_all", n=joined.in_all, pairs=pairs)


def _list(method: str, similar: SimilarMovies, joined: SideBySide) -> None:
    if similar.table.empty:
        st.caption(text("movies.nothing_similar"))
        return
    if similar.fell_back:
        st.caption(text("movies.side_fell_back", used=text(f"movies.method_{similar.used}")))
    for row in similar.table.to_dict("records"):
        lists = joined.lists_of(row["movie_id"])
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            with st.container(width="stretch"):
                st.button(
                    f"{row['rank']}. {plain(film_label(row))}",
                    key=f"movies.side.{method}.{row['movie_id']}",
                    type="tertiary",
                    help=film_label(row),
                    wrap=False,
                    on_click=address.walk_to,
                    args=(row["movie_id"],),
                )
            if lists > 1:
                st.badge(text("movies.in_lists", n=lists), color="blue", width="content")
            st.caption(percent(float(row["similarity"])), width="content")
