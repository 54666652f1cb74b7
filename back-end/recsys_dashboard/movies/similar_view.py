"""The films like one film: a row each with bar and reasons, the reasons of all as a figure, the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from recsys_core.movies.reason_groups import GROUP_ORDER, grouped, share_of_groups, spelled
from recsys_core.movies.similarity import NOTHING
from recsys_core.plots.movies import reason_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.downloads import csv_button, parquet_button
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.movies import address
from recsys_dashboard.movies.words import chips, film_label
from recsys_dashboard.texts import number, percent, plain, text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from recsys_core.movies.similarity import SimilarMovies

NAMED_GROUPS = 2


def tell_fallback(similar: SimilarMovies) -> None:
    """Say that something other than the chosen method answers, or that nothing can."""
    if similar.used == NOTHING:
        st.info(text("movies.nothing_known"), icon=":material/help:")
    elif similar.fell_back:
        words = text(
            "movies.fell_back",
            method=text(f"movies.method_{similar.method}"),
            used=text(f"movies.method_{similar.used}"),
        )
        st.info(words, icon=":material/swap_horiz:")


def similar_rows(similar: SimilarMovies, label: str, wanted: int) -> None:
    """Draw a row for each film, its title a button that walks to it."""
    rows = similar.table.to_dict("records")
    if not rows:
        if similar.used != NOTHING:
            st.info(text("movies.nothing_similar"), icon=":material/search_off:")
        return
    st.markdown(headline(similar, label))
    for row in rows:
        _row(row)
    if len(rows) < wanted:
        st.caption(text("movies.fewer", n=len(rows)))


def headline(similar: SimilarMovies, label: str) -> str:
    """Return what makes these films alike, in one sentence."""
    shares = share_of_groups(grouped(similar))
    named = [
        text("movies.group_share", group=text(f"movies.group_{group}"), share=percent(share))
        for group, share in list(shares.items())[:NAMED_GROUPS]
    ]
    return text("movies.headline", n=len(similar.table), film=plain(label), groups=", ".join(named))


def _row(row: Mapping[str, Any]) -> None:
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(width="stretch"):
                st.button(
                    f"{row['rank']}. **{plain(film_label(dict(row)))}**",
                    key=f"movies.similar.{row['movie_id']}",
                    type="tertiary",
                    help=text("movies.walk_help", film=plain(film_label(dict(row)))),
                    wrap=False,
                    on_click=address.walk_to,
                    args=(row["movie_id"],),
                )
            _how_alike(row)
        st.markdown(chips(row["reasons"]))


def _how_alike(row: Mapping[str, Any]) -> None:
    """Draw weighted rating, bar and similarity, kept together: on a phone they go below the title."""
    share = float(row["similarity"])
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width=230, wrap=False):
        if not pd.isna(row["rating"]):
            st.caption(text("movies.row_rating", rating=number(row["rating"], 2)), width=48)
        st.progress(min(max(share, 0.0), 1.0))
        st.markdown(f"**{percent(share)}**", width=48)


def reasons_card(similar: SimilarMovies, label: str, source: str) -> None:
    """Draw how much of each likeness comes from which kind of reason."""
    groups = grouped(similar)
    shares = share_of_groups(groups)
    first, share = next(iter(shares.items()))
    group = text(f"movies.group_{first}")
    title = text("movies.reasons_title", group=group, share=percent(share))
    if len(shares) == 1:
        title = text("movies.reasons_title_one", group=group)
    names = {group: text(f"movies.group_{group}") for group in GROUP_ORDER}
    show_figure(
        reason_figure(groups, names=names, percent=percent, dark=is_dark()),
        key="movies.reasons",
        title=title,
        alt=text("movies.reasons_alt", film=label, title=title),
        note=text("movies.reasons_note"),
        source=source,
    )


def similar_table(similar: SimilarMovies, film_id: object, catalogue: str) -> None:
    """Draw every figure of the list, and the files to take away."""
    table = spelled(similar)
    column = st.column_config
    with st.expander(text("movies.table"), icon=":material/table:"):
        st.dataframe(
            table,
            hide_index=True,
            key="movies.similar_table",
            alt=text("movies.table_alt"),
            placeholder="",
            column_order=[name for name in table.columns if name != "movie_id"],
            column_config={
                "rank": column.NumberColumn(text("movies.column_rank")),
                "title": column.TextColumn(text("movies.column_title")),
                "year": column.NumberColumn(text("movies.column_year"), format="%d"),
                "similarity": column.ProgressColumn(
                    text("movies.column_similarity"), format="percent", min_value=0.0, max_value=1.0
                ),
                "vote_count": column.NumberColumn(text("movies.column_votes"), format="localized"),
                "vote_average": column.NumberColumn(text("movies.column_mean"), format="%.2f"),
                "rating": column.NumberColumn(text("movies.column_rating"), format="%.2f"),
                "reasons": column.TextColumn(text("movies.column_reasons"), width="large"),
            },
        )
    stem = f"refrain-{catalogue}-like-{film_id}"
    with st.container(horizontal=True):
        csv_button(table, f"{stem}.csv", key="movies.similar_csv", label=text("movies.similar_csv"))
        parquet_button(lambda: table, f"{stem}.parquet", key="movies.similar_parquet")
