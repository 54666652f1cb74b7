"""For whom a model works, and for which artists: the same metric on parts of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.comparison.segments import ARTISTS, LISTENERS, METRIC, SEGMENT
from recsys_core.plots.segments import segments_figure
from recsys_dashboard.comparison.exports import export_buttons
from recsys_dashboard.comparison.segment_words import artists_finding, listeners_finding, segment_names
from recsys_dashboard.comparison.words import figure_source, metric_name, model_name
from recsys_dashboard.controls import is_dark
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from recsys_dashboard.comparison.evidence import Case

SHOWN_FIRST = 5


def draw_segments(case: Case) -> None:
    """Draw listeners by how much they play, then held-out artists by how known they are."""
    order = list(case.verdicts()["model"])
    models = _pick(order)
    source = figure_source(case.view.manifests[0]).replace("<br>", " · ")
    left, right = st.columns(2)
    with left.container(border=True):
        table = case.listeners()
        title = listeners_finding(table, case.metric, metric_name(case.metric))
        _draw(table, case.metric, LISTENERS, models, title, text("models.listeners_note") + "  \n" + source)
        _table(table, case.metric, order, LISTENERS, case, "listeners")
    with right.container(border=True):
        metric = "auc" if case.metric == "auc" else f"recall@{case.k}"
        table = case.evidence().artists
        title = artists_finding(table, metric, metric_name(metric))
        _draw(table, metric, ARTISTS, models, title, text("models.artists_note", k=case.k) + "  \n" + source)
        _table(table, metric, order, ARTISTS, case, "artists")


def _pick(order: Sequence[str]) -> list[str]:
    """Draw the choice of models to show; the best few and the baseline at first."""
    first = [model for model in order if model != BASELINE][:SHOWN_FIRST]
    first += [BASELINE] if BASELINE in order else []
    chosen = st.multiselect(
        text("models.segment_models"), order, default=first, format_func=model_name, key="m_shown"
    )
    return [model for model in order if model in (chosen or first)]


def _draw(
    table: pd.DataFrame, metric: str, parts: Sequence[str], models: Sequence[str], title: str, note: str
) -> None:
    st.markdown(f"**{title}**")
    figure = segments_figure(
        table, metric=metric, segments=segment_names(table, metric, parts), models=models,
        names={model: model_name(model) for model in models},
        y_title=text("models.y", metric=metric_name(metric)), dark=is_dark(),
    )  # fmt: skip
    st.plotly_chart(figure, key=f"m_{parts[0]}", config={"displayModeBar": False}, alt=title)
    st.caption(note)


def _table(
    table: pd.DataFrame, metric: str, order: Sequence[str], parts: Sequence[str], case: Case, name: str
) -> None:
    """Draw the means of every model in every part, and the download with intervals and counts."""
    with st.expander(text("models.all_figures")):
        own = table[table[METRIC] == metric]
        wide = own.pivot_table(index="model", columns=SEGMENT, values="mean")
        wide = wide.reindex(index=order, columns=list(parts)).reset_index()
        shown = wide.assign(model=[model_name(model) for model in wide["model"]])
        figure = st.column_config.NumberColumn
        names = {part: text(f"models.segment_{part}") for part in parts}
        columns = {
            "model": st.column_config.TextColumn(text("models.model"), pinned=True),
            **{part: figure(names[part], format="%.3f") for part in parts},
        }
        st.dataframe(
            shown, hide_index=True, height="content", column_config=columns, key=f"m_{name}_table",
            alt=text("models.segments_alt"),
        )  # fmt: skip
        export_buttons(table, f"refrain-{name}-{case.view.comparison_id}", key=f"m_{name}")
