"""MovieLens latest-small: the real folder, its ratings as a data set, and the checks against its README."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from recsys_core.errors import DataError
from recsys_core.movies.loaders.movielens import load_movielens


@pytest.fixture(scope="module")
def movielens(movielens_dir):
    return load_movielens(movielens_dir)


def test_every_film_is_there_and_every_rating_accounted_for(movielens):
    assert len(movielens) == 9742
    films, ratings, tags, links = movielens.report.files
    assert (films.read, tags.read, links.read) == (9742, 3683, 9742)
    assert ratings.read >= 100_836
    assert ratings.kept == len(movielens.ratings.interactions)
    assert set(ratings.dropped) <= {"rating is zero"}


def test_votes_are_the_ratings(movielens, movielens_dir):
    with (movielens_dir / "ratings.csv").open(encoding="utf-8", newline="") as file:
        stars = [float(row["rating"]) for row in csv.DictReader(file) if row["movieId"] == "1"]
    film = movielens.frame.iloc[0]
    assert (film["title"], film["year"], film["vote_count"]) == ("Toy Story", 1995, len(stars))
    assert film["vote_average"] == pytest.approx(sum(stars) / len(stars))
    assert movielens.vote_scale == (0.5, 5.0)
    assert movielens.frame["vote_average"].isna().sum() == (movielens.frame["vote_count"] == 0).sum() == 18


def test_the_ratings_have_a_column_for_every_film(movielens):
    ratings = movielens.ratings
    np.testing.assert_array_equal(ratings.items.ids, movielens.frame["movie_id"])
    assert ratings.names[0] == "Toy Story (1995)"
    assert {"genre:Comedy", "tag:Pixar"} <= set(ratings.item_features.names)
    assert ratings.interactions.timestamps.min() > 820_000_000


def test_tags_are_keywords_without_personal_ones(movielens):
    words = {word.casefold() for words in movielens.frame["keywords"] for word in words}
    assert "in netflix queue" not in words and "atmospheric" in words


def write(folder, films=("1,Heat (1995),Crime", "2,Alien (1979),Horror"), ratings=("1,1,4.0,5",), **others):
    files = {
        "movies.csv": ("movieId,title,genres", *films),
        "ratings.csv": ("userId,movieId,rating,timestamp", *ratings),
        **{f"{name}.csv": lines for name, lines in others.items()},
    }
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_latest_rating_of_a_pair_counts(tmp_path):
    lines = ("7,1,1.0,50", "7,1,5.0,90", "7,1,3.0,20", "8,1,4.0,1", "8,2,2.5,1")
    movies = load_movielens(write(tmp_path, ratings=lines))
    assert movies.frame["vote_count"].tolist() == [2, 1]
    assert movies.frame["vote_average"].tolist() == [4.5, 2.5]
    assert movies.report.files[1].dropped == {"rated again by the same person (latest kept)": 2}


def test_impossible_ratings_are_dropped(tmp_path):
    lines = ("7,1,5.5,50", "7,2,0.0,50", "x,1,3,5", "7,99,3,5", "7,1,2,soon", "8,1,4.0,1")
    movies = load_movielens(write(tmp_path, ratings=lines))
    assert len(movies.ratings.interactions) == 1
    assert movies.report.files[1].dropped == {
        "rating is not from 0.5 to 5.0": 1,
        "rating is zero": 1,
        "userId is not a whole number": 1,
        "film not in the catalogue": 1,
        "timestamp is neither a number of seconds since 1970 nor a date like 2024-05-31": 1,
    }


def test_tags_are_ordered_by_how_often_they_were_given(tmp_path):
    tags = ("userId,movieId,tag,timestamp", "1,1,slow,5", "2,1,Mafia,5", "3,1,mafia,5", "4,1,mafia,5")
    tags += ("4,9,unknown film,5", "4,1,In Netflix queue,5")
    movies = load_movielens(write(tmp_path, tags=tags))
    assert movies.frame["keywords"].tolist() == [["mafia", "slow"], []]


def test_titles_and_links(tmp_path):
    films = ('1,"Matrix, The (1999)",Action', "2,Alien,(no genres listed)")
    links = ("movieId,imdbId,tmdbId", "1,0133093,603", "2,,")
    movies = load_movielens(write(tmp_path, films, links=links))
    assert movies.frame["title"].tolist() == ["The Matrix", "Alien"]
    assert movies.frame["genres"].tolist() == [["Action"], []]
    assert movies.frame["links"][0] == {
        "movielens": "https://movielens.org/movies/1",
        "imdb": "https://www.imdb.com/title/tt0133093/",
        "tmdb": "https://www.themoviedb.org/movie/603",
    }
    assert movies.ratings.names.tolist() == ["The Matrix (1999)", "Alien"]


def readme(folder, ratings, films):
    text = f"It contains {ratings} ratings and 0 tag applications across {films} movies."
    (folder / "README.txt").write_text(text, encoding="utf-8")


def test_fewer_rows_than_the_readme_tells_are_refused(tmp_path):
    readme(write(tmp_path), 2, 2)
    with pytest.raises(DataError, match=r"ratings.csv: There are 1 rows, but README.txt tells of 2."):
        load_movielens(tmp_path)


def test_more_rows_than_the_readme_tells_are_noted(tmp_path):
    readme(write(tmp_path), 1, 1)
    movies = load_movielens(tmp_path)
    assert movies.report.files[0].notes == ["1 rows more than README.txt tells: added since, and kept."]
