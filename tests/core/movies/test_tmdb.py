"""TMDB 5000: the published file, and small ones with credits and oddities."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from recsys_core.movies.loaders.tmdb import load_tmdb
from tests.core.movies.published_samples import text_of

FILMS, CREDITS = "tmdb_5000_movies.csv", "tmdb_5000_credits.csv"


@pytest.fixture(scope="module")
def tmdb(tmdb_dir):
    return load_tmdb(tmdb_dir)


def test_every_published_row_is_a_film(tmdb):
    assert len(tmdb) == 4803
    assert tmdb.report.to_frame()["dropped"].sum() == 0
    assert tmdb.report.files[0].notes == []


def test_the_well_known_mean_and_quantile(tmdb):
    """C and m of the weighted rating, as many notebooks on this file print them."""
    assert tmdb.frame["vote_average"].mean() == pytest.approx(6.092171559442016, abs=1e-12)
    assert tmdb.frame["vote_count"].quantile(0.9) == pytest.approx(1838.4, abs=1e-9)


def plain(name):
    return " ".join(name.split()).casefold()


def test_fields_agree_with_a_plain_reading(tmdb, tmdb_dir):
    with (tmdb_dir / FILMS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    frame = tmdb.frame
    assert frame["movie_id"].tolist() == [int(row["id"]) for row in rows]
    assert frame["genres"].tolist() == [[one["name"] for one in json.loads(row["genres"])] for row in rows]
    # one film has a keyword twice
    own = [{plain(one["name"]) for one in json.loads(row["keywords"])} - {""} for row in rows]
    assert [{word.casefold() for word in words} for words in frame["keywords"]] == own
    assert frame["vote_count"].tolist() == [int(row["vote_count"]) for row in rows]
    years = [int(row["release_date"][:4]) for row in rows if row["release_date"]]
    assert frame["year"].dropna().tolist() == years and len(years) == 4802
    assert (frame["overview"] == "").sum() == 4


def test_same_titles_stay_apart(tmdb):
    twice = tmdb.frame[tmdb.frame.duplicated("title", keep=False)]
    assert set(twice["title"]) == {"The Host", "Batman", "Out of the Blue"}
    assert not twice.duplicated(["title", "year"]).any()


def test_without_credits_nobody_acts_and_the_report_says_so(tmdb):
    assert not any(tmdb.frame["cast"]) and (tmdb.frame["director"] == "").all()
    assert "no cast" in tmdb.report.files[1].notes[0]


HEADER = ["genres", "homepage", "id", "keywords", "original_language", "overview", "release_date", "title"]
HEADER += ["vote_average", "vote_count"]


def film(movie_id, title, genres="[]", votes="7.0", count="10", date="2009-12-10"):
    return [genres, "", movie_id, "[]", "en", "Said.", date, title, votes, count]


def person(name, job=""):
    return {"name": name, "job": job, "credit_id": "x", "order": 0}


def write(folder, films, credits=None):
    (folder / FILMS).write_text(text_of([HEADER, *films]), encoding="utf-8")
    if credits is not None:
        header = ["movie_id", "title", "cast", "crew"]
        (folder / CREDITS).write_text(text_of([header, *credits]), encoding="utf-8")
    return folder


def test_credits_are_looked_up_and_multiply_nothing(tmp_path):
    cast = json.dumps([person(f"Actor {at}") for at in range(14)])
    crew = json.dumps([person("Ann", "Editor"), person("Joel", "Director"), person("Ethan", "Director")])
    credits = [["1", "A", cast, crew], ["1", "A", "[]", "[]"], ["9", "Z", "[]", "[]"]]
    movies = load_tmdb(write(tmp_path, [film("1", "A"), film("2", "B")], credits))
    assert movies.frame["cast"].tolist() == [[f"Actor {at}" for at in range(10)], []]
    assert movies.frame["director"].tolist() == ["Joel, Ethan", ""]
    dropped = movies.report.files[1].dropped
    assert dropped == {
        "movie_id seen before (first row kept)": 1,
        "film not in tmdb_5000_movies.csv": 1,
    }


def test_odd_rows_are_dropped_or_mended_with_their_line(tmp_path):
    rows = [
        film("1", "Good", genres='[{"id": 1, "name": "Drama"}]'),
        film("", "No id"),
        film("3", "  "),
        film("1", "Again"),
        film("5", "Broken", genres="[{]", votes="12", count="many", date="soon"),
        film("6", "No votes", votes="", count=""),
    ]
    movies = load_tmdb(write(tmp_path, rows))
    assert movies.frame["title"].tolist() == ["Good", "Broken", "No votes"]
    entry = movies.report.files[0]
    assert entry.read == 6 and entry.kept == 3
    assert entry.first_lines == {
        "id is not a whole number": 3,
        "id seen before (first row kept)": 5,
        "title is empty": 4,
    }
    assert [note.split(":")[1] for note in entry.notes if "line 6" in note] == [
        " release_date is no plausible year (first on line 6).",
        " genres cannot be read, taken as empty (first on line 6).",
        " vote_average is no number from 0 to 10 (first on line 6).",
        " vote_count is no whole number, read as 0 (first on line 6).",
    ]
    assert np.isnan(movies.frame["vote_average"][1:]).all()
    assert movies.frame["vote_count"].tolist() == [10, 0, 0]


def test_a_file_named_by_itself_is_found(tmp_path):
    folder = tmp_path / "tmdb"
    folder.mkdir()
    write(folder, [film("1", "A")])
    assert len(load_tmdb(folder / FILMS)) == 1
    assert len(load_tmdb(tmp_path)) == 1
