"""One way in: what can be loaded is found, and loads as it was offered."""

from __future__ import annotations

import zipfile
from pathlib import Path

import msgspec
import pytest

from recsys_core.datasets import file_bundle
from recsys_core.errors import DataError
from recsys_core.movies.choice import MovieChoice, available_movies, load_movies, store_movies
from recsys_core.movies.loaders.own_columns import FilmColumns
from recsys_core.movies.loaders.own_uploads import guess_film_upload
from tests.core.movies.published_samples import metadata_row, metadata_text

TABLE = b"title,year\nHeat,1995\nFargo,1996\n"


def names(choices):
    return [choice.name for choice in choices]


def test_the_demo_is_always_there(tmp_path):
    assert available_movies(tmp_path) == [MovieChoice("demo")]
    assert load_movies(MovieChoice("demo"), data_root=tmp_path).source.name == "demo"


def test_published_catalogues_are_found_in_the_named_folder_and_in_downloads(tmp_path):
    named, downloads = tmp_path / "mine", tmp_path / "downloads"
    (named / "tmdb").mkdir(parents=True)
    (named / "tmdb" / "tmdb_5000_movies.csv").write_text("id,title\n1,Heat\n")
    downloads.mkdir()
    (downloads / "movies_metadata.csv").write_text(metadata_text([metadata_row(862, "Toy Story")]))
    found = available_movies(tmp_path, named)
    assert found == [
        MovieChoice("tmdb-5000", str(named / "tmdb")),
        MovieChoice("movies-dataset", str(downloads)),
        MovieChoice("demo"),
    ]
    titles = [load_movies(choice, data_root=tmp_path).frame["title"][0] for choice in found[:2]]
    assert titles == ["Heat", "Toy Story"]


def test_real_folders_are_all_found(tmdb_dir, imdb_dir, movielens_dir, tmp_path):
    assert tmdb_dir.parent == imdb_dir.parent == movielens_dir.parent
    found = available_movies(tmp_path, tmdb_dir.parent)
    assert names(found) == ["tmdb-5000", "imdb-5000", "movielens", "demo"]


def test_movielens_needs_films_and_ratings_in_one_place(tmp_path):
    (tmp_path / "movies.csv").write_text("movieId,title\n1,Heat\n")
    assert names(available_movies(tmp_path, tmp_path)) == ["demo"]
    (tmp_path / "ratings.csv").write_text("userId,movieId,rating,timestamp\n1,1,4.0,5\n")
    assert names(available_movies(tmp_path, tmp_path)) == ["movielens", "demo"]


def test_a_folder_that_may_not_be_looked_into_hides_no_other(tmp_path, monkeypatch):
    good, closed = tmp_path / "tmdb", tmp_path / "closed"
    good.mkdir(), closed.mkdir()
    (good / "tmdb_5000_movies.csv").write_text("id,title\n1,Heat\n")
    is_file = Path.is_file

    def refusing(path):
        if closed in path.parents:
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refusing)
    assert names(available_movies(tmp_path, tmp_path)) == ["tmdb-5000", "demo"]
    assert names(available_movies(tmp_path, closed / "films.csv")) == ["demo"]


def test_a_zip_is_opened_once_for_all_that_is_looked_for_in_it(tmp_path, monkeypatch):
    looked = []
    names_in = file_bundle.member_names
    monkeypatch.setattr(file_bundle, "member_names", lambda path: looked.append(path) or names_in(path))
    with zipfile.ZipFile(tmp_path / "films.zip", "w") as archive:
        archive.writestr("tmdb_5000_movies.csv", "id,title\n1,Heat\n")
    for _ in range(2):
        assert names(available_movies(tmp_path, tmp_path)) == ["tmdb-5000", "demo"]
    assert looked == [tmp_path / "films.zip"]
    with zipfile.ZipFile(tmp_path / "films.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing of use, but of another length\n")
    assert names(available_movies(tmp_path, tmp_path)) == ["demo"]


def test_a_home_that_nobody_has_is_refused(tmp_path):
    for choice in (MovieChoice("movielens", "~nosuchuser/x"), MovieChoice("file", "~nosuchuser/x.csv")):
        with pytest.raises(DataError, match="Nobody's home is known as ~nosuchuser"):
            load_movies(choice, data_root=tmp_path)


def test_a_table_that_was_named_is_offered(tmp_path):
    path = tmp_path / "films.csv"
    path.write_bytes(TABLE)
    choice = available_movies(tmp_path, path)[0]
    assert (choice.name, choice.title) == ("file", "films.csv")
    assert len(load_movies(choice, data_root=tmp_path)) == 2
    assert len(load_movies(MovieChoice("file", str(path)), data_root=tmp_path)) == 2


def test_a_table_that_was_brought_is_kept_and_offered_again(tmp_path):
    columns = guess_film_upload("C:\\mine\\films.csv", TABLE).to_choice()
    choice = store_movies(tmp_path, "C:\\mine\\films.csv", TABLE, columns)
    assert store_movies(tmp_path, "films.csv", TABLE, columns) == choice
    assert available_movies(tmp_path) == [choice, MovieChoice("demo")]
    assert choice.title == "films.csv"
    movies = load_movies(choice, data_root=tmp_path)
    assert (len(movies), movies.source.title) == (2, "films.csv")


def test_a_table_that_cannot_be_used_is_not_kept(tmp_path):
    with pytest.raises(DataError):
        store_movies(tmp_path, "films.csv", TABLE, FilmColumns(title="name"))
    assert available_movies(tmp_path) == [MovieChoice("demo")]


@pytest.mark.parametrize("name", ["tmdb-5000", "imdb-5000", "movielens", "movies-dataset"])
def test_what_is_not_there_is_said_with_a_way_to_get_it(tmp_path, name):
    with pytest.raises(DataError, match=r"is not on this computer.*(Kaggle|Download).*downloads"):
        load_movies(MovieChoice(name), data_root=tmp_path)


def test_a_file_must_be_named(tmp_path):
    with pytest.raises(DataError, match="No file is named"):
        load_movies(MovieChoice("file"), data_root=tmp_path)


def test_a_choice_survives_json():
    choice = MovieChoice("file", "/x.csv", FilmColumns(title="name", year="y"))
    assert msgspec.json.decode(msgspec.json.encode(choice), type=MovieChoice) == choice
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"name": "netflix"}', type=MovieChoice)
