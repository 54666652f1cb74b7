"""One listener on the page: cards, what a model can know of them, both tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.columns import Columns
from recsys_core.listening.preferences import HELD_OUT, PLAY_COUNT_SCALED
from recsys_core.listening.ranked_list import LISTENERS
from recsys_dashboard.cards import Card, draw_cards
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.texts import NOTHING, amount, number, percent, plain, text, whole

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.listening.hits import ListenerHits
    from recsys_core.listening.knowledge import Knowledge
    from recsys_core.listening.taste import Basis


def cards(truth: pd.DataFrame, hits: ListenerHits) -> None:
    """Draw four cards: artists, plays, right suggestions, and what is usual."""
    values = {
        "artists": whole(len(truth)),
        "plays": amount(float(truth[Columns.WEIGHT].sum())),
        "hits": text("preferences.of", hits=whole(hits.hits), k=hits.k) if hits.held_out else NOTHING,
        "mean": text("preferences.of", hits=number(hits.mean_hits, 2), k=hits.k),
    }
    draw_cards(
        [
            Card(text(f"preferences.card_{name}"), value, text(f"preferences.card_{name}_help", k=hits.k))
            for name, value in values.items()
        ]
    )


def listening_title(truth: pd.DataFrame) -> str:
    """Return the finding above the bars: who is played most, and how much of all plays that is."""
    first, plays = truth.iloc[0], truth[Columns.WEIGHT]
    share = percent(first[Columns.WEIGHT] / plays.sum())
    ties = int((plays == first[Columns.WEIGHT]).sum())
    if ties > 1:
        return text("preferences.listening_ties", n=ties, share=share)
    return text("preferences.listening_title", name=plain(first[Columns.NAME]), share=share)


def verdict(hits: ListenerHits, shown: pd.DataFrame, *, touched: bool) -> str:
    """Return the sentence on how right the suggestions were, beside the average listener.

    A list ``touched`` by opinions or filters is no test any more: the hits of the model's own stand beside.
    """
    if not hits.held_out:
        return text("preferences.verdict_unknown")
    return text(
        "preferences.verdict_touched" if touched else "preferences.verdict",
        k=hits.k,
        shown=len(shown),
        here=whole(shown[Columns.HIT].sum()),
        hits=whole(hits.hits),
        share=percent(hits.precision),
        mean=number(hits.mean_hits, 2),
        mean_share=percent(hits.mean_precision),
        hidden=whole(hits.held_out),
    )


def tell_knowledge(known: Knowledge, basis: Basis, heard: int, smallest: float) -> None:
    """Say what a model can know of a listener where that is little, and what the list is made from instead.

    ``heard`` is how many artists the list is folded in from, ``smallest`` the play count that scaling drops.
    """
    if known.is_cold:
        words = (
            text(f"preferences.cold_{basis}", n=heard)
            if basis == "heard"
            else text(f"preferences.cold_{basis}")
        )
        st.warning(words, icon=":material/ac_unit:")
    elif known.is_thin:
        st.warning(text("preferences.thin", n=known.trained), icon=":material/ac_unit:")
    if known.vanished:
        times = text("preferences.times", n=smallest, count=amount(smallest))
        words = text("preferences.vanished", n=known.vanished, times=times)
        st.info(words, icon=":material/visibility_off:")


def truth_table(truth: pd.DataFrame, user_id: object) -> None:
    """Draw all artists of a listener with ``playCountScaled``, and their download."""
    st.dataframe(
        truth,
        hide_index=True,
        column_order=[Columns.NAME, Columns.WEIGHT, PLAY_COUNT_SCALED, HELD_OUT],
        column_config={
            Columns.NAME: st.column_config.TextColumn(text("preferences.column_name")),
            Columns.WEIGHT: st.column_config.NumberColumn(
                text("preferences.column_plays"), format="localized", width=84
            ),
            PLAY_COUNT_SCALED: st.column_config.NumberColumn(
                "playCountScaled", format="%.6f", help=text("preferences.scaled_help"), width=128
            ),
            HELD_OUT: st.column_config.CheckboxColumn(
                text("preferences.column_held_out"), help=text("preferences.held_out_help"), width=76
            ),
        },
        alt=text("preferences.truth_alt"),
        key="preferences.truth",
    )
    csv_button(
        truth,
        f"refrain-listener-{user_id}-listens-to.csv",
        key="preferences.truth_csv",
        label=text("preferences.truth_csv"),
    )


def suggestion_table(suggested: pd.DataFrame, who: str, model: str) -> None:
    """Draw the suggestions with ids and exact scores, and their download."""
    st.dataframe(
        suggested,
        hide_index=True,
        column_order=[Columns.RANK, Columns.NAME, Columns.SCORE, LISTENERS, Columns.HIT],
        column_config={
            Columns.RANK: st.column_config.NumberColumn(text("preferences.column_rank"), width="small"),
            Columns.NAME: st.column_config.TextColumn(text("preferences.column_name"), width="medium"),
            Columns.SCORE: st.column_config.NumberColumn(
                text("preferences.column_score"),
                format="%.4f",
                help=text("preferences.score_help"),
                width="small",
            ),
            LISTENERS: st.column_config.NumberColumn(
                text("preferences.column_listeners"), help=text("preferences.listeners_help"), width="small"
            ),
            Columns.HIT: st.column_config.CheckboxColumn(
                text("preferences.column_hit"), help=text("preferences.hit_help"), width="small"
            ),
        },
        alt=text("preferences.suggestions_alt"),
        key="preferences.suggestions",
    )
    csv_button(
        suggested,
        f"refrain-{who}-{model}.csv",
        key="preferences.suggestions_csv",
        label=text("preferences.suggestions_csv"),
    )
