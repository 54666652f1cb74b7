"""The results table: which columns, how wide, how written, each with its explanation.

Four sets of columns, each as wide as the page: none is hidden behind its edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.comparison.table import intervals_table, metric_columns, pinned
from recsys_dashboard.comparison.words import metric_name, model_name, verdict
from recsys_dashboard.texts import number, plain, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.runs import Run

SETS = ("quality", "intervals", "speed", "training")
BARS = 4  # of the test metrics, so many are drawn as bars: those people look for


def draw_table(table: pd.DataFrame, runs: Sequence[Run] = ()) -> None:
    """Draw the results table below its two choices, with intervals and verdicts once there are ``runs``."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        chosen = st.segmented_control(
            text("models.columns"), SETS, default=SETS[0], required=True, key="m_columns",
            format_func=lambda name: text(f"models.columns_{name}"), bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
        pin = _pick_pinned(table)
    if chosen == "intervals":
        _draw_intervals(runs)
        return
    shown = pinned(table, pin)
    shown["curve"] = [curve if len(curve) > 1 else None for curve in shown["curve"]]
    columns = {"model": st.column_config.TextColumn(text("models.model"), pinned=True, width=164)}
    columns |= {"quality": _quality, "speed": _speed, "training": _training}[chosen](table, shown, pin)
    shown["model"] = [_row_name(model, pin) for model in shown["model"]]
    st.dataframe(
        shown,
        height="content",
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        key="m_table",
        alt=text("models.table_alt", model=model_name(table.iloc[0]["model"])),
    )


def _draw_intervals(runs: Sequence[Run]) -> None:
    if not runs:
        st.caption(text("models.intervals_later"))
        return
    table = intervals_table(runs)
    metrics = [name for name in table if f"{name}_low" in table][:BARS]
    shown = pd.DataFrame({"model": [model_name(model) for model in table["model"]], "n": table["n_users"]})
    words = st.column_config.TextColumn
    columns = {
        "model": words(text("models.model"), pinned=True, width=164),
        "n": st.column_config.NumberColumn(text("models.n_users"), format="localized", width=84),
    }
    for metric in metrics:
        spans = table[[metric, f"{metric}_low", f"{metric}_high"]].itertuples(index=False, name=None)
        shown[metric] = [
            text("models.with_interval", value=number(value), low=number(low), high=number(high))
            for value, low, high in spans
        ]
        columns[metric] = words(metric_name(metric), width=172, help=_explained(metric))
    st.dataframe(
        shown, hide_index=True, height="content", column_config=columns, key="m_intervals",
        alt=text("models.intervals_alt", n=len(shown)),
    )  # fmt: skip
    st.caption(text("models.intervals_note"))


def _pick_pinned(table: pd.DataFrame) -> str:
    known = list(table["model"])
    first = known.index(BASELINE) if BASELINE in known else 0
    return st.selectbox(
        text("models.pin"), known, index=first, format_func=model_name, key="m_pin", width=210,
        help=text("models.pin_help"),
    )  # fmt: skip


def _quality(table: pd.DataFrame, shown: pd.DataFrame, pin: str) -> dict[str, Any]:
    """Add what is computed for reading only to ``shown`` and return the columns of the held-out plays."""
    figure = st.column_config.NumberColumn
    columns = {"test_auc": _bar("auc")}
    if "p_holm" in shown:
        shown["half_width"] = (shown["test_auc_high"] - shown["test_auc_low"]) / 2
        columns["half_width"] = figure("±", format="%.3f", width=58, help=text("models.half_help"))
    columns["vs_pinned"] = figure(
        text("models.vs_pinned"),
        format="%+.3f",
        width=70,
        help=text("models.vs_pinned_help", model=model_name(pin)),
    )
    columns |= {name: _bar(name.removeprefix("test_")) for name in metric_columns(table, "test")[1:BARS]}
    columns |= {name: _figure(name, width=64) for name in metric_columns(table, "test")[BARS:]}
    if "p_holm" in shown:
        pairs = zip(shown["vs_best"], shown["p_holm"], strict=True)
        shown["verdict"] = [verdict(mean, p) for mean, p in pairs]
        columns["verdict"] = st.column_config.TextColumn(
            text("models.verdict"), width=118, help=text("models.verdict_help")
        )
    return columns


def _speed(table: pd.DataFrame, _shown: pd.DataFrame, _pin: str) -> dict[str, Any]:
    figure = st.column_config.NumberColumn
    columns = {
        "test_auc": _bar("auc"),
        "curve": st.column_config.LineChartColumn(
            text("models.curve"),
            width=120,
            help=text("models.curve_help"),
            y_min=min(min(curve) for curve in table["curve"]),  # one scale for all rows
            y_max=max(max(curve) for curve in table["curve"]),
        ),
        "epochs": figure(text("models.epochs"), width=72, help=text("models.epochs_help")),
        "fit_seconds": figure(
            text("models.fit_seconds"), format="%.2f", width=80, help=text("models.fit_seconds_help")
        ),
        "evaluation_seconds": figure(
            text("models.evaluation_seconds"),
            format="%.2f",
            width=84,
            help=text("models.evaluation_seconds_help"),
        ),
    }
    for share in (95, 99):
        explained = text("models.to_help", share=f"{share}%")
        columns[f"epochs_to_{share}"] = figure(text(f"models.to_{share}"), width=88, help=explained)
        columns[f"seconds_to_{share}"] = figure(
            text(f"models.seconds_to_{share}"), format="%.2f", width=88, help=explained
        )
    return columns


def _training(table: pd.DataFrame, _shown: pd.DataFrame, _pin: str) -> dict[str, Any]:
    return {name: _figure(name, width=132) for name in metric_columns(table, "train")}


def _row_name(model: str, pin: str) -> str:
    if model == BASELINE:
        return text("models.baseline_row", model=model_name(model))
    return text("models.pinned_row", model=model_name(model)) if model == pin else model_name(model)


def _bar(metric: str) -> Any:
    return st.column_config.ProgressColumn(
        metric_name(metric),
        min_value=0.0,
        max_value=1.0,
        format="%.3f",
        width=106,
        help=_explained(metric),
    )


def _figure(name: str, width: int) -> Any:
    part, metric = name.split("_", 1)
    head = text("models.column_train", metric=metric_name(metric)) if part == "train" else metric_name(metric)
    return st.column_config.NumberColumn(head, format="%.3f", width=width, help=_explained(metric))


def _explained(metric: str) -> str:
    kind, _, k = metric.partition("@")
    return text(f"models.explain_{kind}", k=plain(k))
