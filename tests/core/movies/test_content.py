"""Films similar by their texts: exact, explained, and never over all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.errors import SettingsError, UnknownIdError
from recsys_core.movies.content import METHODS, ContentModel, FilmTexts
from recsys_core.movies.memory import measured_peak, similarity_memory
from recsys_core.movies.similarity import SIMILAR_COLUMNS
from recsys_core.movies.soup import Ingredient, soup_of, soup_terms
from recsys_core.movies.terms import counted
from tests.core.movies.film_data import dense_cosines, films, slow_nearest

DARK = {
    "overview": "A masked hero defends the city of Gotham.",
    "genres": ["Action", "Crime"],
    "keywords": ["superhero", "crime"],
    "cast": ["Christian Bale", "Heath Ledger"],
    "director": "Christopher Nolan",
    "vote_average": 8.0,
    "vote_count": 100,
}
CATALOGUE = films(
    DARK,
    {"overview": "A hero returns to Gotham.", "genres": ["Action"], "director": "Christopher  NOLAN"},
    {"overview": "", "keywords": ["Superhero"], "cast": ["Heath Ledger"]},
    {"overview": "Two cooks fall in love with the same restaurant."},
    {},
    {"title": "Film 1", **DARK},
)
WORDS = st.lists(st.sampled_from(["hero", "city", "love", "cook", "war"]), max_size=5).map(" ".join)
LISTS = st.lists(st.sampled_from(["Action", "Crime", "Love", "War"]), max_size=4)
FILM = st.fixed_dictionaries({"overview": WORDS, "genres": LISTS, "keywords": LISTS, "cast": LISTS})


@pytest.fixture(scope="module")
def texts():
    return FilmTexts(CATALOGUE)


def slow_similarities(texts, method, weight, cosines=dense_cosines):
    """All pairs in float64; where a film lacks a part, the other decides alone."""
    words, soup = (cosines(part.matrix) for part in (texts.overview, texts.soup))
    share = {"overview": 1.0, "soup": 0.0}.get(method, weight)
    whole = share * words + (1 - share) * soup
    has_words, has_soup = texts.overview.present[:, None], texts.soup.present[:, None]
    return np.where(has_words & has_soup, whole, np.where(has_words, words, soup))


@given(st.lists(FILM, min_size=1, max_size=12), st.sampled_from(METHODS), st.sampled_from([0.25, 0.5, 1.0]))
def test_lists_are_those_of_all_pairs(rows, method, weight):
    movies = films(*rows)
    model = ContentModel(FilmTexts(movies), method, weight=weight)
    slow = np.round(slow_similarities(model.texts, method, weight), 5)
    everything, values = model.all_similar(4)
    for row in range(len(movies)):
        found, similarities = model.nearest(row, 4)
        assert everything[row][: len(found)].tolist() == found.tolist()
        np.testing.assert_allclose(similarities, slow[row][found], atol=2e-5)
        expected = slow_nearest(slow[row], row, 4)
        np.testing.assert_allclose(similarities, slow[row][expected], atol=2e-5)
        np.testing.assert_allclose(values[row][: len(found)], similarities)
        np.testing.assert_allclose(model.similarities(row), slow[row], atol=2e-5)


@given(st.lists(FILM, min_size=2, max_size=8), st.sampled_from(METHODS))
def test_the_weights_of_the_reasons_sum_to_the_similarity(rows, method):
    movies = films(*rows)
    model = ContentModel(FilmTexts(movies), method)
    for movie_id in movies.frame["movie_id"]:
        table = model.similar_movies(movie_id, 5).table
        for similarity, reasons in zip(table["similarity"], table["reasons"], strict=True):
            assert sum(reason.weight for reason in reasons) == pytest.approx(similarity, abs=1e-5)
            assert [one.weight for one in reasons] == sorted((one.weight for one in reasons), reverse=True)


def test_the_answer_is_a_table_of_films(texts):
    similar = ContentModel(texts).similar_movies(1, 2)
    assert tuple(similar.table.columns) == SIMILAR_COLUMNS
    assert similar.table["movie_id"].tolist() == [6, 2]
    assert similar.table["rank"].tolist() == [1, 2]
    assert similar.table["similarity"][0] == pytest.approx(1)
    assert (similar.method, similar.used, similar.fell_back) == ("both", "both", False)


def test_two_films_of_the_same_title_are_two_films(texts):
    """The title is no key: each is asked for by its id and finds the other."""
    model = ContentModel(texts, "overview")
    assert model.similar_movies(1, 1).table["movie_id"].tolist() == [6]
    assert model.similar_movies(6, 1).table["movie_id"].tolist() == [1]


def test_reasons_say_what_is_shared(texts):
    by_soup = ContentModel(texts, "soup").similar_movies(2, 1).table["reasons"][0]
    assert {(one.kind, one.name) for one in by_soup} == {
        ("genre", "Action"),
        ("director", "Christopher  NOLAN"),
    }
    by_words = ContentModel(texts, "overview").similar_movies(2, 1).table["reasons"][0]
    assert {(one.kind, one.name) for one in by_words} == {("word", "gotham"), ("word", "hero")}


@pytest.mark.parametrize(
    ("movie_id", "method", "used"),
    [(1, "overview", "overview"), (3, "overview", "soup"), (3, "both", "soup"), (4, "soup", "overview")],
)
def test_an_empty_part_leaves_the_word_to_the_other(texts, movie_id, method, used):
    similar = ContentModel(texts, method).similar_movies(movie_id)
    assert (similar.used, similar.fell_back) == (used, used != method)
    assert len(similar.table) or movie_id == 4


def test_a_film_of_which_nothing_is_known_is_similar_to_nothing(texts):
    similar = ContentModel(texts).similar_movies(5)
    assert (similar.used, len(similar.table)) == ("nothing", 0)
    assert tuple(similar.table.columns) == SIMILAR_COLUMNS


def test_the_soup_is_the_first_three_of_genres_and_actors_and_the_rest():
    movies = films(
        {
            "genres": list("abcd"),
            "cast": ["P", "Q", "R", "S"],
            "director": "X, Y",
            "keywords": ["k", " "],
        }
    )
    kinds = [one.kind for one in soup_of(movies, 0)]
    assert kinds == ["genre"] * 3 + ["director"] * 2 + ["actor"] * 3 + ["keyword"]
    assert Ingredient("actor", "Uma  Thurman").term == "uma thurman"


def test_the_terms_of_all_films_are_those_of_each_film_alone():
    movies = films(
        {"genres": ["Drama", "Crime"], "cast": ["P"], "director": "X, Y", "keywords": ["heist", "Crime"]},
        {"genres": [], "cast": ["Q", "P"], "keywords": [" "]},
        {},
    )
    alone = counted([[one.term for one in soup_of(movies, at)] for at in range(len(movies))])
    together = soup_terms(movies)
    assert together.names.tolist() == alone.names.tolist()
    assert (together.matrix != alone.matrix).nnz == 0


def test_a_name_in_two_roles_counts_twice(texts):
    column = list(texts.soup.names).index("crime")
    row = texts.soup.matrix[0].toarray().ravel()
    others = row[(row > 0) & (np.arange(row.size) != column)]
    np.testing.assert_allclose(row[column], 2 * others)


def test_impossible_questions_are_refused(texts):
    with pytest.raises(UnknownIdError, match="There is no film 99"):
        ContentModel(texts).similar_movies(99)
    with pytest.raises(SettingsError, match="no method 'title'"):
        ContentModel(texts, "title")
    with pytest.raises(SettingsError, match="weight of the overview"):
        ContentModel(texts, weight=1.5)
    with pytest.raises(SettingsError, match="length of a list"):
        ContentModel(texts).similar_movies(1, 0)


def test_nobody_has_an_overview():
    model = ContentModel(FilmTexts(films({"genres": ["a"]}, {"genres": ["a"]})), "overview")
    assert model.similar_movies(1).used == "soup"


def test_all_lists_take_less_memory_than_all_pairs():
    rng = np.random.default_rng(0)
    words = np.array([f"word{at}" for at in range(500)])
    movies = films(*({"overview": " ".join(rng.choice(words, 8))} for _ in range(4000)))
    model = ContentModel(FilmTexts(movies))
    (rows, _), peak = measured_peak(lambda: model.all_similar(10, threads=2))
    memory = similarity_memory(4000, k=10)
    assert rows.shape == (4000, 10)
    assert memory.kept_bytes <= peak < memory.matrix_bytes / 10
