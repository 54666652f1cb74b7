"""Columns are guessed from their names, to be confirmed by a person."""

from __future__ import annotations

import pytest

from recsys_core.datasets import ColumnChoice, guess_columns
from recsys_core.datasets.table_head import HEAD_BYTES
from recsys_core.errors import DataError


@pytest.fixture
def guess(tmp_path):
    def of(text, name="mine.csv"):
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return guess_columns(tmp_path / name)

    return of


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("userId,movieId,rating,timestamp", ("userId", "movieId", "rating", "timestamp")),
        ("User-ID,Artist Name,Plays,Date", ("User-ID", "Artist Name", "Plays", "Date")),
        ("weight,item_id,user_id", ("user_id", "item_id", "weight", None)),
        ("listener,song,extra", ("listener", "song", None, None)),
        ("foo,bar", (None, None, None, None)),
    ],
)
def test_names_tell_the_roles(guess, header, expected):
    one = guess(header + "\n" + ",".join("a" * len(header.split(","))) + "\n")
    assert (one.user, one.item, one.weight, one.timestamp) == expected
    assert one.header
    assert (one.to_choice() is None) == (None in expected[:2])


def test_without_header_places_tell_the_roles(guess):
    one = guess("196\t242\t3\t881250949\n186\t302\t3\t891717742\n")
    assert one.to_choice() == ColumnChoice(
        "column 1", "column 2", "column 3", "column 4", separator="\t", header=False
    )


def test_preview_shows_the_first_rows_as_they_are(guess):
    one = guess("user,item\n" + "".join(f"{n:03},x\n" for n in range(50)))
    assert one.preview.shape == (20, 2)
    assert one.preview["user"].tolist()[:2] == ["000", "001"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_only_the_head_of_a_large_file_is_read(guess, encoding):
    one = guess(("user,item\n" + "ä,ö\n" * (HEAD_BYTES // 3)).encode(encoding))
    assert one.columns == ("user", "item")
    assert one.preview["user"].tolist() == ["ä"] * 20


def test_a_separator_inside_quotes_does_not_count(guess):
    assert guess('user;item\na;"x,y,z"\nb;"u,v,w"\n').separator == ";"


def test_what_is_sniffed_can_be_overruled(tmp_path):
    path = tmp_path / "words.csv"
    path.write_text("ann;x,y\nbob;u,v\n")
    guess = guess_columns(path, separator=";", header=False)
    assert guess.columns == ("column 1", "column 2")
    assert guess.preview["column 2"].tolist() == ["x,y", "u,v"]


def test_lines_that_cannot_be_cut(guess):
    with pytest.raises(DataError, match=r"mine.csv, line 1: No separator was found"):
        guess("just\nwords\n")
