"""Past comparisons: what came out, what they were made with where they differ, and their settings again."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from recsys_core.comparison.history import differences
from recsys_core.comparison.past import PastComparison, past_comparisons, without_repeats
from recsys_core.errors import RefrainError
from recsys_dashboard import cached
from recsys_dashboard.comparison.actions import forget_comparison, show_comparison
from recsys_dashboard.comparison.words import model_name, protocol_name
from recsys_dashboard.texts import NOTHING, moment, number, plain, text

LISTED = 20


def draw_past(shown: str | None) -> None:
    """Draw the stored comparisons: a table of what differs, then each to be opened or deleted."""
    live = {job.id for job in cached.job_queue().recent() if job.live}
    found = past_comparisons(one for one in cached.manifests() if one.comparison_id not in live)
    stored = without_repeats(found)
    if not stored:
        return
    listed = stored[:LISTED]
    with st.expander(text("models.past", n=len(stored)), icon=":material/history:", key="models.past"):
        if len(listed) > 1:
            _draw_differences(listed)
        for one in listed:
            _draw_line(one, one.comparison_id == shown)


def _draw_differences(listed: list[PastComparison]) -> None:
    """Draw a row per comparison with those settings only in which not all agree."""
    found = differences(listed)
    names = list(dict.fromkeys(name for one in found.values() for name in one))
    table = pd.DataFrame(
        {
            text("models.past_when"): [moment(one.created) for one in listed],
            text("models.past_best"): [model_name(one.best.model) for one in listed],
            text("models.metric_auc"): [number(_auc(one)) for one in listed],
            **{
                setting_name(name): [setting_value(found[one.comparison_id].get(name)) for one in listed]
                for name in names
            },
        }
    )
    st.caption(text("models.past_differences"))
    st.dataframe(table, hide_index=True, height="content", key="m_past", alt=text("models.past_alt"))


def setting_name(name: str) -> str:
    """Return what people call a setting."""
    return text(f"models.{name}")


def setting_value(value: Any) -> str:
    """Return a setting's value in words; several values of one comparison beside each other."""
    if value is None:
        return NOTHING
    if isinstance(value, tuple):
        return ", ".join(setting_value(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _auc(one: PastComparison) -> float:
    return one.best.metrics["test"]["auc"]["mean"]


def _draw_line(one: PastComparison, shown: bool) -> None:
    best = one.best
    words = text(
        "models.past_line",
        when=moment(one.created),
        data=plain(best.dataset.title),
        models=", ".join(model_name(manifest.model) for manifest in one.trained) or text("models.past_none"),
        best=model_name(best.model),
        auc=number(_auc(one)),
        protocol=protocol_name(best),
        seed=best.protocol.seed,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(words, width="stretch")
        if st.button(text("models.open"), key=f"models.open.{one.comparison_id}", disabled=shown):
            show_comparison(one.comparison_id)
            st.rerun()
        if st.button(
            text("models.delete"), key=f"models.delete.{one.comparison_id}", icon=":material/delete:"
        ):
            _confirm_deletion(one, words)


@st.dialog(text("models.delete_title"))
def _confirm_deletion(one: PastComparison, words: str) -> None:
    st.markdown(words)
    st.markdown(text("models.delete_warning", n=len(one.manifests)))
    with st.container(horizontal=True):
        delete = st.button(
            text("models.delete_yes"), type="primary", key="models.delete_yes", on_click=_delete, args=(one,)
        )
        keep = st.button(text("models.delete_no"), key="models.delete_no")
    if delete or keep:
        st.rerun()


def _delete(one: PastComparison) -> None:
    try:
        for manifest in one.manifests:
            cached.run_store().delete(manifest.run_id)
    except RefrainError as error:
        st.toast(plain(error), icon=":material/error:")
        return
    forget_comparison(one.comparison_id)
