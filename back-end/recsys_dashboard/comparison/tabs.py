"""The evidence below the table of a finished comparison, a question a tab; only the open one is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.comparison.history import list_length_of
from recsys_dashboard.comparison.evidence import Case
from recsys_dashboard.comparison.listener_tab import draw_listener
from recsys_dashboard.comparison.results import CHARTED, tab_name
from recsys_dashboard.comparison.segments_tab import draw_segments
from recsys_dashboard.comparison.splits_tab import draw_splits
from recsys_dashboard.comparison.tradeoff_tab import draw_tradeoff
from recsys_dashboard.comparison.verdict_tab import draw_verdict
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_dashboard.comparison.view import ComparisonView

_TABS = {
    "verdict": draw_verdict,
    "tradeoff": draw_tradeoff,
    "splits": draw_splits,
    "segments": draw_segments,
    "listener": draw_listener,
}


def draw_tabs(view: ComparisonView, dataset: Dataset) -> None:
    """Draw the tabs of a comparison that has ended; for one made on other data say what to choose."""
    if view.live or view.fruitless or not view.runs:
        return
    first = view.runs[0].manifest
    if first.dataset.fingerprint != dataset.fingerprint:
        st.caption(text("models.tabs_other_data", data=plain(first.dataset.title)))
        return
    k = list_length_of(first)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(text("models.evidence"), anchor=False, width="content")
        kind = st.segmented_control(
            text("models.by"), CHARTED, default="auc", required=True, key="m_by", bind="query-params",
            format_func=lambda name: tab_name(name, k), label_visibility="collapsed",
        )  # fmt: skip
    case = Case(view, dataset, kind if kind == "auc" else f"{kind}@{k}")
    names = [text(f"models.tab_{name}") for name in _TABS]
    tabs = st.tabs(names, key="m_tab", on_change="rerun", bind="query-params")
    for tab, draw in zip(tabs, _TABS.values(), strict=True):
        if tab.open:
            with tab:
                draw(case)
