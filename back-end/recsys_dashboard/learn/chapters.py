"""The chapters: which one is open is in the address, so that each can be linked to."""

from __future__ import annotations

import streamlit as st

from recsys_dashboard.texts import text

CHAPTERS = ("feedback", "field", "lightfm", "words", "neighbours", "drift", "experiments")
_KEY, _ADDRESS = "learn.chapter", "chapter"


def open_chapter() -> str:
    """Draw the choice of chapters and return the open one; an address that names none opens the first."""
    wanted = st.query_params.get(_ADDRESS)
    st.session_state[_KEY] = wanted if wanted in CHAPTERS else CHAPTERS[0]
    opened = st.pills(
        text("learn.chapters"),
        CHAPTERS,
        required=True,
        format_func=_numbered,
        key=_KEY,
        on_change=lambda: _turn_to(st.session_state[_KEY]),
        label_visibility="collapsed",
    )
    return opened or CHAPTERS[0]


def turn_the_page(chapter: str) -> None:
    """Draw the buttons to the chapters before and after."""
    place = CHAPTERS.index(chapter)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if place:
            _button(CHAPTERS[place - 1], forward=False)
        if place + 1 < len(CHAPTERS):
            _button(CHAPTERS[place + 1], forward=True)


def _button(chapter: str, *, forward: bool) -> None:
    st.button(
        _numbered(chapter),
        key=f"learn.turn.{chapter}",
        icon=":material/arrow_forward:" if forward else ":material/arrow_back:",
        icon_position="right" if forward else "left",
        type="primary" if forward else "secondary",
        on_click=_turn_to,
        args=(chapter,),
    )


def _turn_to(chapter: str) -> None:
    # a control of one chapter must not stay in the address of another
    st.query_params.from_dict(
        {name: st.query_params[name] for name in st.query_params if name == "data"} | {_ADDRESS: chapter}
    )


def _numbered(chapter: str) -> str:
    return text("learn.numbered", number=CHAPTERS.index(chapter) + 1, name=text(f"learn.name_{chapter}"))
