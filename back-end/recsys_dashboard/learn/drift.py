"""Chapter 6: quality that drifts. One film's ratings under seven kinds of curve, and what curves foretell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.models.timesvd import FAMILIES, beyond_luck, held_out_table
from recsys_core.models.timesvd.choose import WAYS
from recsys_core.models.timesvd.courses import course_days, courses_of, most_moving, ratings_of
from recsys_core.plots.drift import changes_figure, courses_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.learn.rated_films import fitted, movielens_there, rated_films, tables
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.navigation import page_file
from recsys_dashboard.texts import number, percent, plain, text, whole

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.models.timesvd import DriftModel
    from recsys_core.models.timesvd.choose import Way
    from recsys_dashboard.learn.rated_films import RatedFilms

PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
SHOWN_FIRST = ("static", "linear", "splines")
FIRST_SIMULATED = len(FAMILIES) - 1  # the first that drifts freely: the very first stands still


def draw() -> None:
    """Draw the chapter."""
    st.markdown(text("learn.drift_text"))
    choice = movielens_there()
    if choice is None:
        st.info(text("learn.drift_no_movielens"), icon=":material/science:")
        st.page_link(page_file("movies"), label=text("learn.drift_get"), icon=":material/movie:")
    slot = st.container()
    with slot.skeleton(height=500):
        films = rated_films(choice)
        fitted(films.key, PENALTIES[1], films.ratings)
    with slot:
        _one_film(films)
        st.subheader(text("learn.drift_foretell"), anchor=False)
        st.markdown(text("learn.drift_foretell_text"))
        _foretell(films)
    st.markdown(text("learn.drift_after"))


def _one_film(films: RatedFilms) -> None:
    with toy(text("learn.drift_do")):
        film = st.selectbox(
            text("learn.drift_film"),
            films.offered,
            FIRST_SIMULATED if films.planted else 0,
            format_func=films.names.__getitem__,
            key="learn.film",
        )
        families, penalty = _families(), _penalty()
        with st.spinner(text("learn.drift_fitting")):
            models = fitted(films.key, penalty, films.ratings)
        _courses(films, film, families, models)


def _families() -> list[str]:
    return st.pills(
        text("learn.drift_families"),
        list(FAMILIES),
        selection_mode="multi",
        default=list(SHOWN_FIRST),
        format_func=lambda one: text(f"learn.family_{one}"),
        key="learn.families",
        help=text("learn.drift_families_help"),
    )


def _penalty() -> float:
    return st.select_slider(
        text("learn.drift_penalty"),
        PENALTIES,
        PENALTIES[1],
        format_func=whole,
        key="learn.penalty",
        help=text("learn.drift_penalty_help"),
    )


def _courses(films: RatedFilms, film: int, families: list[str], models: dict[str, DriftModel]) -> None:
    """Draw one film's ratings and what each of ``families`` makes of them."""
    points = ratings_of(film, films.ratings, models["static"])
    courses = courses_of(film, films.ratings, models)
    title = _title(plain(films.names[film]), len(points), courses, most_moving(courses, families))
    show_figure(
        courses_figure(
            points,
            courses,
            families=families,
            names=_names(),
            y_title=text("learn.drift_y"),
            truth=films.planted.truth(film, course_days(film, films.ratings)) if films.planted else None,
            truth_words=text("learn.drift_truth"),
            dark=is_dark(),
        ),
        key="learn.courses",
        title=title,
        alt=title,
        source=text("learn.drift_source_simulated" if films.planted else "learn.drift_source_movielens"),
        note=text("learn.drift_note_truth" if films.planted else "learn.drift_note"),
    )


def _title(film: str, n: int, courses: pd.DataFrame, moving: str | None) -> str:
    if moving is None:
        return text("learn.drift_title_none", film=film, n=n)
    return text(
        "learn.drift_title",
        film=film,
        n=n,
        family=_names()[moving],
        begin=number(courses[moving].iloc[0], 2),
        end=number(courses[moving].iloc[-1], 2),
    )


def _names() -> dict[str, str]:
    return {one: text(f"learn.family_{one}") for one in FAMILIES}


def _foretell(films: RatedFilms) -> None:
    with toy(text("learn.drift_table_do")):
        way = st.segmented_control(
            text("learn.drift_way"),
            WAYS,
            default=WAYS[0],
            required=True,
            format_func=lambda one: text(f"learn.drift_way_{one}"),
            key="learn.way",
            help=text("learn.drift_way_help"),
        )
        known = tables().get((films.key, way))
        if known is None and st.button(text("learn.drift_measure"), key="learn.measure", type="primary"):
            known = _measured(films, way)
        if known is not None:
            _changes(known, films, way)
            _held_out(known)


def _measured(films: RatedFilms, way: Way) -> pd.DataFrame:
    """Fit and judge every family, saying how far it is; a click elsewhere stops it."""
    bar = st.progress(0.0, text("learn.drift_measuring"))

    def tell(done: int, total: int) -> None:
        bar.progress(done / total, text("learn.drift_measuring"))

    table = held_out_table(films.ratings, way, on_step=tell)
    bar.empty()
    tables()[films.key, way] = table
    return table


def _changes(table: pd.DataFrame, films: RatedFilms, way: Way) -> None:
    """Draw what each family changes, headed by those that help beyond luck."""
    names, static = _names(), table.iloc[0]
    helped = [names[one] for one in table.loc[beyond_luck(table) < 0, "family"]]
    title = text(
        "learn.drift_helped" if helped else "learn.drift_no_help",
        families=", ".join(helped),
        error=number(static["rmse"]),
    )
    show_figure(
        changes_figure(table, names, x_title=text("learn.drift_x"), dark=is_dark()),
        key=f"learn.changes.{way}",
        title=title,
        alt=title,
        source=text(
            "learn.drift_table_source",
            what=text("learn.drift_data_simulated" if films.planted else "learn.drift_data_movielens"),
            ratings=whole(static["n_ratings"]),
            people=whole(static["n_people"]),
            known=percent(static["share_known"]),
        ),
        note=text("learn.drift_note_strangers" if static["share_known"] < 0.5 else "learn.drift_note_known"),
    )


def _held_out(table: pd.DataFrame) -> None:
    """Draw the figures of every family as a table."""
    columns = ("family", "weights_an_item", "rmse", "change", "change_low", "change_high", "p_holm")
    heads = [
        text(f"learn.drift_head_{name}")
        for name in ("family", "weights", "rmse", "change", "low", "high", "p")
    ]
    four_digits = st.column_config.NumberColumn(format="%.4f")
    st.dataframe(
        table[list(columns)].replace({"family": _names()}).set_axis(heads, axis=1),
        hide_index=True,
        key="learn.drift.table",
        column_config=dict.fromkeys(heads[2:-1], four_digits)
        | {heads[-1]: st.column_config.NumberColumn(format="%.3f", help=text("learn.drift_head_p_help"))},
        alt=text("learn.drift_table_alt"),
    )
