"""Listened against recommended as cards and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.columns import Columns
from recsys_core.listening.popularity_shift import EXPECTED, LISTENED, RATIO, RECOMMENDED
from recsys_core.listening.popularity_story import AS_TRAINED
from recsys_dashboard.cards import Card, draw_cards
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.listening.address import pick_addressed
from recsys_dashboard.texts import number, percent, text, whole

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.listening.popularity_story import Story
    from recsys_dashboard.listening.popularity_choice import Choice

_SHARES = ("coverage", "top_1_percent", "items_for_80", "least_popular_half")
_FIGURES = ("items", *_SHARES[:2], "gini", *_SHARES[2:], "average_popularity", "novelty")
_FORMATS = {"items": "localized", "gini": "%.3f", "average_popularity": "%.0f", "novelty": "%.2f"}


def cards(choice: Choice, story: Story) -> None:
    """Draw four cards of equal height: reach, share of the top, inequality, overlap with the charts."""
    there, here = story.spreads[RECOMMENDED], story.spreads[LISTENED]
    of = min(choice.shown, len(story.shift.names))
    figures = {
        "reach": (whole(there.items), text("top_artists.of_catalogue", share=percent(there.coverage))),
        "top": (percent(there.top_1_percent), text("top_artists.versus", value=percent(here.top_1_percent))),
        "gini": (number(there.gini, 3), text("top_artists.versus", value=number(here.gini, 3))),
        "both": (
            text("top_artists.of", n=whole(story.shift.in_both(of)), of=whole(of)),
            text("top_artists.overlap"),
        ),
    }
    draw_cards(
        [
            Card(text(f"top_artists.card_{name}"), value, text(f"top_artists.card_{name}_help"), remark)
            for name, (value, remark) in figures.items()
        ]
    )


def spread_table(choice: Choice, story: Story, names: dict[str, str]) -> None:
    """Draw the figures of listening, of every model and of the charts, and their download."""
    model = text(f"model.{choice.manifest.model}")
    shown = {**names, AS_TRAINED: text("top_artists.name_as_trained", model=model)}
    table = story.spread_table()
    table["part"] = table["part"].map(shown)
    st.dataframe(
        table,
        hide_index=True,
        column_order=["part", *_FIGURES],
        column_config={
            "part": st.column_config.TextColumn(text("top_artists.column_part"), width="medium", pinned=True),
            **{
                name: st.column_config.NumberColumn(
                    text(f"top_artists.figure_{name}"),
                    help=text(f"top_artists.figure_{name}_help"),
                    format=_FORMATS.get(name, "percent"),
                )
                for name in _FIGURES
            },
        },
        alt=text("top_artists.figures_alt"),
        key="top_artists.figures",
    )
    st.caption(text("top_artists.figures_note"))
    csv_button(table, f"refrain-spread-{_tail(choice)}.csv", key="top_artists.figures_csv")


def artist_table(choice: Choice, story: Story) -> None:
    """Draw the artists recommended more than listened, less, or all, and the download of all."""
    views = {
        "over": story.shift.over,
        "under": story.shift.under,
        "all": story.shift.table,
    }
    view = pick_addressed(
        "artists",
        list(views),
        label=text("top_artists.view"),
        words=lambda name: text(f"top_artists.view_{name}"),
        bare=True,
    )
    _draw_artists(views[view](), choice)
    csv_button(story.shift.table(), f"refrain-artists-{_tail(choice)}.csv", key="top_artists.csv")


def _draw_artists(table: pd.DataFrame, choice: Choice) -> None:
    labels = {
        RATIO: text("top_artists.column_ratio"),
        RECOMMENDED: text("top_artists.column_recommended", k=choice.k),
        EXPECTED: text("top_artists.column_expected"),
        LISTENED: text(f"top_artists.column_{choice.by}"),
        f"{RECOMMENDED}_rank": text("top_artists.column_recommended_rank"),
        f"{LISTENED}_rank": text("top_artists.column_listened_rank"),
    }
    helps = {RATIO: text("top_artists.ratio_help"), EXPECTED: text("top_artists.expected_help")}
    formats = {RATIO: "%.2f ×", EXPECTED: "%.1f"}
    st.dataframe(
        table,
        hide_index=True,
        column_order=[Columns.NAME, *labels],
        column_config={
            Columns.NAME: st.column_config.TextColumn(text("top_artists.column_name"), width="medium"),
            **{
                name: st.column_config.NumberColumn(
                    label, help=helps.get(name), format=formats.get(name, "localized")
                )
                for name, label in labels.items()
            },
        },
        alt=text("top_artists.table_alt"),
        key="top_artists.table",
    )


def _tail(choice: Choice) -> str:
    """Return the end of a file's name: run, list length, how listening is counted, and the re-ranking."""
    parts = [choice.manifest.run_id, f"top{choice.k}", f"by-{choice.by}"]
    parts += [f"{choice.method}-{round(100 * choice.strength)}"] if choice.reranked else []
    return "-".join(parts)
