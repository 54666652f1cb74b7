"""Chapter 6: quality that drifts. One film's ratings under seven kinds of curve, and what curves foretell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.models.timesvd import FAMILIES, held_out_table
from recsys_core.models.timesvd.courses import course_days, courses_of, ratings_of
from recsys_core.plots.drift import changes_figure, courses_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.learn.rated_films import fitted, movielens_there, rated_films, tables
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.navigation import page_file
from recsys_dashboard.texts import number, percent, text, whole

if TYPE_CHECKING:
    import pandas as pd

    from recsys_dashboard.learn.rated_films import RatedFilms

PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
SHOWN_FIRST = ("static", "linear", "splines")
FIRST_SIMULATED = len(FAMILIES) - 1  # the first that drifts freely: the very first stands still
WAYS = ("time", "random")


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
        families = st.pills(
            text("learn.drift_families"),
            list(FAMILIES),
            selection_mode="multi",
            default=list(SHOWN_FIRST),
            format_func=lambda one: text(f"learn.family_{one}"),
            key="learn.families",
            help=text("learn.drift_families_help"),
        )
        penalty = st.select_slider(
            text("learn.drift_penalty"),
            PENALTIES,
            PENALTIES[1],
            format_func=whole,
            key="learn.penalty",
            help=text("learn.drift_penalty_help"),
        )
        with st.spinner(text("learn.drift_fitting")):
            models = fitted(films.key, penalty, films.ratings)
        points = ratings_of(film, films.ratings, models["static"])
        courses = courses_of(film, films.ratings, models)
        truth = None
        if films.planted is not None:
            truth = films.planted.truth(film, course_days(film, films.ratings))
        widest = _widest(courses, list(families))
        title = text(
            "learn.drift_title" if widest else "learn.drift_title_none",
            film=films.names[film],
            n=len(points),
            family=text(f"learn.family_{widest}") if widest else "",
            begin=number(courses[widest].iloc[0], 2) if widest else "",
            end=number(courses[widest].iloc[-1], 2) if widest else "",
        )
        show_figure(
            courses_figure(
                points,
                courses,
                families=families,
                names={one: text(f"learn.family_{one}") for one in FAMILIES},
                y_title=text("learn.drift_y"),
                truth=truth,
                truth_words=text("learn.drift_truth"),
                dark=is_dark(),
            ),
            key="learn.courses",
            title=title,
            alt=title,
            source=text("learn.drift_source_simulated" if films.planted else "learn.drift_source_movielens"),
            note=text("learn.drift_note_truth" if films.planted else "learn.drift_note"),
        )


def _widest(courses: pd.DataFrame, families: list[str]) -> str:
    """Return the shown family whose curve moves most, "" if none is shown that may move."""
    moving = [one for one in families if one != "static"]
    return max(moving, key=lambda one: float(courses[one].max() - courses[one].min()), default="")


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
            _held_out(known, films, way)


def _measured(films: RatedFilms, way: str) -> pd.DataFrame:
    """Fit and judge every family, saying how far it is; a click elsewhere stops it."""
    bar = st.progress(0.0, text("learn.drift_measuring"))

    def tell(done: int, total: int) -> None:
        bar.progress(done / total, text("learn.drift_measuring"))

    table = held_out_table(films.ratings, way, on_step=tell)  # type: ignore[arg-type]  # one of WAYS
    bar.empty()
    tables()[films.key, way] = table
    return table


def _held_out(table: pd.DataFrame, films: RatedFilms, way: str) -> None:
    names = {one: text(f"learn.family_{one}") for one in FAMILIES}
    helped = [names[row.family] for row in table.iloc[1:].itertuples() if row.change_high < 0]
    static = table.iloc[0]
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
        note=text(f"learn.drift_note_{way}"),
    )
    shown = table[["family", "weights_an_item", "rmse", "change", "change_low", "change_high"]].replace(
        {"family": names}
    )
    heads = [
        text(f"learn.drift_head_{name}") for name in ("family", "weights", "rmse", "change", "low", "high")
    ]
    four_digits = st.column_config.NumberColumn(format="%.4f")
    st.dataframe(
        shown.set_axis(heads, axis=1),
        hide_index=True,
        key="learn.drift.table",
        column_config=dict.fromkeys(heads[2:], four_digits),
        alt=text("learn.drift_table_alt"),
    )
