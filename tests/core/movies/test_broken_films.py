"""Files that cannot be used are refused by every loader, with our error, naming the file."""

from __future__ import annotations

import zipfile

import pytest

from recsys_core.errors import DataError
from recsys_core.movies.loaders.imdb import load_imdb
from recsys_core.movies.loaders.movielens import load_movielens
from recsys_core.movies.loaders.movies_dataset import load_movies_dataset
from recsys_core.movies.loaders.own_columns import guessed_or_refused
from recsys_core.movies.loaders.own_table import load_own_films
from recsys_core.movies.loaders.tmdb import load_tmdb
from tests.core.movies.published_samples import metadata_row, metadata_text

OWN = "own.csv"
RATINGS = "userId,movieId,rating,timestamp\n1,1,4.0,5\n"


def load_own(folder):
    path = folder / OWN
    return load_own_films(path, guessed_or_refused(path))


GOOD = {
    "tmdb": (
        load_tmdb,
        "tmdb_5000_movies.csv",
        'id,title,genres,vote_count\n1,"Amélie","[{""name"": ""Drama""}]",5\n',
    ),
    "imdb": (
        load_imdb,
        "movie_metadata.csv",
        'movie_title,movie_imdb_link,genres\n"Amélie",http://www.imdb.com/title/tt0211915/,Comedy\n',
    ),
    "movielens": (load_movielens, "movies.csv", 'movieId,title,genres\n1,"Amélie (2001)",Comedy\n'),
    "movies-dataset": (
        load_movies_dataset,
        "movies_metadata.csv",
        metadata_text([metadata_row(1, "Amélie")]),
    ),
    "own": (load_own, OWN, 'title,genres\n"Amélie","Comedy, Romance"\n'),
}


@pytest.fixture(params=GOOD, ids=GOOD)
def source(request, tmp_path):
    """Loader, path of its file of films, and sound contents; ratings lie beside it."""
    load, name, text = GOOD[request.param]
    if request.param == "movielens":
        (tmp_path / "ratings.csv").write_text(RATINGS, encoding="utf-8")
    return request.param, lambda: load(tmp_path), tmp_path / name, text


def test_the_sound_file_loads(source):
    _, load, path, text = source
    path.write_text(text, encoding="utf-8")
    assert load().frame["title"].tolist() == ["Amélie"]


BROKEN = {
    "empty": b"",
    "blank": b"\n\n  \n",
    "binary": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "zero bytes": b"id,title\n1,\x00\n",
    "a web page": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "no separator": b"one\ntwo\nthree\n",
    "other columns": b"when,where\nnow,here\n",
    "half of UTF-16": b"\xff\xfei\x00d\x00,",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_no_such_table_is_refused(source, content):
    _, load, path, _ = source
    path.write_bytes(content)
    with pytest.raises(DataError, match=path.name):
        load()


def test_a_header_without_rows_is_refused(source):
    _, load, path, text = source
    path.write_text(text.partition("\n")[0] + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="header but no row"):
        load()


def test_a_file_cut_inside_a_quoted_field_is_refused_with_its_line(source):
    _, load, path, text = source
    path.write_text(
        text + text.partition("\n")[2][: text.partition("\n")[2].index('"') + 3], encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"line 3.*never ends"):
        load()


def test_a_huge_cell_is_refused_or_left_out(source):
    """Fields above csv's limit of 131,072 characters cannot be told from a quote that never closes."""
    _, load, path, text = source
    path.write_text(text.replace("Amélie", "A\n" * 200_000, 1), encoding="utf-8")
    with pytest.raises(DataError):
        load()


def test_text_that_is_not_utf8_is_refused_where_the_publisher_says_it_is(source):
    name, load, path, text = source
    path.write_bytes(text.encode("latin-1"))
    if name in ("imdb", "own"):
        assert load().frame["title"].tolist() == ["Amélie"]
        return
    with pytest.raises(DataError, match=r"line 2: The text is not UTF-8"):
        load()


def test_a_missing_file_is_refused(source):
    _, load, path, _ = source
    with pytest.raises(DataError, match=r"not there|cannot be read"):
        load()
    path.mkdir()
    with pytest.raises(DataError):
        load()


def zipped(source, tmp_path, content, **how):
    """The loader's zip, with ``content`` as its file of films."""
    name, _, path, _ = source
    packed = tmp_path / "archive.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"folder/{path.name}", content)
        if name == "movielens":
            archive.writestr("folder/ratings.csv", RATINGS)
    return GOOD[name][0], packed


def test_a_zip_loads_like_its_folder(source, tmp_path):
    if source[0] == "own":
        pytest.skip("own tables are single files")
    load, packed = zipped(source, tmp_path, source[3])
    assert load(packed).frame["title"].tolist() == ["Amélie"]


def test_a_zip_bomb_is_refused(source, tmp_path):
    if source[0] == "own":
        pytest.skip("own tables are single files")
    load, packed = zipped(source, tmp_path, source[3] + "0" * 3_000_000)
    with pytest.raises(DataError, match="unfolds beyond"):
        load(packed)


def test_a_truncated_zip_is_refused(source, tmp_path):
    if source[0] == "own":
        pytest.skip("own tables are single files")
    load, packed = zipped(source, tmp_path, source[3])
    packed.write_bytes(packed.read_bytes()[:-30])
    with pytest.raises(DataError, match=r"truncated or damaged"):
        load(packed)
