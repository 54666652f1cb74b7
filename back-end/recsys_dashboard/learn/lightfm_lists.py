"""A list to put in order by hand, the metrics of it, and what equal scores do to them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from recsys_core.lessons.hand_list import Judged, judge, moved
from recsys_dashboard.cards import Card, draw_cards
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.texts import number, text, whole

ARTISTS, LOVED = 8, frozenset((1, 4, 5))
_KEY = "learn.order"


def draw() -> None:
    """Draw the section."""
    st.markdown(text("learn.lists_text"))
    order: tuple[int, ...] = st.session_state.setdefault(_KEY, tuple(range(ARTISTS)))
    loved = [one in LOVED for one in order]
    with toy(text("learn.lists_do")):
        left, right = st.columns(2)
        with right:
            k = st.slider(text("learn.lists_k"), 1, ARTISTS, 3, key="learn.k")
            judged = judge(loved, k)
            _cards(judged, k)
            st.markdown(_in_words(judged, k))
        with left:
            _rows(order, k)
    st.markdown(text("learn.ties_text"))
    with toy(text("learn.ties_do")):
        tied = st.slider(text("learn.ties_tied"), 1, ARTISTS, 4, key="learn.tied")
        _ties(loved, k, tied)


def _rows(order: tuple[int, ...], k: int) -> None:
    """Draw the list with its buttons; a line says where the first k end."""
    for place, artist in enumerate(order):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _button(order, place, -1)
            _button(order, place, 1)
            heart = " :red[:material/favorite:]" if artist in LOVED else ""
            st.markdown(f"{place + 1}. {text(f'learn.artist_{artist + 1}')}{heart}", width="content")
        if place + 1 == k:
            st.caption(text("learn.lists_line", k=k))


def _button(order: tuple[int, ...], place: int, step: int) -> None:
    up = step < 0
    st.button(
        "",
        key=f"learn.move.{'up' if up else 'down'}.{place}",
        icon=":material/arrow_upward:" if up else ":material/arrow_downward:",
        help=text("learn.lists_up" if up else "learn.lists_down"),
        disabled=(place == 0) if up else (place + 1 == len(order)),
        on_click=_move,
        args=(place, step),
    )


def _move(place: int, step: int) -> None:
    st.session_state[_KEY] = moved(st.session_state[_KEY], place, step)


def _cards(judged: Judged, k: int) -> None:
    draw_cards(
        [
            Card(
                text("learn.card_precision", k=k), number(judged.precision), text("learn.card_precision_help")
            ),
            Card(text("learn.card_recall", k=k), number(judged.recall), text("learn.card_recall_help")),
            Card(text("learn.card_auc"), number(judged.auc), text("learn.card_auc_help")),
        ]
    )


def _in_words(judged: Judged, k: int) -> str:
    return text(
        "learn.lists_words",
        k=k,
        hits=judged.hits,
        loved=len(LOVED),
        right=whole(judged.right),
        pairs=whole(judged.pairs),
    )


def _ties(loved: list[bool], k: int, tied: int) -> None:
    """Draw the metrics under both rules."""
    rules = {rule: judge(loved, k, tied=tied, ties=rule) for rule in ("pessimistic", "half")}
    rows = [
        (text(f"learn.ties_{rule}"), number(one.precision), number(one.recall), number(one.auc))
        for rule, one in rules.items()
    ]
    heads = [
        text("learn.ties_rule"),
        *(text(f"learn.card_{name}", k=k) for name in ("precision", "recall", "auc")),
    ]
    st.dataframe(
        pd.DataFrame(rows, columns=heads), hide_index=True, key="learn.ties", alt=text("learn.ties_alt")
    )
    differ = rules["pessimistic"] != rules["half"]
    st.markdown(text("learn.ties_differ" if differ else "learn.ties_same", tied=tied))
    if rules["pessimistic"].auc < 0:
        st.markdown(text("learn.ties_below_zero"))
