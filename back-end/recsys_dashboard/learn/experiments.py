"""Chapter 7: A/B tests. A thousand experiments without any effect, and how many find one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.plots.peeking import false_alarms_figure
from recsys_dashboard.cards import Card, draw_cards
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.texts import percent, text, whole
from recsys_online.analysis.peeking import TESTS, false_alarms

if TYPE_CHECKING:
    import pandas as pd

LOOKS, USERS = (1, 2, 5, 10, 20, 50), (500, 1000, 2000, 4000)
_SEED = "learn.seed"


def draw() -> None:
    """Draw the chapter."""
    st.markdown(text("learn.experiments_text"))
    st.markdown(text("learn.peeking_text"))
    with toy(text("learn.peeking_do")):
        left, right = st.columns(2)
        looks = left.select_slider(text("learn.peeking_looks"), LOOKS, 20, key="learn.looks")
        users = right.select_slider(
            text("learn.peeking_users"), USERS, 2000, format_func=whole, key="learn.users"
        )
        st.button(
            text("learn.peeking_again"), key="learn.again", icon=":material/casino:", on_click=_draw_again
        )
        seed = st.session_state.setdefault(_SEED, 0)
        with st.spinner(text("learn.peeking_busy", tests=whole(TESTS))):
            table = _simulated(seed, looks, users)
        _results(table, looks, users, seed)
    st.markdown(text("learn.peeking_after"))


def _draw_again() -> None:
    st.session_state[_SEED] = st.session_state.get(_SEED, 0) + 1


@st.cache_data(max_entries=32, show_spinner=False)
def _simulated(seed: int, looks: int, users: int) -> pd.DataFrame:
    return false_alarms(seed, looks=looks, users=users)


def _results(table: pd.DataFrame, looks: int, users: int, seed: int) -> None:
    last = table.iloc[-1]
    draw_cards(
        [
            Card(text("learn.card_peeked"), percent(last["one_look"]), text("learn.card_peeked_help")),
            Card(text("learn.card_waited"), percent(last["at_this_look"]), text("learn.card_waited_help")),
            Card(text("learn.card_any_time"), percent(last["any_time"]), text("learn.card_any_time_help")),
        ]
    )
    title = text(
        "learn.peeking_title" if looks > 1 else "learn.peeking_title_once",
        looks=looks,
        alarms=whole(TESTS * last["one_look"]),
        tests=whole(TESTS),
        any_time=whole(TESTS * last["any_time"]),
    )
    show_figure(
        false_alarms_figure(
            table,
            x_title=text("learn.peeking_x"),
            y_title=text("learn.peeking_y"),
            one_look=text("learn.peeking_one_look"),
            any_time=text("learn.peeking_any_time"),
            promised=text("learn.peeking_promised"),
            dark=is_dark(),
        ),
        key="learn.peeking",
        title=title,
        alt=title,
        source=text("learn.peeking_source", tests=whole(TESTS), users=whole(users), seed=seed),
        note=text("learn.peeking_note"),
    )
