"""Chapter 4: recommending by words. Two texts somebody looked at, three to choose from, all editable."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st

from recsys_core.errors import RefrainError
from recsys_core.lessons.lures import SEMINAR, WordsExercise
from recsys_core.lessons.words import by_normalisation, winner_changes
from recsys_core.movies.profile import LANGUAGES, bag_of_words_profile, rank_by_profile
from recsys_core.plots.lessons import value_bars
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.texts import number, plain, text

VIEWED, CANDIDATES = 2, 3
LONGEST = 2000  # characters of a text
_SHOWN = 8  # words in common that are named


def draw() -> None:
    """Draw the chapter."""
    st.markdown(text("learn.words_text"))
    if "learn.viewed.1" not in st.session_state:
        _lay_out(_of_this_page())
    with toy(text("learn.words_do")):
        with st.container(horizontal=True):
            _button("seminar", SEMINAR)
            _button("first", _of_this_page())
        left, right = st.columns(2)
        with left:
            viewed = [_typed("viewed", place) for place in range(1, VIEWED + 1)]
            candidates = [_typed("candidate", place) for place in range(1, CANDIDATES + 1)]
        with right:
            table = _answer(viewed, candidates)
        if table is not None:
            _comparison(table)
    st.markdown(text("learn.words_after"))


def _of_this_page() -> WordsExercise:
    """Return the exercise in the language of the page."""
    return WordsExercise(
        tuple(text(f"learn.words_viewed_{place}") for place in range(1, VIEWED + 1)),
        tuple(text(f"learn.words_candidate_{place}") for place in range(1, CANDIDATES + 1)),
        "english",
        tuple(text("learn.words_stop_default").split()),
    )


def _lay_out(exercise: WordsExercise) -> None:
    """Put the texts of an exercise into the fields; a visitor may change them all."""
    state = st.session_state
    for place, words in enumerate(exercise.viewed, start=1):
        state[f"learn.viewed.{place}"] = words
    for place, words in enumerate(exercise.candidates, start=1):
        state[f"learn.candidate.{place}"] = words
    state["learn.language"], state["learn.stop"] = exercise.language, " ".join(exercise.stop_words)


def _button(name: str, exercise: WordsExercise) -> None:
    st.button(text(f"learn.words_load_{name}"), key=f"learn.load.{name}", on_click=_lay_out, args=(exercise,))


def _typed(kind: str, place: int) -> str:
    return st.text_area(
        text(f"learn.words_{kind}", place=place),
        height=84,
        max_chars=LONGEST,
        key=f"learn.{kind}.{place}",
    )


def _answer(viewed: list[str], candidates: list[str]) -> pd.DataFrame | None:
    """Draw the choices on the words and what comes first by them; return the same for every choice."""
    language = st.selectbox(text("learn.words_language"), LANGUAGES, key="learn.language")
    stop_words = _words(st.text_input(text("learn.words_stop"), key="learn.stop", max_chars=500))
    stems = st.toggle(text("learn.words_stems"), True, key="learn.stems", help=text("learn.words_stems_help"))
    out = st.toggle(text("learn.words_out"), True, key="learn.out", help=text("learn.words_out_help"))
    try:
        _figure(viewed, candidates, language if stems else None, stop_words if out else [])
        return by_normalisation(viewed, candidates, language, stop_words)
    except RefrainError as error:
        st.warning(plain(error), icon=":material/warning:")
        return None


def _words(typed: str) -> list[str]:
    """Return the words of a list, whatever stands between them."""
    return re.findall(r"\w+", typed)


def _figure(viewed: list[str], candidates: list[str], language: str | None, stop_words: list[str]) -> None:
    ranked = rank_by_profile(bag_of_words_profile(viewed, language, stop_words=stop_words), candidates)
    first = ranked.iloc[0]
    title = (
        text("learn.words_title", place=first["position"], similarity=number(first["similarity"]))
        if first["similarity"]
        else text("learn.words_title_none")
    )
    shared = ", ".join(plain(word) for word in first["shared"][:_SHOWN])
    in_order = ranked.sort_values("position")
    show_figure(
        value_bars(
            [text("learn.words_bar", place=place) for place in in_order["position"]],
            list(in_order["similarity"]),
            labels=[number(one) for one in in_order["similarity"]],
            chosen=[rank == 1 for rank in in_order["rank"]],
            x_title=text("learn.words_axis"),
            top=1.0,
            dark=is_dark(),
        ),
        key="learn.words.figure",
        title=title,
        alt=title,
        source=text("learn.words_source"),
        note=text("learn.words_shared", words=shared) if shared else "",
    )


def _comparison(table: pd.DataFrame) -> None:
    """Draw which candidate wins under each normalisation, and whether it depends on it."""
    rows = [
        (
            text("learn.words_row_stems" if row.stems else "learn.words_row_plain"),
            text("learn.words_row_out" if row.stop_words_out else "learn.words_row_all"),
            *(number(one) for one in row.similarities),
            " = ".join(map(str, row.winners)) or text("learn.words_nobody"),
        )
        for row in table.itertuples()
    ]
    heads = [text("learn.words_head_words"), text("learn.words_head_stop")]
    heads += [text("learn.words_bar", place=place) for place in range(1, CANDIDATES + 1)]
    st.dataframe(
        pd.DataFrame(rows, columns=[*heads, text("learn.words_head_winner")]),
        hide_index=True,
        key="learn.words.table",
        alt=text("learn.words_alt"),
    )
    st.markdown(text("learn.words_changes" if winner_changes(table) else "learn.words_robust"))
