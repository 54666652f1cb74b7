"""Your own films: columns guessed or chosen, lists and votes however they are written."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys_core.errors import DataError
from recsys_core.movies.loaders.own_columns import FilmColumns, guess_film_columns, guessed_or_refused
from recsys_core.movies.loaders.own_table import load_own_films

NETFLIX = """show_id,type,title,director,cast,country,release_year,listed_in,description
s1,Movie,Heat,Michael Mann,"Al Pacino, Robert De Niro",USA,1995,"Crime, Drama","A thief, a policeman."
s2,Movie,Fargo,"Joel Coen, Ethan Coen",Frances McDormand,USA,1996,Crime,
"""


def write(folder, text, name="films.csv", encoding="utf-8"):
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def load(path):
    return load_own_films(path, guessed_or_refused(path))


def test_columns_are_guessed_by_name(tmp_path):
    guess = guess_film_columns(write(tmp_path, NETFLIX))
    assert guess.to_choice() == FilmColumns(
        title="title",
        movie_id="show_id",
        year="release_year",
        genres="listed_in",
        cast="cast",
        director="director",
        overview="description",
        separator=",",
    )
    assert guess.preview["title"].tolist() == ["Heat", "Fargo"]


def test_a_guessed_file_loads(tmp_path):
    movies = load(write(tmp_path, NETFLIX))
    assert movies.frame["movie_id"].tolist() == ["s1", "s2"]
    assert movies.frame["cast"].tolist() == [["Al Pacino", "Robert De Niro"], ["Frances McDormand"]]
    assert movies.frame["director"].tolist() == ["Michael Mann", "Joel Coen, Ethan Coen"]
    assert movies.frame["overview"].tolist() == ["A thief, a policeman.", ""]
    assert movies.source.title == "films.csv" and not movies.source.simulated


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_any_separator_and_encoding(tmp_path, separator, encoding):
    lines = [("id", "name", "year"), ("5", "Amélie", "2001"), ("7", "Brüno", "2009")]
    text = "\n".join(separator.join(line) for line in lines)
    movies = load(write(tmp_path, text, encoding=encoding))
    assert movies.frame["movie_id"].tolist() == [5, 7]
    assert movies.frame["title"].tolist() == ["Amélie", "Brüno"]


@pytest.mark.parametrize(
    "text", ['title,note\n"Matrix, The (1999)",x\nHeat,y\n', "title\nMatrix, The (1999)\nHeat\n"]
)
def test_a_title_alone_is_enough(tmp_path, text):
    movies = load(write(tmp_path, text))
    assert movies.frame["movie_id"].tolist() == [1, 2]
    assert movies.frame["title"].tolist() == ["The Matrix", "Heat"]
    assert movies.frame["year"].tolist() == [1999, pd.NA]


@pytest.mark.parametrize(("votes", "scale"), [("4.5", 5), ("7.8", 10), ("88", 100)])
def test_the_scale_of_votes_is_the_lowest_that_holds_them(tmp_path, votes, scale):
    movies = load(write(tmp_path, f"title,rating,votes\nA,{votes},12\nB,,\nC,900,3\n"))
    assert movies.vote_scale == (0.0, scale)
    assert movies.frame["vote_count"].tolist() == [12, 0, 3]
    assert movies.frame["vote_average"].isna().tolist() == [False, True, True]
    assert any("from 0 to" in note and f"to {scale}," in note for note in movies.report.files[0].notes)


def test_ids_stay_texts_unless_all_are_plain_numbers(tmp_path):
    movies = load(write(tmp_path, "id,title\n007,A\n7,B\n7,C\n"))
    assert movies.frame["movie_id"].tolist() == ["007", "7"]
    assert movies.report.files[0].dropped == {"id seen before (first row kept)": 1}


def test_parquet(tmp_path):
    path = tmp_path / "films.parquet"
    pd.DataFrame({"id": [3, 4], "title": ["A", None], "rating": [7.5, 8.0]}).to_parquet(path)
    movies = load(path)
    assert movies.frame["title"].tolist() == ["A"]
    assert movies.frame["vote_average"].tolist() == [7.5]
    assert movies.report.files[0].dropped == {"title is empty": 1}


def test_parquet_may_hold_lists_of_texts(tmp_path):
    path = tmp_path / "films.parquet"
    genres = [["Crime", "Love, actually"], None, []]
    pd.DataFrame({"title": ["A", "B", "C"], "genres": genres, "cast": [["Jo"]] * 3}).to_parquet(path)
    movies = load(path)
    assert movies.frame["genres"].tolist() == [["Crime", "Love, actually"], [], []]
    assert movies.frame["cast"].tolist() == [["Jo"]] * 3


def test_a_file_without_titles_names_its_columns(tmp_path):
    with pytest.raises(DataError, match=r"title of a film.*the file has: when, where"):
        load(write(tmp_path, "when,where\nnow,here\n"))


def test_a_column_cannot_play_two_roles(tmp_path):
    path = write(tmp_path, "title,year\nA,1990\n")
    with pytest.raises(DataError, match="chosen twice"):
        load_own_films(path, FilmColumns(title="title", overview="title"))


def test_a_chosen_column_must_be_there(tmp_path):
    path = write(tmp_path, "title,year\nA,1990\n")
    with pytest.raises(DataError, match='column "plot"'):
        load_own_films(path, FilmColumns(title="title", overview="plot"))


def test_numbers_may_be_written_the_french_way(tmp_path):
    text = "title;rating;votes\nAmélie;8,3;800 000\nDelicatessen;7,5;1.234\nHeat;8.2;90,000\n"
    movies = load(write(tmp_path, text))
    assert movies.frame["vote_average"].tolist() == [8.3, 7.5, 8.2]
    assert movies.frame["vote_count"].tolist() == [800_000, 1_234, 90_000]
    assert movies.vote_scale == (0.0, 10.0)
    assert not any("mended" in note for note in movies.report.files[0].notes)


def test_votes_that_nobody_can_read_have_no_highest(tmp_path):
    movies = load(write(tmp_path, "title,rating,votes\nA,good,5\nB,bad,7\n"))
    assert movies.vote_scale == (0.0, 10.0)
    assert not any("taken to go" in note for note in movies.report.files[0].notes)
