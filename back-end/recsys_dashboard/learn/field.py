"""Chapter 2: the big picture, and which recommender we chose, with figures of our own."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from recsys_core.lessons.measured import Measured, ModelFigures, measured
from recsys_core.plots.lessons import value_bars
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.navigation import page_file
from recsys_dashboard.texts import number, seconds, text, whole

WISHES = ("loved", "auc", "seconds")
LIST_LENGTH = 10
HEADS = ("model", "idea", "loved", "ndcg", "auc", "time")


def draw() -> None:
    """Draw the chapter."""
    found = measured()
    st.markdown(text("learn.field_text"))
    st.subheader(text("learn.field_choice"), anchor=False)
    st.markdown(_choice(found))
    with toy(text("learn.field_do")):
        wish = st.segmented_control(
            text("learn.field_wish"),
            WISHES,
            default=WISHES[0],
            required=True,
            format_func=lambda one: text(f"learn.field_wish_{one}"),
            key="learn.wish",
        )
        _figure(found, wish)
    _table(found)
    st.caption(text("learn.field_command"))
    st.code(found.command, language="sh")
    st.markdown(text("learn.field_after"))
    st.page_link(page_file("models"), label=text("learn.field_own"), icon=":material/monitoring:")


def _choice(found: Measured) -> str:
    best, popular = found.models[0], found.of("popularity")
    return text(
        "learn.field_chosen",
        model=_name(best.model),
        loved=number(LIST_LENGTH * best.precision.mean, 2),
        popular=number(LIST_LENGTH * popular.precision.mean, 2),
        simple=_name("ease"),
        simple_loved=number(LIST_LENGTH * found.of("ease").precision.mean, 2),
        simple_seconds=seconds(found.of("ease").seconds),
        seconds=seconds(best.seconds),
    )


def _figure(found: Measured, wish: str) -> None:
    """Draw the models by what the visitor asks for, the best first and in colour."""
    by_wish = sorted(found.models, key=lambda one: _value(one, wish), reverse=wish != "seconds")
    values = [_value(one, wish) for one in by_wish]
    title = text(f"learn.field_title_{wish}", model=_name(by_wish[0].model))
    show_figure(
        value_bars(
            [_name(one.model) for one in by_wish],
            values,
            labels=[seconds(one) if wish == "seconds" else number(one) for one in values],
            chosen=[place == 0 for place in range(len(values))],
            x_title=text(f"learn.field_axis_{wish}"),
            top=1.2 * max(values),
            dark=is_dark(),
        ),
        key=f"learn.field.{wish}",
        title=title,
        alt=title,
        source=_source(found),
    )


def _value(one: ModelFigures, wish: str) -> float:
    return {"loved": LIST_LENGTH * one.precision.mean, "auc": one.auc.mean, "seconds": one.seconds}[wish]


def _table(found: Measured) -> None:
    rows = [
        (
            _name(one.model),
            text(f"learn.idea_{one.model}"),
            text(
                "learn.field_interval",
                mean=number(LIST_LENGTH * one.precision.mean),
                low=number(LIST_LENGTH * one.precision.low),
                high=number(LIST_LENGTH * one.precision.high),
            ),
            number(one.ndcg.mean),
            number(one.auc.mean),
            seconds(one.seconds),
        )
        for one in found.models
    ]
    heads = {name: text(f"learn.field_head_{name}") for name in HEADS}
    explained = {
        heads[name]: st.column_config.TextColumn(help=text(f"learn.field_help_{name}"))
        for name in ("ndcg", "auc")
    }
    st.dataframe(
        pd.DataFrame(rows, columns=list(heads.values())),
        hide_index=True,
        key="learn.models",
        column_config=explained,
        alt=text("learn.field_alt"),
    )


def _name(model: str) -> str:
    return text(f"model.{model}")


def _source(found: Measured) -> str:
    return text(
        "learn.field_source",
        dataset=found.dataset,
        listeners=whole(found.listeners),
        artists=whole(found.artists),
        train=whole(found.train),
        test=whole(found.test),
        judged=whole(found.judged),
        seed=found.seed,
        day=found.measured,
    )
