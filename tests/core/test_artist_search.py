"""Finding an artist by what somebody types."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from recsys_core.datasets import Dataset
from recsys_core.datasets.lastfm import load_lastfm
from recsys_core.errors import UnknownIdError
from recsys_core.listening.artist_search import ArtistSearch, folded
from tests.core.small_data import SOURCE, dataset_of

NAMES = [
    "Björk",
    "The Beatles",
    "Beat Happening",
    "Radiohead",
    "Motörhead",
    "!!!",
    "Heart",
    "BEATLES",
    "Sigur Rós",
]


@pytest.fixture(scope="module")
def search():
    # artist n has n + 1 listeners
    cells = [(user, item) for item in range(len(NAMES)) for user in range(item + 1)]
    data = dataset_of(cells)
    named = Dataset(SOURCE, data.interactions, data.users, data.items, np.array(NAMES, object))
    return ArtistSearch(named)


def found(search, typed, n=8):
    return [NAMES[row] for row in search.find(typed, n)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("bjork", "Björk"),
        ("BJÖRK", "Björk"),
        ("sigur ros", "Sigur Rós"),
        ("radiohed", "Radiohead"),
        ("motrhead", "Motörhead"),
        ("rados", None),
        ("!!!", "!!!"),
        ("beatles", "BEATLES"),  # both are called so; more listeners
        ("head", "Motörhead"),  # in two names; more listeners
        ("hear", "Heart"),
    ],
)
def test_accents_case_and_slips_do_not_matter(search, typed, first):
    assert (found(search, typed) or [None])[0] == first


def test_the_start_of_a_name_comes_before_its_middle(search):
    assert found(search, "eat")[0] == "BEATLES"
    assert found(search, "rad")[0] == "Radiohead"
    assert found(search, "happ") == ["Beat Happening"]


@pytest.mark.parametrize("typed", ["", "   ", "qqqqqqzzzz", "\x00", "x" * 10_000])
def test_nothing_found_is_an_empty_list(search, typed):
    assert found(search, typed) == []


def test_no_more_than_asked_for_and_none_twice(search):
    assert len(found(search, "e", 3)) == 3
    for typed in ("e", "beatles", "heart"):
        assert len(set(search.find(typed))) == len(search.find(typed))


def test_a_name_is_resolved_exactly_first(search):
    assert NAMES[search.resolve("The Beatles")] == "The Beatles"
    assert NAMES[search.resolve("beatles")] == "BEATLES"
    assert NAMES[search.resolve("3")] == "Radiohead"  # its id


def test_an_unknown_name_is_answered_with_its_neighbours(search):
    with pytest.raises(
        UnknownIdError, match=r"There is no artist 'Radiohed' in this data set\. Did you mean Radiohead"
    ):
        search.resolve("Radiohed")


def test_a_name_of_signs_stays_itself():
    assert (folded("!!!"), folded("The"), folded("AC/DC")) == ("!!!", "the", "ac dc")


def test_all_real_names_are_searched_while_typing(lastfm_dir):
    data = load_lastfm(lastfm_dir)
    search = ArtistSearch(data)
    start = perf_counter()
    for typed in ("coldpaly", "bjork", "a", "guns n roses", "metalica"):
        assert len(search.find(typed))
    assert (perf_counter() - start) / 5 < 0.2
    assert data.names[search.find("beyonce", 1)[0]] == "Beyoncé"
    assert data.names[search.find("coldpaly", 1)[0]] == "Coldplay"
