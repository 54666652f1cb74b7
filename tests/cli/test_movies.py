"""``refrain movies`` on the demo films: what it lists, what it refuses."""

from __future__ import annotations

import json

import pytest

from recsys_core.movies.choice import MovieChoice, load_movies
from tests.conftest import SHARED_DATA


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return load_movies(MovieChoice("demo"), data_root=tmp_path_factory.mktemp("data"))


@pytest.fixture
def answer(refrain):
    """Call ``refrain movies ... --json -`` and return the JSON."""

    def call(*arguments):
        code, out, err = refrain("movies", *arguments, "--json", "-")
        assert (code, err) == (0, "")
        return json.loads(out)

    return call


def a_film(demo):
    """The first film whose title no other film has."""
    titles = demo.frame["title"]
    return demo.frame[~titles.duplicated(keep=False)].iloc[0]


def test_a_chart_as_json_and_as_a_table(refrain, answer):
    made = answer("chart", "--top", 5)
    assert [row["rank"] for row in made["chart"]] == [1, 2, 3, 4, 5]
    assert set(made["chart"][0]) == {
        "rank",
        "movie_id",
        "title",
        "year",
        "vote_count",
        "vote_average",
        "score",
    }
    scores = [row["score"] for row in made["chart"]]
    assert scores == sorted(scores, reverse=True)
    assert min(row["vote_count"] for row in made["chart"]) >= made["least_votes"]
    code, out, _ = refrain("movies", "chart", "--top", 5)
    assert code == 0
    assert "simulated votes" in out
    assert made["chart"][0]["title"] in out


@pytest.mark.parametrize("method", ["overview", "soup", "both"])
def test_similar_films_with_reasons(answer, demo, method):
    film = a_film(demo)
    found = answer("similar", "--title", film["title"], "--method", method, "--k", 3)
    assert (found["movie_id"], found["method"]) == (film["movie_id"], method)
    for row in found["similar"]:
        assert row["movie_id"] != film["movie_id"]
        assert sum(one["weight"] for one in row["reasons"]) == pytest.approx(row["similarity"], abs=1e-4)


def test_title_and_id_name_the_same_film(answer, demo):
    film = a_film(demo)
    assert answer("similar", "--title", film["title"].upper()) == answer("similar", "--id", film["movie_id"])


def test_the_popularity_filter_puts_the_best_rated_first(answer, demo):
    film = a_film(demo)
    found = answer("similar", "--id", film["movie_id"], "--k", 10, "--popularity-filter", "--no-vote-gate")
    ratings = [row["rating"] for row in found["similar"]]
    assert len(ratings) == 10
    assert ratings == sorted(ratings, reverse=True)


def test_the_table_names_the_heaviest_reasons(refrain, demo):
    film = a_film(demo)
    code, out, _ = refrain("movies", "similar", "--id", film["movie_id"], "--k", 2)
    assert code == 0
    assert out.startswith(f"Similar to {film['title']}, ")
    assert len(out.splitlines()) == 5


def test_memory_of_a_number_of_films_and_of_a_catalogue(refrain, answer, demo):
    asked = answer("memory", "--films", 45466, "--dtype", "float64")
    assert (asked["matrix_bytes"], asked["measured"]) == (45466**2 * 8, None)
    measured = answer("memory", "--k", 5)["measured"]
    assert measured["films"] == len(demo)
    assert measured["kept_bytes"] == len(demo) * 5 * 8 <= measured["peak_bytes"]
    code, out, _ = refrain("movies", "memory", "--films", 45466)
    assert code == 0
    assert "8.27 GB" in out


def test_the_verdict_on_dimensions_is_computed(refrain, answer):
    study = answer("pca", "--components", "5,20", "--queries", 10)
    assert [row["components"] for row in study["sizes"]] == [5, 20]
    assert study["verdict"]["coherent"] == (study["verdict"]["overlap"] >= 0.8)
    code, out, _ = refrain("movies", "pca", "--components", "5", "--queries", 5)
    assert code == 0
    assert "5 components keep" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("similar",), "Name a film with --title or --id"),
        (("similar", "--title", "zzqqzz"), "There is no film called 'zzqqzz'"),
        (("similar", "--id", "nobody"), "There is no film 'nobody'"),
        (("similar", "--id", "1", "--weight", "3"), "weight of the overview"),
        (("chart", "--genre", "Nonsense"), "No film of this catalogue is Nonsense"),
        (("chart", "--data-dir", "."), "--data-dir belongs to a real catalogue"),
        (("chart", "--dataset", "tmdb-5000"), "TMDB 5000 is not on this computer"),
        (("chart", "--dataset", "tmdb-5000", "--data-dir", "~nosuchuser/x"), "Nobody's home is known"),
        (("pca", "--components", "many"), "whole numbers separated by commas"),
        (("memory", "--films", "0"), "number of films is a whole number from 1"),
        (("memory", "--films", "5", "--dtype", "int8"), "floating-point"),
    ],
)
def test_what_is_refused_in_one_line(refrain, arguments, said):
    code, out, err = refrain("movies", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_people_who_liked_it_need_ratings(refrain, demo):
    code, _, err = refrain("movies", "similar", "--id", a_film(demo)["movie_id"], "--method", "collaborative")
    if demo.ratings is None:
        assert (code, "no ratings by people" in err) == (2, True)
    else:
        assert code == 0


@pytest.fixture
def rated(tmp_path):
    """A folder of five films: person 2 likes two of what person 1 likes, and 3 one; both like more."""
    (tmp_path / "movies.csv").write_text(
        "movieId,title,genres\n" + "".join(f"{film},Film {film} (1990),Crime\n" for film in range(1, 6))
    )
    cells = [(1, 1, 5), (1, 2, 4), (2, 1, 4), (2, 2, 5), (2, 3, 4), (3, 1, 3), (3, 4, 5), (3, 5, 2)]
    (tmp_path / "ratings.csv").write_text(
        "userId,movieId,rating,timestamp\n"
        + "".join(f"{who},{film},{stars},1\n" for who, film, stars in cells)
    )
    return "--dataset", "movielens", "--data-dir", tmp_path


def test_people_of_similar_taste_name_films_that_were_not_seen(refrain, answer, rated):
    found = answer("taste", *rated, "--user", 1)
    # 2 shares two of three likes, 3 one of three; film 5 nobody liked
    assert [(film["movie_id"], film["liked_by"]) for film in found["films"]] == [(3, 1), (4, 1)]
    assert [film["score"] for film in found["films"]] == pytest.approx([2 / 3, 1 / 3])
    assert (found["rated"], found["liked"], found["neighbours"]) == (2, 2, 2)
    code, out, _ = refrain("movies", "taste", *rated, "--user", 1, "--neighbours", 1)
    assert code == 0
    assert "Film 3 (1990)" in out
    assert "Film 4" not in out


@pytest.mark.parametrize("model", ["ease", "item-knn", "rp3beta"])
def test_films_of_one_audience_by_a_model_of_the_project(answer, rated, model):
    found = answer("similar", *rated, "--id", 1, "--method", "collaborative", "--model", model)
    assert found["used"] == ("collaborative" if model == "item-knn" else "nothing")


def test_nobody_of_that_name_and_no_ratings_are_said(refrain, rated):
    code, _, err = refrain("movies", "taste", *rated, "--user", 99)
    assert (code, "99" in err) == (2, True)
    code, _, err = refrain("movies", "taste", "--user", 1)
    assert (code, "no ratings by people" in err) == (2, True)


def test_real_films_by_their_folder(answer, tmdb_dir):
    found = answer("similar", "--dataset", "tmdb-5000", "--data-dir", tmdb_dir, "--title", "batman (1989)")
    assert found["movie_id"] == 268
    assert found["dataset"]["films"] > 4_000


@pytest.fixture
def tmdb_dir():
    folder = SHARED_DATA / "tmdb-5000"
    if not folder.is_dir():
        pytest.skip(f"needs the real TMDB 5000 file, and {folder} does not hold it (set REFRAIN_TEST_DATA)")
    return folder
