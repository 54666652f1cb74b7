"""The simple recommender: the best rated films of all, of a genre, a decade, a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.errors import RefrainError
from recsys_core.movies.chart import Chart, chart, decades_of, genres_of, languages_of
from recsys_core.plots.movies import chart_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.downloads import csv_button, parquet_button
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.movies import address
from recsys_dashboard.movies.choice import source_line
from recsys_dashboard.movies.words import film_label, language_name
from recsys_dashboard.texts import number, percent, plain, text, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recsys_dashboard.movies.catalogue import FilmCatalogue

GENRE, DECADE, SPOKEN, LEAST, TOP = "genre", "decade", "spoken", "least", "top"
LENGTHS, USUAL_LENGTH = (10, 20, 50, 100), 20
ALL = ""
USUAL_QUANTILE, HIGHEST_QUANTILE = 90, 99
DRAWN = 20


def chart_tab(films: FilmCatalogue) -> None:
    """Draw the controls, the chart as a figure and as a table, and its files."""
    if not films.facts.votes:
        st.info(text("movies.chart_no_votes"), icon=":material/how_to_vote:")
        return
    chosen = _pick(films)
    try:
        made = chart(films.movies, **chosen)
    except RefrainError as error:
        st.warning(plain(error), icon=":material/filter_alt_off:")
        return
    st.markdown(_explained(made, films))
    if made.table.empty:
        st.info(text("movies.chart_empty"), icon=":material/filter_alt_off:")
        return
    with st.container(border=True):
        _figure(made, films)
    _table(made, films)


def _pick(films: FilmCatalogue) -> dict[str, Any]:
    movies = films.movies
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        genre = _one_of(GENRE, genres_of(movies), text("movies.genre"), plain_name)
        decade = _one_of(DECADE, decades_of(movies), text("movies.decade"), _decade_name)
        language = _one_of(SPOKEN, languages_of(movies), text("movies.spoken"), language_name)
        quantile = st.slider(
            text("movies.quantile"),
            0,
            HIGHEST_QUANTILE,
            format="%d%%",
            key=address.level(LEAST, USUAL_QUANTILE, 0, HIGHEST_QUANTILE),
            on_change=address.write,
            args=(LEAST, USUAL_QUANTILE),
            help=text("movies.quantile_help"),
            width=200,
        )
        top = st.selectbox(
            text("movies.length"),
            LENGTHS,
            key=address.select(TOP, LENGTHS, USUAL_LENGTH),
            on_change=address.write,
            args=(TOP, USUAL_LENGTH),
            width=110,
        )
    return {"top": top, "quantile": quantile / 100, "genre": genre, "decade": decade, "language": language}


def plain_name(name: str) -> str:
    """Return a name as it is."""
    return name


def _decade_name(year: int) -> str:
    return text("movies.decade_name", year=year)


def _one_of(name: str, options: Sequence[Any], label: str, words: Callable[[Any], str]) -> Any:
    """Draw the choice of one of ``options`` or all; nothing where the catalogue has none."""
    if not options:
        return None
    picked = st.selectbox(
        label,
        [ALL, *options],
        format_func=lambda one: text("movies.all") if one == ALL else words(one),
        key=address.select(name, options, ALL),
        on_change=address.write,
        args=(name, ALL),
        width=160,
    )
    return None if picked == ALL else picked


def _explained(made: Chart, films: FilmCatalogue) -> str:
    words = text(
        "movies.chart_words" if made.counted else "movies.chart_means",
        films=whole(made.films),
        qualified=whole(made.qualified),
        least=whole(made.scale.least_votes),
        mean=number(made.scale.mean_vote),
    )
    return f"{words} {text('movies.chart_simulated')}" if films.movies.source.simulated else words


def _figure(made: Chart, films: FilmCatalogue) -> None:
    first = made.table.iloc[0]
    title = text(
        "movies.chart_title", film=plain(film_label(dict(first))), score=number(float(first["score"]))
    )
    show_figure(
        chart_figure(
            made.table.head(DRAWN),
            made.scale.mean_vote,
            number=number,
            names=(text("movies.column_mean"), text("movies.column_rating")),
            mean_words=text("movies.chart_mean", mean=number(made.scale.mean_vote)),
            x_title=text("movies.chart_x", top=number(films.movies.vote_scale[1], 1)),
            dark=is_dark(),
        ),
        key="movies.chart",
        title=title,
        alt=text("movies.chart_alt", title=title),
        note=text("movies.chart_note", share=percent(made.qualified / made.films)),
        source=source_line(films),
    )


def _table(made: Chart, films: FilmCatalogue) -> None:
    column = st.column_config
    state = st.dataframe(
        made.table,
        hide_index=True,
        key="movies.chart_table",
        on_select="rerun",
        selection_mode="single-row",
        alt=text("movies.chart_table_alt"),
        placeholder="",
        column_order=[name for name in made.table.columns if name != "movie_id"],
        column_config={
            "rank": column.NumberColumn(text("movies.column_rank")),
            "title": column.TextColumn(text("movies.column_title"), width="large"),
            "year": column.NumberColumn(text("movies.column_year"), format="%d"),
            "vote_count": column.NumberColumn(text("movies.column_votes"), format="localized"),
            "vote_average": column.NumberColumn(text("movies.column_mean"), format="%.2f"),
            "score": column.NumberColumn(text("movies.column_rating"), format="%.3f"),
        },
    )
    stem = f"refrain-{films.movies.source.name}-chart"
    with st.container(horizontal=True):
        for at in state["selection"]["rows"][:1]:
            _open_button(dict(made.table.iloc[at]))
        csv_button(made.table, f"{stem}.csv", key="movies.chart_csv", label=text("movies.chart_csv"))
        parquet_button(lambda: made.table, f"{stem}.parquet", key="movies.chart_parquet")


def _open_button(film: dict[str, Any]) -> None:
    st.button(
        text("movies.chart_open", film=plain(film_label(film))),
        key="movies.chart_open",
        type="primary",
        icon=":material/arrow_forward:",
        on_click=address.jump_to,
        args=(film["movie_id"],),
    )
