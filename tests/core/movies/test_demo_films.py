"""The demo films: facts complete, sentences distinct, votes simulated and said to be."""

from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np
import pytest
from scipy.special import ndtri

from recsys_core.movies.loaders.demo import load_demo_movies
from recsys_core.movies.loaders.demo_votes import simulated_votes


@pytest.fixture(scope="module")
def demo():
    return load_demo_movies()


def test_enough_films_and_no_row_lost(demo):
    assert len(demo) >= 280
    entry = demo.report.files[0]
    assert entry.read == entry.kept == len(demo)
    assert not [note for note in entry.notes if "mended" in note]


def test_every_film_has_its_facts(demo):
    for film in demo.frame.itertuples():
        assert film.title and film.director and film.language, film
        assert 2 <= len(film.genres) <= 3, film.title
        assert len(film.cast) == 3, film.title
        assert 4 <= len(film.keywords) <= 8, film.title


def test_every_genre_has_several_films(demo):
    counts = Counter(genre for genres in demo.frame["genres"] for genre in genres)
    assert len(counts) >= 15 and min(counts.values()) >= 5


def test_films_come_from_all_decades_and_many_languages(demo):
    decades = Counter(int(year) // 10 * 10 for year in demo.frame["year"])
    assert set(decades) == set(range(1920, 2030, 10)) and min(decades.values()) >= 8
    assert demo.frame["language"].nunique() >= 15


def test_remakes_share_a_title_and_differ_in_year(demo):
    twice = demo.frame[demo.frame.duplicated("title", keep=False)]
    assert {"Dune", "King Kong", "A Star Is Born", "Crash"} <= set(twice["title"])
    assert not demo.frame.duplicated(["title", "year"]).any()


def test_overviews_are_distinct_sentences_but_for_the_few_left_empty_on_purpose(demo):
    written = demo.frame["overview"][demo.frame["overview"] != ""]
    assert 2 <= len(demo) - len(written) <= 5
    assert written.is_unique
    assert written.str.endswith((".", "?", "!")).all()
    assert written.str.len().between(40, 200).all()


def test_votes_are_simulated_and_said_to_be(demo):
    assert demo.source.simulated and "votes are simulated" in demo.source.origin
    assert any("simulated" in note for note in demo.report.files[0].notes)


def test_votes_depend_on_nothing_but_the_id():
    counts, means = simulated_votes(np.array([1, 2, 3]))
    again = simulated_votes(np.array([3]))
    assert (counts[2], means[2]) == (again[0][0], again[1][0])
    digest = hashlib.sha256(b"refrain demo films:3").digest()
    z = ndtri((int.from_bytes(digest[:6], "big") + 0.5) / 2**48)
    assert counts[2] == round(900 * np.exp(1.3 * z))


def test_votes_look_like_votes():
    counts, means = simulated_votes(np.arange(1, 2001))
    assert counts.min() >= 12 and counts.max() <= 60_000 and 700 < np.median(counts) < 1150
    assert means.min() >= 3.5 and means.max() <= 9.3 and 6.5 < means.mean() < 6.9


def test_the_same_films_each_time(demo):
    assert load_demo_movies().fingerprint == demo.fingerprint
