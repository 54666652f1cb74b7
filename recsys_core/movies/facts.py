"""A catalogue in figures: how many films, and what is known of how many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.movies.schema import MovieColumns
from recsys_core.movies.weighted_rating import are_counted, ratings_of

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies


@dataclass(frozen=True)
class FilmFacts:
    """Films in all, first and last year, films with each kind of fact, people and ratings; rows lost.

    ``counted`` says whether the catalogue tells how many people voted.
    """

    films: int
    first_year: int | None
    last_year: int | None
    overview: int
    keywords: int
    people: int
    votes: int
    counted: bool
    ratings: int
    raters: int
    rows_read: int
    rows_dropped: int


def film_facts(movies: Movies) -> FilmFacts:
    """Return what is known of a catalogue and what became of the rows of its files."""
    frame, years = movies.frame, movies.frame[MovieColumns.YEAR].dropna()
    reports = movies.report.files
    ratings = movies.ratings
    return FilmFacts(
        films=len(frame),
        first_year=int(years.min()) if len(years) else None,
        last_year=int(years.max()) if len(years) else None,
        overview=_filled(movies, MovieColumns.OVERVIEW),
        keywords=_filled(movies, MovieColumns.KEYWORDS),
        people=int((frame[MovieColumns.CAST].map(bool) | frame[MovieColumns.DIRECTOR].map(bool)).sum()),
        votes=int(np.isfinite(ratings_of(frame)).sum()),
        counted=are_counted(frame),
        ratings=len(ratings.interactions) if ratings is not None else 0,
        raters=ratings.n_users if ratings is not None else 0,
        rows_read=sum(one.read for one in reports),
        rows_dropped=sum(one.read - one.kept for one in reports),
    )


def _filled(movies: Movies, name: str) -> int:
    return int(movies.frame[name].map(bool).sum())
