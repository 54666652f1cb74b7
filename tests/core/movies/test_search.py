"""People type half a title, forget accents and swap letters; two films may share a title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.movies.search import AmbiguousTitleError, MovieSearch, UnknownTitleError, plain
from tests.core.movies.film_data import films

SEARCH = MovieSearch(
    films(
        {"title": "The Dark Knight", "year": 2008, "vote_count": 900},
        {"title": "Amélie", "year": 2001},
        {"title": "Batman", "year": 1966, "vote_count": 5},
        {"title": "Batman", "year": 1989, "vote_count": 50},
        {"title": "Batman Returns", "year": 1992, "vote_count": 500},
        {"title": "WALL·E", "year": 2008},
        {"title": "The Lord of the Rings: The Two Towers", "year": 2002},
        {"title": "Солярис", "year": 1972},
        {"title": "Untitled"},
    )
)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dark knight", "The Dark Knight (2008)"),
        ("the drak knihgt", "The Dark Knight (2008)"),
        ("knight, dark", "The Dark Knight (2008)"),
        ("the drak kni", "The Dark Knight (2008)"),
        ("amelie", "Amélie (2001)"),
        ("AMÉLIE", "Amélie (2001)"),
        ("wall e", "WALL·E (2008)"),
        ("lord of rings", "The Lord of the Rings: The Two Towers (2002)"),
        ("солярес", "Солярис (1972)"),
        ("batman", "Batman (1989)"),
        ("batman (1966)", "Batman (1966)"),
        ("Batman r", "Batman Returns (1992)"),
        ("untitled", "Untitled"),
    ],
)
def test_what_people_type(typed, first):
    assert SEARCH.find(typed)[0].label == first


def test_the_title_itself_before_longer_ones_before_votes():
    assert [one.year for one in SEARCH.find("Batman")] == [1989, 1966, 1992]


@pytest.mark.parametrize("typed", ["", "  ", "?!", "zzzzzzzz"])
def test_nothing_is_found_for_nothing(typed):
    assert SEARCH.find(typed) == []


@given(st.text(max_size=30))
def test_anything_may_be_typed(typed):
    assert len(SEARCH.find(typed)) <= 5
    assert plain(plain(typed)) == plain(typed)


def test_a_title_names_one_film():
    assert SEARCH.by_title("amelie").movie_id == 2
    assert SEARCH.by_title("Batman (1989)").movie_id == 4


def test_two_films_of_one_title_are_told_apart_by_their_ids():
    with pytest.raises(
        AmbiguousTitleError, match=r"2 films are called 'batman': .*\(1966\) has id 3"
    ) as caught:
        SEARCH.by_title("batman")
    assert [one.movie_id for one in caught.value.choices] == [3, 4]


def test_an_unknown_title_is_answered_with_likely_ones():
    with pytest.raises(UnknownTitleError, match=r"Did you mean Amélie \(2001\)\?") as caught:
        SEARCH.by_title("Amelia")
    assert caught.value.suggestions[0].movie_id == 2
    with pytest.raises(UnknownTitleError, match=r"no film called 'qqqq' in this catalogue\.$"):
        SEARCH.by_title("qqqq")
