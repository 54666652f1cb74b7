"""The results of a comparison, drawn: cards, chart, sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.comparison.table import list_length
from recsys_core.convergence import EPOCH, SECONDS
from recsys_core.models.registry import MODELS
from recsys_core.plots.convergence import Words, convergence_figure
from recsys_dashboard.comparison.words import (
    SIGNIFICANT,
    figure_source,
    finding,
    metric_name,
    model_name,
    p_words,
    sentences,
    settings_line,
    source_line,
)
from recsys_dashboard.controls import is_dark
from recsys_dashboard.texts import number, seconds, text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_dashboard.comparison.view import ComparisonView

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
        ("speed", *_speed(best)),
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


def _speed(best: pd.Series) -> tuple[str, str | None, str | None]:
    """Return how soon 95 % of the best was reached, in epochs and in seconds, and how soon 99 %."""
    if math.isnan(best["epochs_to_95"]):
        return text("models.never"), None, None
    epochs, later = text("models.count_epochs", n=int(best["epochs_to_95"])), int(best["epochs_to_99"])
    return epochs, seconds(float(best["seconds_to_95"])), text("models.speed", epochs=later)


def draw_chart(view: ComparisonView, table: pd.DataFrame) -> None:
    """Draw the chart with its own controls; its title says what there is to see."""
    k = list_length(next(iter(view.curves.values())))
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            metric = st.segmented_control(
                text("models.metric"), CHARTED, default="auc", required=True,
                format_func=lambda name: tab_name(name, k), key="m_metric", label_visibility="collapsed",
                wrap=True, bind="query-params",
            )  # fmt: skip
            x = st.segmented_control(
                text("models.axis"), (EPOCH, SECONDS), default=EPOCH, required=True,
                format_func=lambda name: text(f"models.axis_{name}"), key="m_x", label_visibility="collapsed",
                bind="query-params",
            )  # fmt: skip
        metric = metric if metric == "auc" else f"{metric}@{k}"
        title = _title(view, table, metric, x)
        st.markdown(f"**{title}**")
        place = st.container()
        training = st.toggle(
            text("models.training"), key="m_train", bind="query-params", help=text("models.training_help")
        )
        figure = convergence_figure(
            view.curves, figure_words(view, metric, x), metric=metric, x=x, epochs=view.epochs,
            unfinished=view.unfinished, training=training, dark=is_dark(),
        )  # fmt: skip
        place.plotly_chart(figure, key="m_chart", config=_config(metric, x), alt=title)


def _title(view: ComparisonView, table: pd.DataFrame, metric: str, x: str) -> str:
    """Return the finding; by AUC, a lead that could be luck is no lead."""
    if view.fruitless:
        return text("models.finding_fruitless")
    if metric == "auc" and "p_holm" in table and len(table) > 1 and table.iloc[1]["p_holm"] >= SIGNIFICANT:
        best, rival = (model_name(table.iloc[place]["model"]) for place in (0, 1))
        return text("models.finding_level", model=best, rival=rival, metric=metric_name(metric))
    return finding(view.judged, metric, x, live=view.live)


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
    p_value = float(second.get("p_holm", math.nan))
    kind = "ahead" if p_value < SIGNIFICANT else "level"
    rival = text("models.rival", model=model_name(second["model"]), p=p_words(p_value))
    return text(f"models.standing_{kind}"), rival


def tab_name(metric: str, k: int) -> str:
    """Return the label of a kind of metric at the list length ``k``."""
    return metric_name(metric if metric == "auc" else f"{metric}@{k}")


def figure_words(view: ComparisonView, metric: str, x: str) -> Words:
    """Return all that is written on a figure of curves."""
    return Words(
        models={model: model_name(model) for model in MODELS},
        below={model: text("models.below", model=model_name(model)) for model in MODELS},
        x=text(f"models.x_{x}"),
        y=text("models.y", metric=metric_name(metric)),
        hover=text("models.hover", metric=metric_name(metric)),
        near_best=text("models.near_best"),
        nearly_best=text("models.nearly_best"),
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
