"""The results table: which columns, how wide, how written, each with its explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.comparison.table import metric_columns
from recsys_dashboard.comparison.words import metric_name, model_name, verdict
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    import pandas as pd

BARS = 4  # of the test metrics, so many are drawn as bars: those people look for


def draw_table(table: pd.DataFrame) -> None:
    """Draw the results table, with intervals and verdicts once they are known."""
    shown, columns = table.copy(), {}
    shown["model"] = [_row_name(model) for model in table["model"]]
    shown["curve"] = [curve if len(curve) > 1 else None for curve in table["curve"]]
    columns["model"] = st.column_config.TextColumn(text("models.model"), pinned=True, width=160)
    columns["test_auc"] = _bar("auc", "test")
    if "p_value" in table:
        shown["half_width"] = (table["test_auc_high"] - table["test_auc_low"]) / 2
        shown["verdict"] = [
            verdict(mean, p) for mean, p in zip(table["vs_best"], table["p_value"], strict=True)
        ]
        columns["half_width"] = st.column_config.NumberColumn(
            "±", format="%.3f", width=60, help=text("models.half_help")
        )
        columns["verdict"] = st.column_config.TextColumn(
            text("models.verdict"), width=140, help=text("models.verdict_help")
        )
    for name in metric_columns(table, "test")[1:BARS]:
        columns[name] = _bar(name.removeprefix("test_"), "test")
    columns["curve"] = st.column_config.LineChartColumn(
        text("models.curve"),
        width=110,
        help=text("models.curve_help"),
        y_min=min(min(curve) for curve in table["curve"]),  # one scale for all rows
        y_max=max(max(curve) for curve in table["curve"]),
    )
    for name in (*metric_columns(table, "test")[BARS:], *metric_columns(table, "train")[:3]):
        columns[name] = _figure(*reversed(name.split("_", 1)))
    columns |= _time_columns()
    st.dataframe(
        shown,
        height="content",
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        key="m_table",
        alt=text("models.table_alt", model=model_name(table.iloc[0]["model"])),
    )


def _row_name(model: str) -> str:
    return text("models.baseline_row", model=model_name(model)) if model == BASELINE else model_name(model)


def _bar(metric: str, part: str) -> Any:
    return st.column_config.ProgressColumn(
        text(f"models.column_{part}", metric=metric_name(metric)),
        min_value=0.0,
        max_value=1.0,
        format="%.3f",
        width=126,
        help=text(f"models.explain_{metric.partition('@')[0]}", k=plain(metric.partition("@")[2])),
    )


def _figure(metric: str, part: str) -> Any:
    return st.column_config.NumberColumn(
        text(f"models.column_{part}", metric=metric_name(metric)),
        format="%.3f",
        help=text(f"models.explain_{metric.partition('@')[0]}", k=plain(metric.partition("@")[2])),
    )


def _time_columns() -> dict[str, Any]:
    number_column = st.column_config.NumberColumn
    return {
        "fit_seconds": number_column(
            text("models.fit_seconds"), format="%.2f", width=80, help=text("models.fit_seconds_help")
        ),
        "epochs_to_95": number_column(
            text("models.to_95"), width=110, help=text("models.to_help", share="95%")
        ),
        "epochs_to_99": number_column(
            text("models.to_99"), width=110, help=text("models.to_help", share="99%")
        ),
    }
