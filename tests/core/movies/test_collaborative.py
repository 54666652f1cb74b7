"""People who liked this also liked; and both sides together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import DataError, SettingsError
from recsys_core.movies.audience import AUDIENCE_MODELS, DEFAULTS, liked
from recsys_core.movies.collaborative import CollaborativeModel
from recsys_core.movies.content import ContentModel, FilmTexts
from recsys_core.movies.hybrid import HybridModel
from recsys_core.movies.similarity import SIMILAR_COLUMNS
from recsys_core.movies.text_index.best import nearest_of_row
from tests.core.movies.film_data import films, ratings_of

TASTES = {"fight": (10, 11, 12), "love": (20, 21, 22)}


def catalogue():
    """Two groups of people who like one half each; film 30 is unrated, film 31 rated low."""
    cells = [
        (person, film, 5.0 if (person + film) % 4 else 2.0)
        for person in range(40)
        for film in TASTES["fight" if person % 2 else "love"]
    ]
    rows = [{"movie_id": film, "genres": [taste]} for taste, ids in TASTES.items() for film in ids]
    extra = [{"movie_id": 30, "genres": ["fight"]}, {"movie_id": 31}]
    return films(*rows, *extra, ratings=ratings_of([*cells, (1, 31, 1.0)]))


MOVIES = catalogue()
LEARNED = [*((name, {"embedding_size": 4}) for name in AUDIENCE_MODELS), ("svd", {"embedding_size": 2})]


def test_counting_is_common_likes_over_the_mean_size():
    model = CollaborativeModel(MOVIES)
    table = model.similar_movies(10, 2).table
    sets = {film: set(rows["user_id"]) for film, rows in _likes().groupby("item_id")}
    for film, similarity, reasons in table[["movie_id", "similarity", "reasons"]].itertuples(index=False):
        common = len(sets[10] & sets[film])
        expected = common / (np.sqrt(len(sets[10]) * len(sets[film])) + DEFAULTS["shrinkage"])
        assert similarity == pytest.approx(expected)
        assert reasons == (("audience", str(common), pytest.approx(expected)),)


def _likes():
    data = liked(MOVIES)
    rows = data.interactions
    frame = {"user_id": data.users.ids[rows.user_idx], "item_id": data.items.ids[rows.item_idx]}
    return pd.DataFrame(frame)


@pytest.mark.parametrize(("model", "values"), LEARNED)
def test_films_of_the_same_people_are_similar(model, values):
    made = CollaborativeModel(MOVIES, model, values=values)
    similar = made.similar_movies(11, 2)
    assert set(similar.table["movie_id"]) == {10, 12}
    assert tuple(similar.table.columns) == SIMILAR_COLUMNS
    assert (similar.method, similar.used) == ("collaborative", "collaborative")
    for value, reasons in zip(similar.table["similarity"], similar.table["reasons"], strict=True):
        assert sum(one.weight for one in reasons) == pytest.approx(value)


@pytest.mark.parametrize("movie_id", [30, 31])
def test_a_film_nobody_liked_is_similar_to_nothing(movie_id):
    similar = CollaborativeModel(MOVIES).similar_movies(movie_id)
    assert (similar.used, len(similar.table)) == ("nothing", 0)


@pytest.mark.parametrize("model", ["svd", "ease", "rp3beta"])
def test_a_film_few_people_liked_is_neither_suggested_nor_answered_for_by_learned_models(model):
    cells = [(person, film, 5.0) for person in range(8) for film in (1, 2)] + [(0, 3, 5.0)]
    movies = films({}, {}, {}, ratings=ratings_of(cells))
    made = CollaborativeModel(movies, model, values={"embedding_size": 1})
    assert made.similar_movies(1).table["movie_id"].tolist() == [2]
    asked = made.similar_movies(3)
    assert (asked.used, len(asked.table)) == ("nothing", 0)


def test_a_whole_list_of_reasons_takes_one_row_not_one_for_each_film(monkeypatch):
    model, rows = CollaborativeModel(MOVIES), []
    row = model._pairs.row
    monkeypatch.setattr(model._pairs, "row", lambda film: rows.append(film) or row(film))
    assert len(model.similar_movies(10, 5).table) > 1
    assert len(rows) == 2, "one for the list, one for its reasons"


def test_hybrid_weighs_both_sides_by_their_own_best():
    content, people = ContentModel(FilmTexts(MOVIES)), CollaborativeModel(MOVIES)
    model = HybridModel(content, people, weight=0.25)
    row = MOVIES.ids.to_idx([10])[0]
    sides = []
    for side in (content, people):
        values = np.array(side.similarities(row))
        values[row] = 0
        sides.append(values / values.max())
    expected = 0.25 * sides[0] + 0.75 * sides[1]
    others = np.arange(len(MOVIES)) != row
    np.testing.assert_allclose(model.similarities(row)[others], expected[others], rtol=1e-5)
    similar = model.similar_movies(10)
    assert 30 in set(similar.table["movie_id"])  # unrated, but of the same genre
    for value, reasons in zip(similar.table["similarity"], similar.table["reasons"], strict=True):
        assert sum(one.weight for one in reasons) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize(("movie_id", "used"), [(10, "hybrid"), (30, "both"), (31, "nothing")])
def test_hybrid_leaves_the_word_to_the_side_that_knows(movie_id, used):
    similar = HybridModel(ContentModel(FilmTexts(MOVIES), "both"), CollaborativeModel(MOVIES)).similar_movies(
        movie_id
    )
    # film 30 has no overview either: of the content only the soup answers
    assert similar.used == {"both": "soup"}.get(used, used)
    assert bool(len(similar.table)) == (used != "nothing")


def test_one_row_gives_the_nearest():
    row = np.array([0.5, 0.9, 0.5, -0.1, 0.0, 0.9], np.float32)
    rows, values = nearest_of_row(row, 1, 10)
    assert rows.tolist() == [5, 0, 2]
    np.testing.assert_allclose(values, [0.9, 0.5, 0.5])
    assert row[1] == np.float32(0.9)  # the row given is left alone
    assert nearest_of_row(row, 1, 2)[0].tolist() == [5, 0]


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(DataError, match="no ratings by people"):
        CollaborativeModel(films({}))
    with pytest.raises(DataError, match="No rating reaches 9"):
        CollaborativeModel(MOVIES, liked_from=9)
    with pytest.raises(SettingsError, match="no item embeddings or weights"):
        CollaborativeModel(MOVIES, "popularity")
    with pytest.raises(SettingsError, match="no model 'magic'"):
        CollaborativeModel(MOVIES, "magic")
    content, people = ContentModel(FilmTexts(MOVIES)), CollaborativeModel(MOVIES)
    with pytest.raises(SettingsError, match="different catalogues"):
        HybridModel(ContentModel(FilmTexts(films({}))), people)
    with pytest.raises(SettingsError, match="weight of the content"):
        HybridModel(content, people, weight=2)
