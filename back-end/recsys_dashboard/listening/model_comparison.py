"""Two models on one listener: what their lists share, and where one puts what the other suggests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.columns import Columns
from recsys_core.listening.list_comparison import CHANGE, RANK_FIRST, RANK_SECOND
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.listening.run_choice import describe_briefly
from recsys_dashboard.listening.run_words import run_name
from recsys_dashboard.texts import NOTHING, plain, text, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from recsys_core.listening.list_comparison import ListComparison
    from recsys_core.runs.manifest import Manifest

AGAINST = "against"


def pick_other(manifests: Sequence[Manifest], first: Manifest) -> Manifest | None:
    """Draw the choice of a second model and return its run, or None; ``?against=`` names it."""
    known = {one.run_id: one for one in manifests if one.run_id != first.run_id}
    wanted = st.session_state.get(AGAINST, st.query_params.get(AGAINST))
    st.session_state[AGAINST] = wanted if wanted in known else None
    chosen = st.selectbox(
        text("preferences.against"),
        list(known),
        index=None,
        format_func=lambda run_id: describe_briefly(known[run_id]),
        key=AGAINST,
        placeholder=text("preferences.against_none"),
        width=230,
        disabled=not known,
    )
    if chosen is None:
        st.query_params.pop(AGAINST, None)
        return None
    st.query_params[AGAINST] = chosen
    return known[chosen]


def other_card(found: pd.DataFrame, comparison: ListComparison, other: Manifest, source: str) -> None:
    """Draw the second model's list with what it shares with the first."""
    st.markdown(
        text(
            "preferences.other_title",
            model=text(f"model.{other.model}"),
            shared=whole(comparison.shared),
            k=comparison.k,
            hits=whole(found[Columns.HIT].sum()),
        )
    )
    st.markdown(_other_list(found, comparison))
    st.caption(text("preferences.other_note") + "  \n" + source)


def _other_list(found: pd.DataFrame, comparison: ListComparison) -> str:
    """Return the second model's list as a Markdown table with the first model's place of each artist."""
    places = dict(zip(comparison.table[Columns.ITEM_ID], comparison.table[RANK_FIRST], strict=True))
    hit = f":green-badge[:material/check: {text('preferences.hit_brief')}]"
    heads = [
        text("preferences.column_rank"),
        text("preferences.column_name"),
        text("preferences.column_here"),
    ]
    lines = [f"| {heads[0]} | {heads[1]} | {heads[2]} |", "| ---: | :--- | ---: |"]
    for row in found.itertuples():
        name = f"**{plain(row.name)}**" + (f" {hit}" if row.hit else "")
        lines.append(f"| {row.rank} | {name} | {_place(row.rank, places[row.item_id])} |")
    return "\n".join(lines)


def _place(rank: int, elsewhere: int) -> str:
    """Return the place in the other list with an arrow for where it went."""
    if not elsewhere:
        return NOTHING
    arrow = "=" if rank == elsewhere else ("▲" if rank < elsewhere else "▼")
    return f"{whole(elsewhere)} {arrow}"


def change_table(comparison: ListComparison, runs: tuple[Manifest, Manifest], file_name: str) -> None:
    """Draw every artist on either list with both places, and its download."""
    names = [run_name(one.model, one.run_id) for one in runs]
    st.dataframe(
        comparison.table,
        hide_index=True,
        column_order=[Columns.NAME, RANK_FIRST, RANK_SECOND, CHANGE],
        column_config={
            Columns.NAME: st.column_config.TextColumn(text("preferences.column_name"), width="medium"),
            RANK_FIRST: st.column_config.NumberColumn(
                text("preferences.column_place", model=names[0]), format="localized"
            ),
            RANK_SECOND: st.column_config.NumberColumn(
                text("preferences.column_place", model=names[1]), format="localized"
            ),
            CHANGE: st.column_config.NumberColumn(
                text("preferences.column_change"), format="%+,d", help=text("preferences.change_help")
            ),
        },
        alt=text("preferences.changes_alt"),
        key="preferences.changes",
    )
    csv_button(
        comparison.table, file_name, key="preferences.changes_csv", label=text("preferences.changes_csv")
    )
