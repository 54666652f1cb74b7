"""Who is best, by how much, and whether luck could have done it: words first, figures below."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.comparison.evidence import lengths_table
from recsys_core.comparison.ties import verdict_depends_on_ties
from recsys_dashboard.comparison.exports import export_buttons
from recsys_dashboard.comparison.verdict_words import (
    duel_sentence,
    p_values,
    pair_sentence,
    protocol_sentence,
    standing,
    ties_sentence,
)
from recsys_dashboard.comparison.words import metric_name, model_name, verdict
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_dashboard.comparison.evidence import Case

LADDER = 6  # neighbours told at once; the others on request


def draw_verdict(case: Case) -> None:
    """Draw the verdict by the metric of ``case``."""
    metric = metric_name(case.metric)
    with st.spinner(text("models.judging")):
        table, pairs, found = case.verdicts(), case.pairs(), case.duel()
    st.markdown(f"**{standing(table, metric)}**", help=p_values(table))
    if found is not None:
        st.info(duel_sentence(found, metric), icon=":material/balance:")
    steps = [pair_sentence(pair, metric) for pair in _neighbours(table, pairs)]
    st.markdown("\n".join(f"- {step}" for step in steps[:LADDER]))
    if len(steps) > LADDER:
        with st.expander(text("models.more_pairs", n=len(steps) - LADDER)):
            st.markdown("\n".join(f"- {step}" for step in steps[LADDER:]))
    _draw_table(table, metric)
    export_buttons(table, f"refrain-verdict-{case.view.comparison_id}", key="m_verdict")
    st.caption(protocol_sentence(case.view.manifests[0], table))
    _draw_ties(case, metric)
    _draw_lengths(case)


def _neighbours(table: pd.DataFrame, pairs: pd.DataFrame) -> list[dict[str, object]]:
    """Return the pairs of models that follow each other, best first."""
    order = list(table["model"])
    wanted = list(pairwise(order))
    known = {(row["model"], row["other"]): row for row in pairs.to_dict("records")}
    return [known[pair] for pair in wanted]


def _draw_table(table: pd.DataFrame, metric: str) -> None:
    shown = table.assign(
        model=[model_name(model) for model in table["model"]],
        behind=table["behind"].fillna(0.0),
        half_width=(table["high"] - table["low"]) / 2,
        verdict=[verdict(-behind, p) for behind, p in zip(table["behind"], table["p_holm"], strict=True)],
    )
    figure, words = st.column_config.NumberColumn, st.column_config.TextColumn
    columns = {
        "model": words(text("models.model"), pinned=True, width=170),
        "mean": figure(metric, format="%.4f", width=130),
        "half_width": figure("±", format="%.4f", width=80, help=text("models.half_help")),
        "mean_rank": figure(
            text("models.mean_rank"), format="%.2f", width=110, help=text("models.mean_rank_help")
        ),
        "behind": figure(text("models.behind"), format="%.4f", width=130, help=text("models.behind_help")),
        "verdict": words(text("models.verdict"), width=140, help=text("models.luck_help")),
        "n_users": figure(text("models.n_users"), format="localized", width=100),
    }
    st.dataframe(
        shown, hide_index=True, height="content", column_order=list(columns), column_config=columns,
        key="m_verdicts", alt=text("models.verdicts_alt", model=model_name(table.iloc[0]["model"])),
    )  # fmt: skip


def _draw_lengths(case: Case) -> None:
    """Show the metric at several lengths of the list: the order of models may depend on it."""
    kind, at, _ = case.metric.partition("@")
    if not at:
        return
    table = lengths_table(case.evidence().ties, kind)
    shown = table.assign(model=[model_name(model) for model in table["model"]])
    columns = {"model": st.column_config.TextColumn(text("models.model"), pinned=True, width=170)}
    columns |= {
        name: st.column_config.NumberColumn(metric_name(name), format="%.4f", width=130)
        for name in table.columns[1:]
    }
    st.markdown(text("models.lengths"))
    st.dataframe(
        shown, hide_index=True, height="content", column_config=columns, key="m_lengths",
        alt=text("models.lengths_alt", n=len(shown)),
    )  # fmt: skip
    export_buttons(table, f"refrain-lengths-{case.view.comparison_id}", key="m_lengths_file")


def _draw_ties(case: Case, metric: str) -> None:
    """Say whether the rule for equal scores decides anything, and show both where it does."""
    table = case.evidence().ties_of(case.metric)
    st.markdown(ties_sentence(table, metric), help=text("models.ties_help"))
    if not verdict_depends_on_ties(table):
        return
    shown = table.assign(model=[model_name(model) for model in table["model"]])
    figure = st.column_config.NumberColumn
    columns = {
        "model": st.column_config.TextColumn(text("models.model"), width=170),
        "pessimistic": figure(text("models.ties_pessimistic"), format="%.4f", width=150),
        "place_pessimistic": figure(text("models.place"), format="%.1f", width=80),
        "half": figure(text("models.ties_half"), format="%.4f", width=150),
        "place_half": figure(text("models.place"), format="%.1f", width=80),
    }
    st.dataframe(
        shown, hide_index=True, height="content", column_order=list(columns), column_config=columns,
        key="m_ties", alt=text("models.ties_alt"),
    )  # fmt: skip
