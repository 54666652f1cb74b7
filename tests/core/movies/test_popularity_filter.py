"""Of thirty similar films, the ten best rated."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from recsys_core.errors import SettingsError
from recsys_core.movies.content import ContentModel, FilmTexts
from recsys_core.movies.popularity_filter import CANDIDATES, popularity_filter
from recsys_core.movies.similarity import SimilarMovies
from tests.core.movies.film_data import films

TABLE = pd.DataFrame(
    {
        "rank": [1, 2, 3, 4, 5],
        "movie_id": list("abcde"),
        "similarity": [0.9, 0.8, 0.5, 0.4, 0.1],
        "vote_count": [10, 5, 40, 50, 20],
        "rating": [5.0, 9.0, 7.0, 6.0, 8.0],
    }
)
SIMILAR = SimilarMovies("x", "both", "both", TABLE)


def order(**options):
    return "".join(popularity_filter(SIMILAR, **options).table["movie_id"])


def test_without_the_gate_the_best_rated_come_first():
    assert order(vote_gate=False) == "becda"
    assert order(vote_gate=False, keep=2) == "be"


def test_the_gate_is_the_60_percent_quantile_of_the_candidates():
    """Votes 5, 10, 20, 40, 50: six tenths of the way lie at 28."""
    assert order() == "cd"


def test_the_slider_goes_from_closest_to_best_rated():
    assert order(vote_gate=False, best_rated=0.0) == "abcde"
    # (1 - s) closeness + s merit at s = 1/2: a .5, b .9375, c .5, d .3125, e .375; ties to the nearer
    assert order(vote_gate=False, best_rated=0.5) == "baced"


def test_a_film_without_votes_is_the_last_by_merit_and_leaves_the_scale_alone():
    unvoted = replace(SIMILAR, table=TABLE.assign(rating=[5.0, 9.0, float("nan"), 6.0, 8.0]))

    def by(best_rated):
        found = popularity_filter(unvoted, vote_gate=False, best_rated=best_rated)
        return "".join(found.table["movie_id"])

    assert by(1.0) == "bedac"
    # at s = 1/2: a .5, b .9375, c .25, d .3125, e .375, as it would be with c at 5
    assert by(0.5) == "baedc"


def test_ranks_are_counted_anew_and_nothing_else_changes():
    table = popularity_filter(SIMILAR, vote_gate=False).table
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
    assert set(table["movie_id"]) == set(TABLE["movie_id"])
    assert TABLE["rank"].tolist() == [1, 2, 3, 4, 5]


def test_thirty_candidates_not_twenty_nine():
    movies = films(*({"genres": ["Drama"], "vote_average": at % 7, "vote_count": at} for at in range(60)))
    similar = ContentModel(FilmTexts(movies)).similar_movies(1, CANDIDATES)
    assert len(similar.table) == 30
    filtered = popularity_filter(similar)
    assert len(filtered.table) == 10
    assert filtered.table["rating"].is_monotonic_decreasing


def test_films_without_votes_and_lists_without_films():
    similar = ContentModel(FilmTexts(films({"genres": ["a"]}, {"genres": ["a"]}, {}))).similar_movies(1)
    assert len(popularity_filter(similar).table) == 1
    nothing = ContentModel(FilmTexts(films({}, {}))).similar_movies(1)
    assert popularity_filter(nothing).table.empty


@pytest.mark.parametrize("options", [{"keep": 0}, {"best_rated": 1.1}, {"best_rated": -0.1}])
def test_impossible_wishes_are_refused(options):
    with pytest.raises(SettingsError):
        popularity_filter(SIMILAR, **options)
