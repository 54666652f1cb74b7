"""Chapter 5: people like you. The seminar's matrix of ratings, editable, with distances and neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from recsys_core.lessons.tastes import ITEMS, PEOPLE, STARS, nearest_pair, neighbours_table
from recsys_core.movies.jaccard import jaccard_distances
from recsys_core.plots.lessons import distances_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.texts import number, text


def draw() -> None:
    """Draw the chapter."""
    st.markdown(text("learn.neighbours_text"))
    with toy(text("learn.neighbours_do")):
        left, right = st.columns([5, 4])
        with left:
            stars = _edited()
            positive = st.slider(
                text("learn.neighbours_from"),
                1,
                5,
                3,
                key="learn.positive",
                help=text("learn.neighbours_from_help"),
            )
            table = neighbours_table(PEOPLE, ITEMS, stars, positive)
            st.markdown("\n".join(f"- {_sentence(row)}" for row in table.to_dict("records")))
        with right:
            _figure(stars, positive)
    st.markdown(text("learn.neighbours_after"))


def _edited() -> np.ndarray:
    column = st.column_config.NumberColumn(min_value=1, max_value=5, step=1, width=44)
    table = st.data_editor(
        pd.DataFrame(STARS, index=pd.Index(PEOPLE), columns=list(ITEMS), dtype=np.float64),
        key="learn.ratings",
        placeholder="",
        column_config=dict.fromkeys(ITEMS, column),
        alt=text("learn.neighbours_table_alt"),
    )
    return table.to_numpy(np.float64)


def _sentence(row: dict[str, object]) -> str:
    if not row["neighbour"]:
        return text("learn.neighbours_alone", person=row["person"])
    words = text(
        "learn.neighbours_found",
        person=row["person"],
        neighbour=row["neighbour"],
        distance=number(row["distance"]),  # type: ignore[arg-type]  # a number of the table
        shared=row["shared"],
        either=row["either"],
    )
    suggested = row["suggested"]
    if not suggested:
        return f"{words} {text('learn.neighbours_nothing')}"
    return f"{words} {text('learn.neighbours_suggested', items=', '.join(suggested))}"  # type: ignore[arg-type]


def _figure(stars: np.ndarray, positive: float) -> None:
    distances = jaccard_distances(stars, positive)
    title = _title(distances)
    show_figure(
        distances_figure(distances, PEOPLE, dark=is_dark()),
        key="learn.distances",
        title=title,
        alt=title,
        source=text("learn.neighbours_source"),
        note=text("learn.neighbours_note"),
    )


def _title(distances: np.ndarray) -> str:
    pair = nearest_pair(distances)
    if pair is None:
        return text("learn.neighbours_title_none")
    one, other = pair
    return text(
        "learn.neighbours_title",
        one=PEOPLE[one],
        other=PEOPLE[other],
        distance=number(float(distances[pair])),
    )
