"""Fast and brute agree on every film of TMDB 5000; the figures that the pages show are in range."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.movies.chart import chart
from recsys_core.movies.collaborative import CollaborativeModel
from recsys_core.movies.content import METHODS, ContentModel, FilmTexts
from recsys_core.movies.hybrid import HybridModel
from recsys_core.movies.jaccard import jaccard_distances
from recsys_core.movies.loaders.movielens import load_movielens
from recsys_core.movies.loaders.tmdb import load_tmdb
from recsys_core.movies.memory import measured_peak, similarity_memory
from recsys_core.movies.pca_study import study_pca
from recsys_core.movies.pca_verdict import CLEARLY, judge_pca
from recsys_core.movies.popularity_filter import CANDIDATES, popularity_filter
from recsys_core.movies.search import MovieSearch
from recsys_core.movies.user_based import UserBasedRecommender
from tests.conftest import SHARED_DATA
from tests.core.movies.film_data import sparse_cosines
from tests.core.movies.test_content import slow_similarities

K = 30
NEAR = 2e-6
"""Sums of float32 products and of float64 products differ by less."""


@pytest.fixture(scope="module")
def tmdb():
    """TMDB 5000 as loaded; skips where the real file is absent."""
    folder = SHARED_DATA / "tmdb-5000"
    if not (folder / "tmdb_5000_movies.csv").is_file():
        pytest.skip(f"needs the real TMDB 5000 file, and {folder} does not hold it (set REFRAIN_TEST_DATA)")
    return load_tmdb(folder)


@pytest.fixture(scope="module")
def movielens():
    """MovieLens latest-small as loaded; skips where the real files are absent."""
    folder = SHARED_DATA / "ml-latest-small"
    if not (folder / "ratings.csv").is_file():
        pytest.skip(
            f"needs the real MovieLens files, and {folder} does not hold them (set REFRAIN_TEST_DATA)"
        )
    return load_movielens(folder)


@pytest.fixture(scope="module")
def texts(tmdb):
    return FilmTexts(tmdb)


@pytest.mark.parametrize("method", METHODS)
def test_every_film_has_the_list_of_brute_force(texts, method):
    """All pairs at once, as the tutorial does it; films of equal similarity are compared as sets."""
    brute = slow_similarities(texts, method, 0.5, sparse_cosines)
    np.fill_diagonal(brute, 0)
    rows, values = ContentModel(texts, method).all_similar(K, threads=2)
    found = rows >= 0
    of_film, _ = np.nonzero(found)
    assert (rows[found] != of_film).all()
    np.testing.assert_allclose(brute[of_film, rows[found]], values[found], atol=NEAR)
    bars = -np.partition(-brute, K - 1, axis=1)[:, K - 1]
    assert found.sum(axis=1).tolist() == np.minimum(K, (brute > 0).sum(axis=1)).tolist()
    for film, bar in enumerate(bars):
        own = set(rows[film][found[film]])
        assert set(np.flatnonzero(brute[film] > bar + NEAR)) <= own  # whoever is clearly above is there
        assert brute[film][list(own)].min(initial=1) >= bar - NEAR  # whoever is there is not below


def test_one_film_at_a_time_gives_the_same_lists(texts):
    model = ContentModel(texts, "both")
    rows, values = model.all_similar(10)
    for film in range(0, len(texts.movies), 97):
        alone, similarities = model.nearest(film, 10)
        assert rows[film][: len(alone)].tolist() == alone.tolist()
        assert values[film][: len(alone)].tolist() == similarities.tolist()


def test_all_lists_stay_far_below_all_pairs(texts):
    n_films = len(texts.movies)
    _, peak = measured_peak(lambda: ContentModel(texts).all_similar(K, threads=2))
    memory = similarity_memory(n_films, k=K)
    assert memory.kept_bytes < peak < memory.matrix_bytes / 10


def test_what_a_manager_would_try_first(tmdb, texts):
    found = MovieSearch(tmdb).find("dark night rises")[0]
    assert found.label == "The Dark Knight Rises (2012)"
    similar = ContentModel(texts).similar_movies(found.movie_id, CANDIDATES)
    assert similar.table["title"][0] == "The Dark Knight"
    assert len(popularity_filter(similar).table) == 10
    assert chart(tmdb).table["title"][0] == "The Shawshank Redemption"


def test_a_hundred_components_are_not_coherent(texts):
    """The verdict on this catalogue: about a tenth of the variance, and less than a third of the list."""
    study = study_pca(texts.overview.matrix, (100,), queries=40)
    verdict = judge_pca(study)
    assert 0.05 < verdict.kept < 0.2
    assert verdict.overlap < 0.33
    assert not verdict.coherent
    # how fast it is depends on the machine; the word for it does not
    times = study.table["milliseconds"].iloc[0] / study.exact_milliseconds
    assert verdict.speed == ("slower" if times >= CLEARLY else "faster" if times * CLEARLY <= 1 else "same")


TOY_STORY, TOY_STORY_2 = 1, 3114


def test_people_who_liked_toy_story_also_liked_its_sequel(movielens):
    people = CollaborativeModel(movielens)
    hybrid = HybridModel(ContentModel(FilmTexts(movielens)), people)
    for model in (people, hybrid):
        assert model.similar_movies(TOY_STORY, 1).table["movie_id"].tolist() == [TOY_STORY_2]


def test_people_of_similar_taste_recommend_unseen_films(movielens):
    model = UserBasedRecommender().fit(movielens.ratings)
    table = model.recommend(movielens.ratings.users.ids[:20], 5)
    assert len(table) == 100
    assert not _rated(movielens.ratings) & set(
        table[["user_id", "item_id"]].itertuples(index=False, name=None)
    )
    rows, similarities = model.neighbours(0)
    distances = jaccard_distances(movielens.ratings.interactions.to_csr())
    np.testing.assert_allclose(1 - similarities, np.sort(distances[0])[1 : len(rows) + 1])


def _rated(ratings):
    """The pairs of person and film, whatever the stars."""
    rows = ratings.interactions
    return set(
        zip(ratings.users.ids[rows.user_idx].tolist(), ratings.items.ids[rows.item_idx].tolist(), strict=True)
    )
