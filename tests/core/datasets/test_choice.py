"""One way in: a choice names a data set, and only what loads is offered or stored."""

from __future__ import annotations

import msgspec
import pytest

from recsys_core.datasets import (
    ColumnChoice,
    DatasetChoice,
    available_choices,
    guess_upload,
    load_dataset,
    load_lastfm,
    store_upload,
)
from recsys_core.datasets.demo import load_demo
from recsys_core.errors import DataError

CSV = b"user,item,weight\nann,x,2\nbob,y,1\n"
COLUMNS = ColumnChoice("user", "item", "weight")
DEMO = DatasetChoice("demo")


@pytest.fixture
def lastfm(tmp_path):
    folder = tmp_path / "elsewhere" / "set"
    folder.mkdir(parents=True)
    (folder / "user_artists.dat").write_text("2\t51\t10\n")
    (folder / "artists.dat").write_text("51\tDuran Duran\n")
    return folder


def test_the_demo_is_always_there(tmp_path):
    assert available_choices(tmp_path / "absent") == [DEMO]
    assert load_dataset(DEMO, data_root=tmp_path).fingerprint == load_demo().fingerprint


def test_lastfm_comes_first_and_the_named_place_before_the_downloads(tmp_path, lastfm):
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    for file in lastfm.iterdir():
        (downloads / file.name).write_bytes(file.read_bytes())
    assert available_choices(tmp_path, lastfm.parent) == [DatasetChoice("lastfm", str(lastfm)), DEMO]
    assert available_choices(tmp_path) == [DatasetChoice("lastfm", str(downloads)), DEMO]
    expected = load_lastfm(lastfm).fingerprint
    for choice in (DatasetChoice("lastfm"), DatasetChoice("lastfm", str(lastfm))):
        assert load_dataset(choice, data_root=tmp_path).fingerprint == expected


def test_lastfm_that_is_not_there_says_how_to_get_it(tmp_path):
    with pytest.raises(DataError, match=r"not on this computer. Download them .* REFRAIN_DATA"):
        load_dataset(DatasetChoice("lastfm"), data_root=tmp_path)


def test_a_named_table_is_offered_with_guessed_columns(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(CSV)
    first, last = available_choices(tmp_path, path)
    assert last == DEMO
    assert (first.name, first.path, first.columns.item, first.title) == (
        "file",
        str(path),
        "item",
        "mine.csv",
    )
    assert len(load_dataset(first, data_root=tmp_path).interactions) == 2


@pytest.mark.parametrize("content", [b"", b"\x89PNG", b"what,ever\na,b\n"])
def test_a_named_file_that_is_no_table_is_not_offered(tmp_path, content):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    assert available_choices(tmp_path, path) == [DEMO]
    with pytest.raises(DataError, match=r"mine.csv"):
        load_dataset(DatasetChoice("file", str(path)), data_root=tmp_path)


def test_a_file_without_a_path(tmp_path):
    with pytest.raises(DataError, match="No file is named"):
        load_dataset(DatasetChoice("file"), data_root=tmp_path)


def test_an_upload_is_stored_once_offered_and_shown_under_its_own_name(tmp_path):
    choice = store_upload(tmp_path, "C:\\music\\../my plays.csv", CSV, COLUMNS)
    assert store_upload(tmp_path, "my plays.csv", CSV, COLUMNS) == choice
    assert available_choices(tmp_path) == [choice, DEMO]
    assert len(list((tmp_path / "uploads").iterdir())) == 2
    assert choice.title == "my plays.csv"
    assert load_dataset(choice, data_root=tmp_path).source.title == "my plays.csv"


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "", "..", "a" * 5000, "\x00\n.csv"])
def test_the_name_of_an_upload_never_becomes_a_path(tmp_path, name):
    root = tmp_path / "data"
    store_upload(root, name, CSV, COLUMNS)
    guess_upload(name, CSV)
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {root / "uploads"}


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"user,item\na,b\n", b"user,item,weight\na,b,0\n"])
def test_an_upload_that_does_not_load_is_not_stored(tmp_path, content):
    with pytest.raises(DataError, match=r"mine.csv"):
        store_upload(tmp_path, "mine.csv", content, COLUMNS)
    assert not list((tmp_path / "uploads").iterdir())


def test_an_upload_above_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("recsys_core.datasets.stored_content.MAX_FILE_BYTES", 10)
    for act in (lambda: store_upload(tmp_path, "a.csv", CSV, COLUMNS), lambda: guess_upload("a.csv", CSV)):
        with pytest.raises(DataError, match=r"a.csv: The file has 0 MB; the limit is 0 MB"):
            act()
    assert not (tmp_path / "uploads").exists()


def test_a_damaged_record_is_passed_over(tmp_path):
    choice = store_upload(tmp_path, "mine.csv", CSV, COLUMNS)
    next((tmp_path / "uploads").glob("*.json")).write_text("{")
    assert available_choices(tmp_path) == [DEMO]
    assert len(load_dataset(choice, data_root=tmp_path).interactions) == 2


def test_guessing_an_upload(tmp_path):
    guess = guess_upload("mine.csv", CSV)
    assert store_upload(tmp_path, "mine.csv", CSV, guess.to_choice()).columns.weight == "weight"


def test_choices_travel_as_json_and_unknown_keys_are_refused():
    choice = DatasetChoice("file", "/some/where.csv", COLUMNS)
    text = msgspec.json.encode(choice)
    assert msgspec.json.decode(text, type=DatasetChoice) == choice
    for bad in (b'{"name":"movies"}', b'{"name":"demo","k":1}', b'{"name":1}', b"[]"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(bad, type=DatasetChoice)
