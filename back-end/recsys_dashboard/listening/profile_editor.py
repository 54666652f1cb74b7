"""Become a listener: find artists while typing, say with stars how much you like them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.listening.profile import FEWEST_LIKED, STARS, USUAL
from recsys_dashboard.listening.cached_company import search_of
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    import numpy as np

    from recsys_core.datasets import Dataset
    from recsys_core.listening.profile import Opinion, Profile
    from recsys_dashboard.listening.opinions import Opinions

FOUND, STARTERS, NAMED = 8, 12, 6
SEARCH = "preferences.search"


def profile_editor(dataset: Dataset, opinions: Opinions, listeners: np.ndarray) -> None:
    """Draw search, finds and the artists said so far; ``listeners`` counts those of each artist."""
    typed = st.text_input(
        text("preferences.search"),
        key=SEARCH,
        type="search",
        live=True,
        icon=":material/search:",
        placeholder=text("preferences.search_placeholder", n=dataset.n_items),
    )
    named = {one.item for one in opinions.profile.opinions}
    if typed:
        found = search_of(dataset).find(typed, FOUND)
        if not len(found):
            st.caption(text("preferences.search_nothing", typed=plain(typed)))
    else:
        found = (-listeners).argsort(kind="stable")[:STARTERS]
        st.caption(text("preferences.starters"))
    _offer(dataset, opinions, [row for row in found if str(dataset.items.ids[row]) not in named])
    for one in opinions.profile.opinions:
        _draw_opinion(one, str(dataset.names_of([dataset.items.parse(one.item)])[0]), opinions)
    missing = FEWEST_LIKED - len(opinions.profile.liked)
    if missing > 0:
        st.info(text("preferences.pick_more", n=missing), icon=":material/add_circle:")


def _offer(dataset: Dataset, opinions: Opinions, rows: list[int]) -> None:
    with st.container(horizontal=True, gap="small"):
        for row in rows:
            item = dataset.items.ids[row]
            st.button(
                plain(dataset.names[row]),
                key=f"pick.{item}",
                icon=":material/add:",
                on_click=_take,
                args=(opinions, item),
            )


def _take(opinions: Opinions, item: object) -> None:
    opinions.say(item, USUAL)
    st.session_state[SEARCH] = ""


def _draw_opinion(one: Opinion, name: str, opinions: Opinions) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(name)}**", width="stretch")
        if one.verdict in STARS:
            key = f"stars.{one.item}"
            st.session_state[key] = STARS.index(one.verdict)  # an undo moves the stars too
            st.feedback("stars", key=key, on_change=_rate, args=(opinions, one.item, key))
        else:
            st.badge(text(f"preferences.judged_{one.verdict}"), color="gray")
        st.button(
            ":material/close:",
            key=f"out.{one.item}",
            type="tertiary",
            help=text("preferences.take_out", name=plain(name)),
            on_click=opinions.forget,
            args=(one.item,),
        )


def _rate(opinions: Opinions, item: str, key: str) -> None:
    stars = st.session_state[key]
    if stars is None:
        opinions.forget(item)
    else:
        opinions.say(item, STARS[stars])


def said_line(dataset: Dataset, opinions: Opinions, *, name_them: bool) -> None:
    """Draw undo, and what was said on a list unless ``name_them`` is False because it stands beside it."""
    profile = opinions.profile
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if name_them and len(profile):
            st.caption(" · ".join(_said(dataset, profile)), width="stretch")
        if opinions.can_undo:
            st.button(
                text("preferences.undo"), key="opinions.undo", icon=":material/undo:", on_click=opinions.undo
            )
        if len(profile):
            st.button(
                text("preferences.clear", n=len(profile)),
                key="opinions.clear",
                type="tertiary",
                on_click=opinions.clear,
            )


def _said(dataset: Dataset, profile: Profile) -> list[str]:
    """Return the last opinions in words, and how many there are before them."""
    last = profile.opinions[-NAMED:]
    names = dataset.names_of([dataset.items.parse(one.item) for one in last])
    words = [
        text(f"preferences.said_{'like' if one.verdict in STARS else one.verdict}", name=plain(name))
        for one, name in zip(last, names, strict=True)
    ]
    before = len(profile) - len(last)
    return words + ([text("preferences.said_more", n=before)] if before else [])
