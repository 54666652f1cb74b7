"""The effects of an experiment drawn: one settling over time, all of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.plots.experiment import effect_intervals, effect_over_time
from recsys_dashboard.controls import is_dark
from recsys_dashboard.experiment.words import arm_name, ends, metric_name, signed
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.texts import number, text, whole
from recsys_online.analysis.comparison import Interval, effect_frame
from recsys_online.analysis.listeners import CONTROL, LESS_IS_BETTER

if TYPE_CHECKING:
    import pandas as pd

    from recsys_dashboard.experiment.findings import Findings


def draw_course(found: Findings, arm: str) -> None:
    """Draw the choice of a metric and how its effect settled."""
    metric = st.selectbox(
        text("experiment.metric"), found.metrics, key=f"e_metric_{found.key}", format_func=metric_name,
        help=text("experiment.metric_help"),
    )  # fmt: skip
    course = _course(found.look.course, arm, metric)
    if course["low"].notna().sum() == 0:
        st.info(text("experiment.no_course"), icon=":material/hourglass:")
        return
    last = course.iloc[-1]
    show_figure(
        effect_over_time(
            course,
            x_title=text("experiment.sessions_axis"),
            y_title=text("experiment.effect_axis"),
            fixed_words=text("experiment.fixed"),
            always_words=text("experiment.always"),
            dark=is_dark(),
        ),
        key=f"e_course_{found.key}",
        title=text(
            "experiment.course_title", metric=metric_name(metric), effect=signed(last["effect"]),
            n=int(last["sessions"]),
        ),
        alt=text("experiment.course_alt", metric=metric_name(metric), effect=signed(last["effect"])),
        source=_source(found),
        note=text("experiment.course_note"),
    )  # fmt: skip


def _course(course: pd.DataFrame, arm: str, metric: str) -> pd.DataFrame:
    return course[(course["treatment"] == arm) & (course["metric"] == metric)]


def draw_metrics(found: Findings, arm: str) -> None:
    """Draw the effects on all metrics, as a figure and as a table."""
    effects = [one for one in found.look.report.effects if one.metric in found.metrics]
    frame = effect_frame(effects, arm)
    if frame.empty:
        st.info(text("experiment.no_course"), icon=":material/hourglass:")
        return
    frame = frame.set_index("metric").loc[[one for one in found.metrics if one in set(frame["metric"])]]
    frame = frame.reset_index()
    names = {one: metric_name(one) for one in found.metrics}
    show_figure(
        effect_intervals(
            frame,
            names=names,
            x_title=text("experiment.effect_axis"),
            fixed_words=text("experiment.fixed"),
            always_words=text("experiment.always"),
            less_is_better=LESS_IS_BETTER,
            dark=is_dark(),
        ),
        key=f"e_effects_{found.key}",
        title=text("experiment.metrics_title", arm=arm_name(arm, found.treatments)),
        alt=text("experiment.metrics_alt", n=len(frame)),
        source=_source(found),
        note=text("experiment.metrics_note"),
    )
    _draw_table(frame, found, names)


def _draw_table(frame: pd.DataFrame, found: Findings, names: dict[str, str]) -> None:
    shown = frame.assign(
        metric=[names[one] for one in frame["metric"]],
        effect=[signed(one) for one in frame["effect"]],
        fixed=_spans(frame, "low", "high"),
        always=_spans(frame, "always_low", "always_high"),
        earlier=_spans(frame, "earlier_low", "earlier_high"),
        control_mean=[number(one) for one in frame["control_mean"]],
        treatment_mean=[number(one) for one in frame["treatment_mean"]],
        verdict=[text("experiment.yes") if one else text("experiment.no") for one in frame["significant"]],
    )
    words = st.column_config.TextColumn
    columns = {
        "metric": words(text("experiment.column_metric"), pinned=True, width=165),
        "control_mean": words(arm_name(CONTROL, found.treatments), width=76),
        "treatment_mean": words(text("experiment.column_treatment"), width=76),
        "effect": words(text("experiment.column_effect"), width=78),
        "fixed": words(text("experiment.column_fixed"), width=122, help=text("experiment.column_fixed_help")),
        "always": words(
            text("experiment.column_always"), width=122, help=text("experiment.column_always_help")
        ),
        "earlier": words(
            text("experiment.column_earlier"), width=122, help=text("experiment.column_earlier_help")
        ),
        "verdict": words(text("experiment.column_sure"), width=52, help=text("experiment.column_sure_help")),
    }
    if frame["earlier_effect"].isna().all():
        del columns["earlier"]
    st.dataframe(
        shown, hide_index=True, column_order=list(columns), column_config=columns, height="content",
        key=f"e_table_{found.key}", alt=text("experiment.table_alt"),
    )  # fmt: skip


def _spans(frame: pd.DataFrame, low: str, high: str) -> list[str]:
    """Return intervals in words; NaN is no end."""
    whole_frame = frame[[low, high]].astype(object).where(frame[[low, high]].notna(), None)
    return [ends(Interval(None, *pair)) for pair in whole_frame.itertuples(index=False, name=None)]


def _source(found: Findings) -> str:
    report = found.look.report
    return text(
        "experiment.source",
        listeners=whole(sum(report.arms.listeners.values())),
        sessions=whole(sum(report.sessions.values())),
    )
