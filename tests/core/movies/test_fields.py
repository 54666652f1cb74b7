"""Single fields: years, votes, titles and addresses as the sources write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.movies.loaders.fields import (
    count_of,
    distinct_names,
    imdb_link,
    imdb_number,
    tidy,
    vote_of,
    web_address,
    year_of,
)
from recsys_core.movies.loaders.imdb import clean_title
from recsys_core.movies.loaders.languages import language_code
from recsys_core.movies.loaders.movielens_titles import split_title


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1995", 1995),
        ("1995.0", 1995),
        ("1995-10-30", 1995),
        ("30/10/1995", 1995),
        ("", None),
        ("12", None),
        ("0000-01-01", None),
        ("199510", None),
        ("soon", None),
    ],
)
def test_years(text, year):
    assert year_of(text) == year


def test_votes_outside_the_scale_are_unknown():
    assert vote_of("7.7", (0, 10)) == 7.7
    assert all(
        math.isnan(vote_of(text, (0, 10))) for text in ("", "11", "-1", "nan", "inf", "7,7", "1_0", "x")
    )


def test_counts_are_whole_numbers():
    assert [count_of(text) for text in ("104", "104.0", "0", "", "1.5", "-1", "nan", "1e99")] == [
        104,
        104,
        0,
        *[None] * 5,
    ]


@given(st.text())
def test_tidy_text_is_tidy_and_stays_so(text):
    once = tidy(text)
    assert tidy(once) == once == once.strip()
    assert "\n" not in once and "\u202e" not in once


def test_names_are_told_apart_by_more_than_case():
    assert distinct_names(["Drama", " drama ", "", "Comedy", "x" * 300]) == ["Drama", "Comedy"]


def test_addresses():
    assert imdb_number("http://www.imdb.com/title/tt0499549/?ref_=fn_tt_tt_1") == "0499549"
    assert imdb_number("tt00114709") == "0114709"
    assert imdb_number("0") is None
    assert imdb_link("114709") == "https://www.imdb.com/title/tt0114709/"
    assert web_address("http://www.avatarmovie.com/") == "http://www.avatarmovie.com/"
    assert web_address("javascript:alert(1)") is None
    assert web_address("https://x.org/ onclick=1") is None


@pytest.mark.parametrize(
    ("written", "title", "year"),
    [
        ("Toy Story (1995)", "Toy Story", 1995),
        ("American President, The (1995)", "The American President", 1995),
        ("Beautiful Mind, A (2001)", "A Beautiful Mind", 2001),
        ("Enfer, L' (1994)", "L'Enfer", 1994),
        (
            "City of Lost Children, The (Cité des enfants perdus, La) (1995)",
            "The City of Lost Children (La Cité des enfants perdus)",
            1995,
        ),
        ("Twelve Monkeys (a.k.a. 12 Monkeys) (1995)", "Twelve Monkeys (a.k.a. 12 Monkeys)", 1995),
        ("Girl, Interrupted (1999)", "Girl, Interrupted", 1999),
        ("Death Note: Desu nôto (2006–2007)", "Death Note: Desu nôto", 2006),
        ("Babylon 5", "Babylon 5", None),
        ("2012 (2009)", "2012", 2009),
        ("(500) Days of Summer (2009)", "(500) Days of Summer", 2009),
        ("1984", "1984", None),
    ],
)
def test_titles_of_movielens(written, title, year):
    assert split_title(written) == (title, year)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Avatar\u00a0", "Avatar"),
        ("Del 1 - Män som hatar kvinnor\u00a0            ", "Del 1 - Män som hatar kvinnor"),
        ("AmÃ©lieÂ\u00a0", "Amélie"),
        ("WALLÂ·EÂ\u00a0", "WALL·E"),
        ("The Pirate Bay: Itâ€™s Away\u00a0", "The Pirate Bay: It’s Away"),
        ("Ri¢hie Ri¢h", "Ri¢hie Ri¢h"),
        ("Ça brûle", "Ça brûle"),
    ],
)
def test_titles_of_imdb_are_mended(written, title):
    assert clean_title(written) == title


def test_languages():
    named = ["English", "Mandarin", "None", "", "en", "Klingon"]
    assert [language_code(one) for one in named] == ["en", "zh", "", "", "en", "Klingon"]
