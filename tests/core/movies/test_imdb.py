"""IMDB 5000: the published file, commas or semicolons, garbled titles."""

from __future__ import annotations

import pytest

from recsys_core.movies.loaders.imdb import load_imdb
from tests.core.movies.published_samples import text_of

FILMS = "movie_metadata.csv"


@pytest.fixture(scope="module")
def imdb(imdb_dir):
    return load_imdb(imdb_dir)


def test_every_row_is_a_film_or_accounted_for(imdb):
    entry = imdb.report.files[0]
    assert (entry.read, entry.kept, len(imdb)) == (5043, 4918, 4918)
    assert entry.dropped == {
        "movie_imdb_link names no film": 1,
        "movie_imdb_link seen before (first row kept)": 124,
    }


def test_titles_are_clean(imdb):
    titles = imdb.frame["title"]
    assert (titles == titles.str.strip()).all()
    assert not titles.str.contains("\u00a0|Ã|Â").any()
    assert {"Avatar", "WALL·E", "Amélie", "Æon Flux"} <= set(titles)


def test_a_film_has_its_fields(imdb):
    film = imdb.frame.iloc[0]
    assert (film["movie_id"], film["title"], film["year"]) == ("tt0499549", "Avatar", 2009)
    assert film["director"] == "James Cameron"
    assert film["cast"] == ["CCH Pounder", "Joel David Moore", "Wes Studi"]
    assert film["language"] == "en"
    assert (film["vote_average"], film["vote_count"]) == (7.9, 886204)
    assert film["links"] == {"imdb": "https://www.imdb.com/title/tt0499549/"}
    assert (imdb.frame["overview"] == "").all()


HEADER = ["director_name", "genres", "actor_1_name", "movie_title", "num_voted_users", "plot_keywords"]
HEADER += ["movie_imdb_link", "language", "title_year", "imdb_score"]


def row(number, title, year="2001.0"):
    link = f"http://www.imdb.com/title/tt{number:07}/?ref_=fn_tt_tt_1"
    return ["Jane, Doe", "Drama|War", "A. Actor", title, "12", "one|two", link, "French", year, "7.1"]


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_both_separators_and_encodings_give_the_same_films(tmp_path, delimiter, encoding):
    rows = [HEADER, row(1, "Amélie\u00a0"), row(2, "Brüno\u00a0"), row(1, "Again")]
    (tmp_path / FILMS).write_bytes(text_of(rows, delimiter).encode(encoding))
    movies = load_imdb(tmp_path)
    assert movies.frame["title"].tolist() == ["Amélie", "Brüno"]
    assert movies.frame["year"].tolist() == [2001, 2001]
    assert movies.frame["director"].tolist() == ["Jane Doe"] * 2
    assert movies.frame["language"].tolist() == ["fr", "fr"]


def test_garbled_titles_are_mended_and_counted(tmp_path):
    rows = [HEADER, row(1, "Avatar"), row(2, "AmÃ©lieÂ\u00a0")]
    (tmp_path / FILMS).write_text(text_of(rows), encoding="utf-8")
    movies = load_imdb(tmp_path)
    assert movies.frame["title"].tolist() == ["Avatar", "Amélie"]
    assert movies.report.files[0].notes == ["1 rows mended: accents of the title (first on line 3)."]
