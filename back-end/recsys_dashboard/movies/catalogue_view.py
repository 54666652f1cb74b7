"""What is known of the catalogue and what became of every row; more catalogues."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.datasets.choice import UPLOADS
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.settings import read_settings
from recsys_dashboard.texts import plain, text, whole

if TYPE_CHECKING:
    from recsys_dashboard.movies.catalogue import FilmCatalogue


def catalogue_facts(films: FilmCatalogue) -> None:
    """Draw what the catalogue knows, whose it is, and its rows."""
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        st.markdown(f"**{text('movies.facts_title', title=plain(films.movies.source.title))}**")
        st.markdown(_facts(films))
    with right.container(border=True, height="stretch"):
        st.markdown(f"**{text('movies.origin_title')}**")
        st.markdown(_origin(films))
    _rows(films)


def _facts(films: FilmCatalogue) -> str:
    facts = films.facts
    lines = [text("movies.fact_films", n=facts.films)]
    if facts.first_year is not None:
        lines.append(text("movies.fact_years", first=facts.first_year, last=facts.last_year))
    parts = {name: getattr(facts, name) for name in ("overview", "keywords", "people", "votes")}
    lines += [text(f"movies.fact_{name}", n=n, of=whole(facts.films)) for name, n in parts.items()]
    if facts.ratings:
        lines.append(text("movies.fact_ratings", ratings=whole(facts.ratings), n=facts.raters))
    return "\n".join(f"- {line}" for line in lines)


def _origin(films: FilmCatalogue) -> str:
    source = films.movies.source
    given = {"origin": _whence(source.origin), "licence": source.licence, "citation": source.citation}
    lines = [text(f"movies.origin_{name}", words=plain(words)) for name, words in given.items() if words]
    return "\n".join(f"- {line}" for line in lines)


def _whence(origin: str) -> str:
    """Return where the files lie; the copy kept of what was brought has a name that tells nobody anything."""
    brought = read_settings().data_root / UPLOADS
    return text("movies.origin_brought") if Path(origin).is_relative_to(brought) else origin


def _rows(films: FilmCatalogue) -> None:
    facts, report = films.facts, films.movies.report
    notes = [f"- {plain(one.file)}: {plain(note)}" for one in report.files for note in one.notes]
    st.markdown(
        text(
            "movies.rows_some" if facts.rows_dropped else "movies.rows_all",
            read=whole(facts.rows_read),
            dropped=whole(facts.rows_dropped),
        )
    )
    if notes:
        st.markdown("\n".join(notes))
    table = report.to_frame()
    column = st.column_config
    counts = ("read", "kept", "dropped", "first_line")
    st.dataframe(
        table,
        hide_index=True,
        key="movies.rows",
        alt=text("movies.rows_alt"),
        placeholder="",
        column_config={
            "file": column.TextColumn(text("movies.row_file")),
            "reason": column.TextColumn(text("movies.row_reason"), width="large"),
            **{name: column.NumberColumn(text(f"movies.row_{name}"), format="localized") for name in counts},
        },
    )
    csv_button(
        table,
        f"refrain-{films.movies.source.name}-rows.csv",
        key="movies.rows_csv",
        label=text("movies.rows_csv"),
    )
