"""Every trial of a study in a table, to be read or taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import streamlit as st

from recsys_core.tuning.request import SECONDS
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.texts import NOTHING, text
from recsys_dashboard.tuning.choice import STUDY
from recsys_dashboard.tuning.words import objective_name, parameter_name, state_name

if TYPE_CHECKING:
    from recsys_core.tuning.trials import State
    from recsys_dashboard.tuning.view import StudyView

STATES: tuple[State, ...] = (
    "waiting",
    "running",
    "complete",
    "pruned",
    "diverged",
    "failed",
    "stopped",
    "lost",
)
ROWS, HEIGHT = 8, 320
_COLOURS = ("gray", "blue", "green", "yellow", "orange", "orange", "gray", "gray")


def draw_trials(view: StudyView) -> None:
    """Draw the trials, newest first, with their states as chips."""
    table = view.table.iloc[::-1]
    shown = table.assign(trial=table["trial"] + 1, state=[[state_name(one)] for one in table["state"]])
    columns: dict[str, Any] = {
        "trial": st.column_config.NumberColumn(text("tuning.column_trial"), pinned=True, width=60),
        "state": st.column_config.MultiselectColumn(
            text("tuning.column_state"),
            options=[state_name(one) for one in STATES],
            color=_COLOURS,
            width=120,
            help=text("tuning.column_state_help"),
        ),
        "best_epoch": st.column_config.NumberColumn(
            text("tuning.column_best_epoch"), help=text("tuning.column_best_epoch_help")
        ),
        "epochs": st.column_config.NumberColumn(text("tuning.column_epochs")),
        SECONDS: st.column_config.NumberColumn(
            text("tuning.column_seconds"), format="%.2f", help=text("tuning.column_seconds_help")
        ),
        "asked": st.column_config.CheckboxColumn(
            text("tuning.column_asked"), help=text("tuning.column_asked_help")
        ),
        "reason": st.column_config.TextColumn(text("tuning.column_reason")),
    }
    for name in view.card.request.objectives:
        if name != SECONDS:
            columns[name] = st.column_config.NumberColumn(objective_name(name), format="%.4f")
    for one in view.card.request.space():
        words = parameter_name(one.name)
        columns[one.name] = (
            st.column_config.NumberColumn(words, format="%.3g")
            if one.kind == "number"
            else st.column_config.Column(words)
        )
    st.subheader(text("tuning.trials_title"), anchor=False)
    st.dataframe(
        shown, key="tuning.table", column_config=columns, hide_index=True, placeholder=NOTHING,
        height="auto" if len(shown) <= ROWS else HEIGHT,
        alt=text("tuning.trials_alt", n=len(shown)),
    )  # fmt: skip


def draw_downloads(view: StudyView) -> None:
    """Draw the buttons that take the trials away, and the link that brings somebody here."""
    with st.container(horizontal=True):
        csv_button(view.table, f"refrain-study-{view.name}.csv", key="t_csv", label=text("tuning.csv_trials"))
        with st.popover(text("tuning.link"), icon=":material/link:"):
            st.caption(text("tuning.link_help"))
            st.code(_link(view.name), language=None, wrap_lines=True)


def _link(name: str) -> str:
    pairs = [
        (key, value) for key in st.query_params for value in st.query_params.get_all(key) if key != STUDY
    ]
    return f"{st.context.url or ''}?{urlencode([*pairs, (STUDY, name)])}"
