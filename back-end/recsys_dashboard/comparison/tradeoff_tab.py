"""What quality costs: seconds of training, and what the lists are like besides being right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.comparison.quality_in_time import best_against
from recsys_core.plots.model_points import model_points_figure
from recsys_core.plots.time_quality import time_quality_figure
from recsys_dashboard.comparison.exports import export_buttons
from recsys_dashboard.comparison.results import figure_words
from recsys_dashboard.comparison.tradeoff_words import fast_answer, spread_finding
from recsys_dashboard.comparison.words import figure_source, metric_name, model_name
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_dashboard.comparison.evidence import Case

CHANCE = "random"
MEASURES = ("coverage", "novelty", "diversity", "popularity")


def draw_tradeoff(case: Case) -> None:
    """Draw quality over seconds, then quality over what the lists are like."""
    metric, source = metric_name(case.metric), figure_source(case.view.manifests[0]).replace("<br>", " · ")
    with st.container(border=True):
        curves = {model: curve for model, curve in case.view.judged.items() if model != CHANCE}
        title = fast_answer(curves, case.metric, metric)
        figure = time_quality_figure(
            curves, figure_words(case.view, case.metric, "log_seconds"), metric=case.metric,
            front=text("models.front"), dark=is_dark(),
        )  # fmt: skip
        show_figure(figure, key="m_time_quality", title=title, alt=title, source=text("models.seconds_note"))
    with st.container(border=True):
        _draw_lists(case, metric, source)


def _draw_lists(case: Case, metric: str, source: str) -> None:
    head = st.container()
    measure = st.segmented_control(
        text("models.measure"), MEASURES, default=MEASURES[0], required=True, key="m_measure",
        format_func=lambda name: text(f"models.{name}"), label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    lists = case.evidence().lists
    shown = best_against(lists, case.verdicts(), measure)
    drawn = shown[shown["model"] != CHANCE]  # far off, it would press all others into a corner
    title = spread_finding(drawn[drawn["model"] != BASELINE], measure, metric)
    head.markdown(f"**{title}**")
    figure = model_points_figure(
        drawn, x=measure, y="mean", names={model: model_name(model) for model in shown["model"]},
        x_title=text(f"models.{measure}_axis", k=case.k), y_title=text("models.y", metric=metric),
        front=text("models.front"), dark=is_dark(),
    )  # fmt: skip
    st.plotly_chart(figure, key="m_points", config={"displayModeBar": False}, alt=title)
    st.caption(text("models.lists_note", k=case.k) + "  \n" + source)
    _draw_table(shown, metric)
    export_buttons(shown, f"refrain-lists-{case.view.comparison_id}", key="m_lists")


def _draw_table(table: pd.DataFrame, metric: str) -> None:
    figure = st.column_config.NumberColumn
    columns = {
        "model": st.column_config.TextColumn(text("models.model"), pinned=True, width=170),
        "mean": figure(metric, format="%.4f", width=130),
        **{
            name: figure(
                text(f"models.{name}"),
                format="percent" if name == "coverage" else "%.3f" if name != "popularity" else "%.0f",
                width=110,
                help=text(f"models.{name}_help"),
            )
            for name in (*MEASURES, "gini")
        },
        "n_lists": figure(text("models.n_lists"), format="localized", width=90),
    }
    shown = table.assign(model=[model_name(model) for model in table["model"]])
    st.dataframe(
        shown, hide_index=True, height="content", column_order=list(columns), column_config=columns,
        key="m_lists_table", alt=text("models.lists_alt"),
    )  # fmt: skip
