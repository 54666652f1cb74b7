"""IMDB's weighted rating, its published values, and the charts made of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.errors import DataError, SettingsError
from recsys_core.movies.chart import chart, decades_of, genres_of, languages_of
from recsys_core.movies.weighted_rating import RatingScale, rating_scale, ratings_of, weighted_rating
from tests.core.movies.film_data import films

PUBLISHED = RatingScale(mean_vote=5.618207215134, least_votes=160)


@pytest.mark.parametrize(
    ("votes", "mean", "expected"),
    [
        (8358, 8.5, 8.445869),
        (661, 9.1, 8.421453),
        (12269, 8.3, 8.265477),
        (4376, 8.3, 8.205404),
        (1030, 8.5, 8.112532),
    ],
)
def test_the_published_values(votes, mean, expected):
    assert PUBLISHED.weigh(np.array([votes]), np.array([mean]))[0] == pytest.approx(expected, abs=5e-7)


@given(st.integers(0, 10**6), st.floats(0, 10), st.floats(0, 10), st.integers(0, 10**5))
def test_it_lies_between_the_film_and_all_films(votes, mean, mean_vote, least):
    (rated,) = weighted_rating(np.array([votes]), np.array([mean]), mean_vote=mean_vote, least_votes=least)
    assert min(mean, mean_vote) - 1e-9 <= rated <= max(mean, mean_vote) + 1e-9


def test_a_film_without_votes_is_an_average_film():
    rated = weighted_rating(
        np.array([0, 5, 0]), np.array([9.0, np.nan, np.nan]), mean_vote=6.0, least_votes=0
    )
    assert rated.tolist() == [6.0, 6.0, 6.0]


def test_at_m_votes_both_means_count_alike():
    (rated,) = weighted_rating(np.array([160]), np.array([8.0]), mean_vote=6.0, least_votes=160)
    assert rated == (8.0 + 6.0) / 2


@pytest.mark.parametrize("least", [-1, np.nan, np.inf])
def test_m_is_a_number_of_votes(least):
    with pytest.raises(SettingsError, match="least number of votes"):
        weighted_rating(np.array([1]), np.array([1.0]), mean_vote=6.0, least_votes=least)


FRENCH, ENGLISH = {"language": "fr"}, {"language": "en"}
CATALOGUE = films(
    {"title": "Old", "year": 1955, "genres": ["Drama"], "vote_average": 9, "vote_count": 10, **FRENCH},
    {"title": "New", "year": 1999, "genres": ["Drama"], "vote_average": 7, "vote_count": 90, **ENGLISH},
    {"title": "Twin", "year": 1990, "genres": ["Crime"], "vote_average": 7, "vote_count": 90, **ENGLISH},
    {"title": "Few", "year": 2000, "genres": ["Crime"], "vote_average": 10, "vote_count": 1},
    {"title": "None", "genres": []},
)


def test_scale_is_the_mean_of_means_and_a_quantile_of_votes():
    scale = rating_scale(CATALOGUE.frame, 0.5)
    assert scale == RatingScale((9 + 7 + 7 + 10) / 4, 10.0)


UNCOUNTED = films({"vote_average": 6}, {"vote_average": 8}, {})


def test_a_film_that_nobody_voted_for_has_no_rating():
    votes = films({"vote_average": 9, "vote_count": 3}, {"vote_average": 0}, {})
    assert np.isfinite(ratings_of(votes.frame)).tolist() == [True, False, False]
    assert chart(votes, quantile=0).table["movie_id"].tolist() == [1]
    assert np.isnan(ratings_of(films({}, {"vote_count": 3}).frame)).all()


def test_where_votes_are_not_counted_films_are_ranked_by_their_means():
    np.testing.assert_array_equal(ratings_of(UNCOUNTED.frame), [6, 8, np.nan])
    made = chart(UNCOUNTED)
    assert made.table["score"].tolist() == [8, 6]
    assert (made.counted, made.qualified) == (False, 2)


def test_a_chart_needs_votes_and_breaks_ties_by_votes_then_order():
    made = chart(CATALOGUE, quantile=0.5)
    assert made.table["title"].tolist() == ["Old", "New", "Twin"]
    assert made.table["rank"].tolist() == [1, 2, 3]
    assert (made.films, made.qualified) == (5, 3)
    assert made.table["score"].is_monotonic_decreasing


def test_charts_of_a_part_weigh_within_it():
    assert chart(CATALOGUE, genre="drama", quantile=0).table["title"].tolist() == ["Old", "New"]
    assert chart(CATALOGUE, decade=1990, quantile=0).table["title"].tolist() == ["New", "Twin"]
    assert chart(CATALOGUE, language="fr").table["title"].tolist() == ["Old"]
    assert chart(CATALOGUE, genre="Crime", decade=1990).scale == RatingScale(7.0, 90.0)
    assert len(chart(CATALOGUE, 1, quantile=0).table) == 1


def test_the_choices_of_a_chart():
    assert genres_of(CATALOGUE) == ["Crime", "Drama"]
    assert decades_of(CATALOGUE) == [2000, 1990, 1950]
    assert languages_of(CATALOGUE) == ["en", "fr"]


def test_impossible_charts_are_refused():
    with pytest.raises(SettingsError, match="No film of this catalogue is Western, 1890"):
        chart(CATALOGUE, genre="Western", decade=1890)
    with pytest.raises(SettingsError, match="length of a chart"):
        chart(CATALOGUE, 0)
    with pytest.raises(SettingsError, match="quantile of votes"):
        chart(CATALOGUE, quantile=1.5)
    with pytest.raises(DataError, match="nothing to rate by"):
        chart(films({}, {}))
