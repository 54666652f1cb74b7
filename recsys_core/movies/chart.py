"""The simple recommender: the best rated films, of all or of one genre, decade or language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.errors import SettingsError
from recsys_core.movies.checks import checked_count
from recsys_core.movies.schema import MovieColumns
from recsys_core.movies.weighted_rating import M_QUANTILE, RatingScale, are_counted, rating_scale

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies

CHART_COLUMNS = (
    "rank",
    MovieColumns.MOVIE_ID,
    MovieColumns.TITLE,
    MovieColumns.YEAR,
    MovieColumns.VOTE_COUNT,
    MovieColumns.VOTE_AVERAGE,
    "score",
)


@dataclass(frozen=True, eq=False)
class Chart:
    """``table`` has the columns of ``CHART_COLUMNS``, best first.

    ``films`` are in the selection, ``qualified`` of them have at least ``scale.least_votes`` votes, and one.
    ``counted`` is false where the catalogue does not tell how many voted: scores are then plain means.
    """

    table: pd.DataFrame
    scale: RatingScale
    films: int
    qualified: int
    counted: bool


def chart(
    movies: Movies,
    top: int = 20,
    *,
    quantile: float = M_QUANTILE,
    genre: str | None = None,
    decade: int | None = None,
    language: str | None = None,
) -> Chart:
    """Return the ``top`` films by weighted rating among those with at least m votes.

    C and m are those of the selection, so that every genre, decade or language has a chart of its own
    size. Equal scores: more votes first, then the order of the catalogue.

    Parameters
    ----------
    decade
        Its first year: 1990 for 1990 to 1999.

    Raises
    ------
    SettingsError
        If no film is selected, or ``top`` is below 1.
    """
    checked_count(top, "length of a chart")
    films = movies.frame[_selected(movies, genre, decade, language)]
    if films.empty:
        asked = ", ".join(str(one) for one in (genre, decade, language) if one is not None)
        raise SettingsError(f"No film of this catalogue is {asked}. Choose another selection.")
    scale, counted = rating_scale(films, quantile), are_counted(movies.frame)
    enough = films[MovieColumns.VOTE_COUNT] >= (max(scale.least_votes, 1) if counted else 0)
    qualified = films[enough & films[MovieColumns.VOTE_AVERAGE].notna()]
    votes, means = (
        qualified[name].to_numpy() for name in (MovieColumns.VOTE_COUNT, MovieColumns.VOTE_AVERAGE)
    )
    scores = scale.weigh(votes, means) if counted else means
    order = np.lexsort((np.arange(len(qualified)), -votes, -scores))[:top]
    table = qualified.assign(score=scores).iloc[order].reset_index(drop=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return Chart(table[list(CHART_COLUMNS)], scale, len(films), len(qualified), counted)


def genres_of(movies: Movies) -> list[str]:
    """Return the genres of the catalogue, those of most films first."""
    counts = movies.frame[MovieColumns.GENRES].explode().dropna().value_counts()
    return sorted(counts.index, key=lambda name: (-counts[name], name))


def decades_of(movies: Movies) -> list[int]:
    """Return the first years of the decades that have films, newest first."""
    years = movies.frame[MovieColumns.YEAR].dropna().astype(int)
    return sorted({int(year) // 10 * 10 for year in years}, reverse=True)


def languages_of(movies: Movies) -> list[str]:
    """Return the languages of the catalogue, those of most films first."""
    counts = movies.frame[MovieColumns.LANGUAGE].value_counts()
    return sorted((name for name in counts.index if name), key=lambda name: (-counts[name], name))


def _selected(movies: Movies, genre: str | None, decade: int | None, language: str | None) -> np.ndarray:
    frame, chosen = movies.frame, np.ones(len(movies), bool)
    if genre is not None:
        wanted = genre.casefold()
        chosen &= np.array([wanted in map(str.casefold, names) for names in frame[MovieColumns.GENRES]])
    if decade is not None:
        years = frame[MovieColumns.YEAR].to_numpy(np.float64, na_value=np.nan)
        chosen &= (years >= decade) & (years < decade + 10)
    if language is not None:
        chosen &= (frame[MovieColumns.LANGUAGE] == language).to_numpy()
    return chosen
