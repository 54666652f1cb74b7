"""One listener, two models: what each would suggest, and where the other puts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.columns import Columns
from recsys_core.errors import RefrainError
from recsys_core.listening.list_comparison import RANK_FIRST, RANK_SECOND, compare_lists
from recsys_core.listening.ranked_list import ranked_list
from recsys_dashboard import cached
from recsys_dashboard.comparison.words import model_name
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.listening.cached_lists import activity_of
from recsys_dashboard.texts import NOTHING, plain, text, whole

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from recsys_core.listening.list_comparison import ListComparison
    from recsys_core.listening.ranked_list import RankedList
    from recsys_dashboard.comparison.evidence import Case

LISTED = 20_000


def draw_listener(case: Case) -> None:
    """Draw the lists of two models for one listener side by side."""
    order = list(case.verdicts()["model"])
    if len(order) < 2:
        st.markdown(text("models.listener_needs_two"))
        return
    with st.container(horizontal=True):
        first = _pick("m_first", order, 0)
        second = _pick("m_second", order, 1)
        user = _pick_user(case)
        st.space("stretch")
    try:
        lists = tuple(_list(case, model, user) for model in (first, second))
    except RefrainError as error:
        st.warning(plain(error))
        return
    found = compare_lists(lists[0], lists[1], case.k)
    st.markdown(
        text("models.listener_found", user=plain(user), shared=whole(found.shared), k=case.k,
             first=model_name(first), second=model_name(second))
    )  # fmt: skip
    sides = st.columns(2)
    for side, model, own, ranks in zip(
        sides, (first, second), lists, ((RANK_FIRST, RANK_SECOND), (RANK_SECOND, RANK_FIRST)), strict=True
    ):
        with side.container(border=True):
            _draw_side(model_name(model), own, found, ranks, case.k)
    st.caption(text("models.listener_note"))
    csv_button(
        found.table,
        f"refrain-listener-{user}-{first}-{second}.csv",
        key="m_listener",
        label=text("models.as_csv"),
    )


def _pick(key: str, order: list[str], place: int) -> str:
    return st.selectbox(
        text(f"models.{key[2:]}_model"), order, index=place, format_func=model_name, key=key, width=220
    )


def _pick_user(case: Case) -> Any:
    """Draw the choice of a listener, the busiest at first; ids that are too many to list are typed."""
    ids = activity_of(case.dataset)[Columns.USER_ID]
    chosen = st.selectbox(
        text("models.listener"), [str(one) for one in ids.head(LISTED)], key="m_listener_id", width=180,
        filter_mode="prefix", accept_new_options=len(ids) > LISTED, help=text("models.listener_help"),
    )  # fmt: skip
    return case.dataset.users.parse(chosen)


def _list(case: Case, model: str, user: Any) -> RankedList:
    run_id = next(run.manifest.run_id for run in case.runs if run.manifest.model == model)
    return ranked_list(cached.suggestions(run_id, case.dataset), user)


def _draw_side(name: str, own: RankedList, found: ListComparison, ranks: tuple[str, str], k: int) -> None:
    table = own.table(k)
    st.markdown(text("models.listener_side", model=name, hits=whole(int(table[Columns.HIT].sum())), k=k))
    st.markdown(_side(table, found, ranks))


def _side(table: pd.DataFrame, found: ListComparison, ranks: tuple[str, str]) -> str:
    """Return a list as a Markdown table: rank, artist, whether right, place in the other list."""
    elsewhere = dict(zip(found.table[Columns.ITEM_ID], found.table[ranks[1]], strict=True))
    heads = " | ".join(text(f"models.listener_{head}") for head in ("rank", "name", "other"))
    lines = [f"| {heads} |", "| ---: | :--- | ---: |"]
    hit = f" :green-badge[:material/check: {text('models.listener_hit')}]"
    for row in table.itertuples():
        name = f"**{plain(row.name)}**" + (hit if row.hit else "")
        lines.append(f"| {row.rank} | {name} | {_place(row.rank, int(elsewhere[row.item_id]))} |")
    return "\n".join(lines)


def _place(rank: int, elsewhere: int) -> str:
    """Return the place in the other list, with an arrow for where the artist went there."""
    if not elsewhere:
        return NOTHING
    arrow = "=" if rank == elsewhere else "▼" if elsewhere > rank else "▲"
    return f"{whole(elsewhere)} {arrow}"
