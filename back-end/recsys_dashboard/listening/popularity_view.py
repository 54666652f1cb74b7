"""Charts and recommendations in words: cards, findings, the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.columns import Columns
from recsys_core.listening.popularity_shift import LISTENED, RECOMMENDED, By
from recsys_dashboard.cards import Card, draw_cards
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.texts import number, percent, text, whole

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.listening.popularity_findings import Findings


def cards(found: Findings) -> None:
    """Draw four cards of equal height: reach, share of the top, inequality, overlap with the charts."""
    there, here = found.recommended, found.listened
    figures = {
        "reach": (whole(there.items), text("top_artists.of_catalogue", share=percent(there.coverage))),
        "top": (percent(there.top_1_percent), text("top_artists.versus", value=percent(here.top_1_percent))),
        "gini": (number(there.gini, 2), text("top_artists.versus", value=number(here.gini, 2))),
        "both": (
            text("top_artists.of", n=whole(found.in_both), of=whole(found.n_top)),
            text("top_artists.overlap"),
        ),
    }
    draw_cards(
        [
            Card(text(f"top_artists.card_{name}"), value, text(f"top_artists.card_{name}_help"), remark)
            for name, (value, remark) in figures.items()
        ]
    )


def overlap_title(found: Findings) -> str:
    """Return the sentence on how many of the most listened artists are also most recommended."""
    words = text("numbers.words").split()
    many, of = words[found.in_both].capitalize(), words[found.n_top]
    kind = {0: "none", 1: "one", found.n_top: "all"}.get(found.in_both, "some")
    return text(f"top_artists.overlap_{kind}", many=many, of=of)


def concentration_title(found: Findings) -> str:
    """Return the sentence on how few artists receive most recommendations."""
    return text(
        "top_artists.concentration",
        recommended=percent(found.recommended.items_for_80),
        listened=percent(found.listened.items_for_80),
    )


def half_title(found: Findings) -> str:
    """Return the sentence on what is left for the less popular half of the catalogue."""
    return text(
        "top_artists.half",
        recommended=percent(found.recommended.least_popular_half),
        listened=percent(found.listened.least_popular_half),
    )


def artist_table(table: pd.DataFrame, by: By, k: int, run_id: str) -> None:
    """Draw every artist with both counts and ranks, and the download."""
    numbers = {
        RECOMMENDED: text("top_artists.column_recommended", k=k),
        f"{RECOMMENDED}_rank": text("top_artists.column_recommended_rank"),
        LISTENED: text(f"top_artists.column_{by}"),
        f"{LISTENED}_rank": text("top_artists.column_listened_rank"),
    }
    st.dataframe(
        table,
        hide_index=True,
        height=320,
        column_order=[Columns.NAME, *numbers],
        column_config={
            Columns.NAME: st.column_config.TextColumn(text("top_artists.column_name"), width="medium"),
            **{
                name: st.column_config.NumberColumn(label, format="localized")
                for name, label in numbers.items()
            },
        },
        alt=text("top_artists.table_alt"),
        key="top_artists.table",
    )
    csv_button(table, f"refrain-listened-vs-recommended-{run_id}-top{k}-by-{by}.csv", key="top_artists.csv")
