"""The results of a comparison, drawn: cards, chart, table, sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.comparison_table import list_length, metric_columns
from recsys_core.convergence import EPOCH, SECONDS
from recsys_core.models.registry import MODELS
from recsys_core.plots.convergence import Words, convergence_figure
from recsys_dashboard.comparison_words import (
    SIGNIFICANT,
    figure_source,
    finding,
    metric_name,
    model_name,
    p_words,
    sentences,
    settings_line,
    source_line,
    verdict,
)
from recsys_dashboard.controls import is_dark
from recsys_dashboard.texts import number, plain, seconds, text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_dashboard.comparison_view import ComparisonView

CARD_WIDTH = 140
CHARTED = ("auc", "precision", "recall", "ndcg")


def draw_cards(view: ComparisonView, table: pd.DataFrame) -> None:
    """Draw the four cards about the model that leads by test AUC."""
    k = list_length(next(iter(view.curves.values())))
    best, base = table.iloc[0], table[table["model"] == BASELINE].iloc[0]
    loved, loved_base = k * best[f"test_precision@{k}"], k * base[f"test_precision@{k}"]
    versus = text("models.vs_popular")
    standing, standing_help = _standing(table, view)
    cards = [
        ("best", model_name(best["model"]), standing, None),
        ("auc", number(best["test_auc"]), f"{best['test_auc'] - base['test_auc']:+.3f}", versus),
        ("loved", number(loved, 2), f"{loved - loved_base:+.2f}", versus),
        ("speed", text("models.epochs", n=int(best["epochs_to_95"])), seconds(float(best["seconds_to_95"])),
         text("models.speed", epochs=int(best["epochs_to_99"]))),
    ]  # fmt: skip
    grid = st.grid(4, min_column_width=CARD_WIDTH)  # two by two on a phone
    for name, value, delta, description in cards:
        gain = name in ("auc", "loved")
        explained = text(f"models.card_{name}_help", k=k)
        grid.metric(
            text(f"models.card_{name}", k=k),
            value,
            delta,
            delta_color="normal" if gain else "off",
            delta_arrow="auto" if gain else "off",
            delta_description=description,
            help=f"{standing_help} {explained}" if name == "best" else explained,
            border=True,
            height="stretch",
        )


def draw_chart(view: ComparisonView) -> None:
    """Draw the chart with its own controls; its title says what there is to see."""
    k = list_length(next(iter(view.curves.values())))
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            metric = st.segmented_control(
                text("models.metric"), CHARTED, default="auc", required=True,
                format_func=lambda name: _tab(name, k), key="m_metric", label_visibility="collapsed",
                wrap=True, bind="query-params",
            )  # fmt: skip
            x = st.segmented_control(
                text("models.axis"), (EPOCH, SECONDS), default=EPOCH, required=True,
                format_func=lambda name: text(f"models.axis_{name}"), key="m_x", label_visibility="collapsed",
                bind="query-params",
            )  # fmt: skip
        metric = metric if metric == "auc" else f"{metric}@{k}"
        title = finding(view.judged, metric, x, live=view.live)
        st.markdown(f"**{title}**")
        training = st.session_state.get("m_train", False)
        figure = convergence_figure(
            view.curves, _words(view, metric, x), metric=metric, x=x, epochs=view.epochs,
            live=view.progress.model if view.live else None, training=training, dark=is_dark(),
        )  # fmt: skip
        st.plotly_chart(figure, key="m_chart", config=_config(metric, x), alt=title)
        st.toggle(
            text("models.training"), key="m_train", bind="query-params", help=text("models.training_help")
        )


def draw_table(view: ComparisonView, table: pd.DataFrame) -> None:
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
    for name in metric_columns(table, "test")[1:4]:
        columns[name] = _bar(name.removeprefix("test_"), "test")
    columns["curve"] = st.column_config.LineChartColumn(
        text("models.curve"), width=110, help=text("models.curve_help")
    )
    for name in (*metric_columns(table, "test")[4:], *metric_columns(table, "train")[:3]):
        columns[name] = _figure(*reversed(name.split("_", 1)))
    columns |= _time_columns()
    st.dataframe(
        shown,
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        key="m_table",
        alt=text("models.table_alt", model=model_name(table.iloc[0]["model"])),
    )


def draw_sentences(view: ComparisonView, table: pd.DataFrame) -> None:
    """Draw what to take home, and what it was computed from."""
    with st.container(border=True):
        st.markdown(f"**{text('models.in_words')}**")
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences(view.judged, table)))
    st.caption(f"{source_line(view.manifests[0])} · {settings_line(view.manifests)}")


def _standing(table: pd.DataFrame, view: ComparisonView) -> tuple[str, str]:
    """Return how the best model stands, and a sentence saying against which."""
    if view.live:
        return text("models.so_far"), ""
    if len(table) == 1:
        return text("models.alone"), ""
    second = table.iloc[1]
    p_value = float(second.get("p_value", math.nan))
    kind = "ahead" if p_value < SIGNIFICANT else "level"
    rival = text("models.rival", model=model_name(second["model"]))
    return text(f"models.{kind}_p", p=p_words(p_value)), rival


def _tab(metric: str, k: int) -> str:
    return metric_name(metric if metric == "auc" else f"{metric}@{k}")


def _words(view: ComparisonView, metric: str, x: str) -> Words:
    return Words(
        models={model: model_name(model) for model in MODELS},
        below={model: text("models.below", model=model_name(model)) for model in MODELS},
        x=text(f"models.x_{x}"),
        y=text("models.y", metric=metric_name(metric)),
        hover=text("models.hover", metric=metric_name(metric)),
        near_best=text("models.near_best"),
        baseline=text("models.baseline"),
        source=figure_source(view.manifests[0]) if view.manifests else "",
    )


def _config(metric: str, x: str) -> dict[str, Any]:
    name = f"refrain-{metric.replace('@', '-at-')}-by-{x}"
    return {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2, "width": 1000},
    }


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
