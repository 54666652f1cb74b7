"""Your own table: what is accepted, what is dropped and counted, what is refused in one sentence."""

from __future__ import annotations

import os
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys_core.datasets import ColumnChoice, guess_columns, load_table
from recsys_core.errors import DataError, RefrainError

PAIR = ColumnChoice("user", "item")
FULL = ColumnChoice("user", "item", "weight")
TIMED = ColumnChoice("user", "item", timestamp="time")


@pytest.fixture
def table(tmp_path):
    """Write bytes or text as a file and load it."""

    def load(content, columns=PAIR, name="mine.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_table(path, columns)

    return load


def rows(dataset):
    part = dataset.interactions
    users, items = dataset.users.to_id(part.user_idx), dataset.items.to_id(part.item_idx)
    return list(zip(users.tolist(), items.tolist(), part.weights.tolist(), strict=True))


# --- accepted ----------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", "\t", ";", "|", "::"])
def test_separators_are_sniffed(table, separator):
    text = "user,item,weight\nann,x,2\nbob,y,1.5\n".replace(",", separator)
    assert rows(table(text, FULL)) == [("ann", "x", 2.0), ("bob", "y", 1.5)]


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda text: text.encode("utf-8-sig"), id="BOM"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="CR"),
        pytest.param(lambda text: text.encode("latin-1"), id="Latin-1"),
    ],
)
def test_encodings_and_line_ends(table, encode):
    assert rows(table(encode("user,item\nann,Café\nbob,x\n"))) == [("ann", "Café", 1.0), ("bob", "x", 1.0)]


def test_reading_as_latin_1_is_noted_with_the_line(table):
    (entry,) = table("user,item\nann,x\nbob,é\n".encode("latin-1")).report.files
    assert entry.notes == ["Not UTF-8 (first seen on line 3): read as ISO-8859-1, accents may look wrong."]


def test_whole_number_ids_become_numbers(table):
    dataset = table("user,item\n10,-3\n9,0\n")
    assert rows(dataset) == [(9, 0, 1.0), (10, -3, 1.0)]
    assert dataset.users.ids.dtype == np.int64


@pytest.mark.parametrize("odd", ["007", "1.0", "nan", "null", "None", "9223372036854775808", "+1", "１２"])
def test_one_odd_id_keeps_the_column_text(table, odd):
    dataset = table(f"user,item\n1,{odd}\n1,2\n")
    assert sorted(dataset.items.ids.tolist()) == sorted([odd, "2"])


def test_ids_are_trimmed_and_composed(table):
    """A letter with a separate accent is the same letter; zero-width and right-to-left text stays."""
    dataset = table('user,item\n ann ,Cafe\u0301\nann,Café\nann,"\u200fא🎵"\n')
    assert rows(dataset) == [("ann", "Café", 2.0), ("ann", "\u200fא🎵", 1.0)]


def test_line_breaks_and_separators_inside_quotes(table):
    assert rows(table('user,item\nann,"a,\n""b"""\n')) == [("ann", 'a,\n"b"', 1.0)]


def test_scripts_and_formulas_stay_the_text_they_are(table):
    dataset = table('user,item\nann,<script>alert(1)</script>\nann,"=cmd|x!A1"\n')
    assert dataset.names.tolist() == ["<script>alert(1)</script>", "=cmd|x!A1"]


def test_without_header_columns_have_numbers(table):
    choice = ColumnChoice("column 1", "column 2", "column 3", header=False)
    assert rows(table("1,2,3\n4,5,6\n", choice)) == [(1, 2, 3.0), (4, 5, 6.0)]


@pytest.mark.parametrize(
    "text",
    ["user,item\na,x\n", "user,item\na,x\nb,x\n", "user,item\na,x\na,y\n"],
    ids=["1", "items", "users"],
)
def test_the_smallest_tables_load(table, text):
    assert len(table(text).interactions) == text.count("\n") - 1


# --- dropped and counted -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("b", "too few fields"),
        ("b,x,1,1", "too many fields"),
        (",x,1", "user is empty"),
        ("b, ,1", "item is empty"),
        (f"b,{'x' * 257},1", "item is longer than 256 characters"),
        ("b,x,", "weight is empty"),
        ("b,x,NaN", "weight is not finite"),
        ("b,x,-Inf", "weight is not finite"),
        ("b,x,-1", "weight is negative"),
        ("b,x,0", "weight is zero"),
        ("b,x,1e308", "weight is above 1e9"),
        ("b,x,1e999", "weight is not finite"),
        ('b,x,"1,5"', "weight has a decimal comma (write 1.5)"),
        ("b,x,１２", "weight is not a number"),
        ("b,x,1_000", "weight is not a number"),
        ("b,x,0x10", "weight is not a number"),
        ("a,x,5", "pair seen before (weights added up, latest time kept)"),
    ],
)
def test_a_bad_row_is_dropped_with_reason_and_line(table, row, reason):
    (entry,) = table(f"user,item,weight\na,x,2\n{row}\nc,y,3\n", FULL).report.files
    assert (entry.read, entry.kept) == (3, 2)
    assert (entry.dropped, entry.first_lines) == ({reason: 1}, {reason: 3})


def test_each_lost_row_has_one_reason_only(table):
    (entry,) = table("user,item,weight\na,x,2\n,,nan\n,y,-3\n", FULL).report.files
    assert entry.dropped == {"user is empty": 2}


def test_repeated_pairs_are_added_up_and_the_latest_time_kept(table):
    choice = ColumnChoice("user", "item", "weight", "time")
    dataset = table("user,item,weight,time\na,x,2,2000000000\na,x,3,1000000000\n", choice)
    assert rows(dataset) == [("a", "x", 5.0)]
    assert dataset.interactions.timestamps.tolist() == [2_000_000_000]


# --- times -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1304208000", 1304208000),
        ("1304208000.9", 1304208000),
        ("1304208000123", 1304208000),
        ("1304208000123456", 1304208000),
        ("1304208000123456789", 1304208000),
        ("2011-05-01", 1304208000),
        ("2011-05-01 00:00:07", 1304208007),
        ("2011-05-01T02:00:00+02:00", 1304208000),
        ("2011-05-01T00:00:00.999Z", 1304208000),
        ("20110501", 1304208000),
        ("0", 0),
    ],
)
def test_times_are_read(table, text, seconds):
    assert table(f"user,item,time\na,x,{text}\n", TIMED).interactions.timestamps.tolist() == [seconds]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "time is neither a number of seconds since 1970 nor a date like 2024-05-31"),
        ("01/02/2011", "time is neither a number of seconds since 1970 nor a date like 2024-05-31"),
        ("2011-02-30", "time is neither a number of seconds since 1970 nor a date like 2024-05-31"),
        ("-5", "time is before 1970 or after 2099"),
        ("9999-12-31", "time is before 1970 or after 2099"),
        ("1969-12-31", "time is before 1970 or after 2099"),
    ],
)
def test_rows_without_a_usable_time_are_dropped(table, text, reason):
    (entry,) = table(f"user,item,time\na,x,1304208000\na,y,{text}\n", TIMED).report.files
    assert (entry.dropped, entry.first_lines) == ({reason: 1}, {reason: 3})


def test_times_need_no_order_and_units_are_noted(table):
    dataset = table("user,item,time\na,x,1500000000000\na,y,1304208000\n", TIMED)
    assert dataset.interactions.timestamps.tolist() == [1_500_000_000, 1_304_208_000]
    assert dataset.report.files[0].notes == ["time: 1 values read as milliseconds (or finer) since 1970."]


# --- refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "mine.csv: The file is empty"),
        (b"user,item\n", "mine.csv: There is no complete row"),
        (
            b"who,item\na,b\n",
            'mine.csv, line 1, column "user": There is no such column. The file has: who, item',
        ),
        (b"user,what\na,b\n", 'mine.csv, line 1, column "item": There is no such column'),
        (b"user,item,user\na,b,c\n", 'mine.csv, line 1, column "user": The header names this column twice'),
        (b"user,item\na,\0b\n", "mine.csv, line 2: The line holds a zero byte"),
        (b'user,item\na,b\nc,"d\ne,f\n', "mine.csv, line 3: A quoted field that starts here never ends"),
        (b"\x89PNG\r\n\x1a\n", "mine.csv: This is a PNG picture"),
        (b"MZ\x90\0\x03\0", "mine.csv: This is a Windows program"),
        (b"\x1f\x8b\x08\0", "mine.csv: This is a gzip archive"),
        (b"<html><body>404", "mine.csv: This is a web page"),
        (b"hello\nworld\n", "mine.csv, line 1: No separator was found"),
        ("user,item".encode("utf-16")[:-1], "mine.csv: The file starts like UTF-16 but is damaged"),
        (b"user,item\n,x\n,y\n", 'mine.csv, line 2, column "user": No usable row is left'),
    ],
)
def test_useless_files_are_refused_with_their_place(table, content, message):
    with pytest.raises(DataError, match=message):
        table(content)


def test_an_all_zero_table_is_refused(table):
    with pytest.raises(DataError, match=r'line 2, column "weight": No usable row is left; .* weight is zero'):
        table("user,item,weight\na,x,0\nb,y,0\n", FULL)


def test_a_workbook_renamed_csv_is_refused(table, tmp_path):
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as book:
        book.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(DataError, match="a zip archive or an Excel workbook"):
        table((tmp_path / "book.xlsx").read_bytes())


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    for act in (lambda: guess_columns(path), lambda: load_table(path, PAIR)):
        with pytest.raises(DataError, match="The file has 5,000 MB; the limit is 200 MB"):
            act()


def test_a_missing_file_or_a_folder(tmp_path):
    with pytest.raises(DataError, match=r"cannot be read .No such file"):
        load_table(tmp_path / "absent.csv", PAIR)
    with pytest.raises(DataError, match="This is not a file"):
        load_table(tmp_path, PAIR)


def test_too_many_distinct_ids(table, monkeypatch):
    monkeypatch.setattr("recsys_core.datasets.table_file.MAX_DISTINCT_IDS", 2)
    with pytest.raises(DataError, match='column "user": There are 3 distinct users; the limit is 2'):
        table("user,item\na,x\nb,x\nc,x\n")


def test_one_column_for_two_roles(table):
    with pytest.raises(DataError, match='column "user": This column is chosen twice'):
        table("user,item\na,b\n", ColumnChoice("user", "user"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_load_or_are_refused_in_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "any.csv"
    path.write_bytes(content)
    try:
        choice = guess_columns(path).to_choice()
        if choice is not None:
            (entry,) = load_table(path, choice).report.files
            assert entry.read == entry.kept + sum(entry.dropped.values())
    except RefrainError as error:
        assert 0 < len(str(error)) < 2000


WEIRD = st.sampled_from(
    ["", "1", "-2", "0", "nan", "1e400", "x", '"', '"a', "1,5", "\t", "é", " 7 ", "1e9", "\n"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(WEIRD, min_size=1, max_size=4), max_size=8))
def test_any_rows_are_kept_or_counted(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("fuzz") / "rows.csv"
    path.write_text("user,item,weight\nann,x,1\n" + "".join(",".join(row) + "\n" for row in lines), "utf-8")
    try:
        dataset = load_table(path, ColumnChoice("user", "item", "weight", separator=",", header=True))
    except DataError as error:
        assert "never ends" in str(error)
        return
    (entry,) = dataset.report.files
    assert entry.kept == len(dataset.interactions)
    assert (dataset.interactions.weights > 0).all()


# --- Parquet -----------------------------------------------------------------------------------


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_of_numbers_and_times(tmp_path):
    times = pa.array(pd.to_datetime(["2011-05-01", None, "2011-05-02"]))
    path = parquet(
        tmp_path / "a.parquet", user=[2, 1, 1], item=["x", "y", "z"], weight=[1.5, 2.0, None], time=times
    )
    dataset = load_table(path, ColumnChoice("user", "item", "weight", "time"))
    assert rows(dataset) == [(2, "x", 1.5)]
    assert dataset.interactions.timestamps.tolist() == [1304208000]
    (entry,) = dataset.report.files
    assert entry.dropped == {
        "weight is empty": 1,
        "time is neither a number of seconds since 1970 nor a date like 2024-05-31": 1,
    }
    assert entry.first_lines["weight is empty"] == 3


def test_parquet_ids_with_gaps_that_pandas_made_floats(tmp_path):
    path = parquet(
        tmp_path / "a.parquet", user=[1.0, None, 3.0], item=pa.array(["x", "y", "x"]).dictionary_encode()
    )
    dataset = load_table(path, PAIR)
    assert rows(dataset) == [(1, "x", 1.0), (3, "x", 1.0)]
    assert dataset.report.files[0].dropped == {"user is empty": 1}


def test_parquet_weights_are_checked(tmp_path):
    weights = [1.0, -1.0, float("nan"), float("inf"), 0.0, 2e9]
    path = parquet(tmp_path / "a.parquet", user=list("abcdef"), item=list("uvwxyz"), weight=weights)
    (entry,) = load_table(path, FULL).report.files
    assert list(entry.dropped.values()) == [2, 1, 1, 1]


@pytest.mark.parametrize("column", [[["x"], ["y"]], [{"a": 1}, {"a": 2}], [True, False], [b"x", b"y"]])
def test_parquet_columns_of_other_types_are_refused(tmp_path, column):
    path = parquet(tmp_path / "a.parquet", user=[1, 2], item=column)
    with pytest.raises(DataError, match=r'a.parquet, column "item": A column of type .* cannot be used'):
        load_table(path, PAIR)


def test_parquet_without_the_column_or_damaged(tmp_path):
    path = parquet(tmp_path / "a.parquet", user=[1], what=[2])
    with pytest.raises(DataError, match=r"There is no such column. The file has: user, what"):
        load_table(path, PAIR)
    data = path.read_bytes()
    for cut in (4, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:cut])
        with pytest.raises(DataError, match="The Parquet file is damaged"):
            load_table(path, PAIR)


def test_parquet_with_two_columns_of_one_name(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array([1])] * 3, names=["user", "item", "user"]), path)
    for act in (lambda: guess_columns(path), lambda: load_table(path, PAIR)):
        with pytest.raises(DataError, match='column "user": Two columns have this name'):
            act()


def test_parquet_that_claims_billions_of_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("recsys_core.datasets.parquet_table.MAX_ROWS", 1)
    with pytest.raises(DataError, match="The file has 2 rows; the limit is 1"):
        load_table(parquet(tmp_path / "a.parquet", user=[1, 2], item=[1, 2]), PAIR)


def test_csv_and_parquet_of_the_same_rows_are_equal(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"user": rng.integers(0, 40, 500), "item": rng.integers(0, 60, 500)})
    frame["weight"] = rng.random(500) + 0.01
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    one, two = (load_table(tmp_path / name, FULL) for name in ("a.csv", "a.parquet"))
    assert one.fingerprint == two.fingerprint
    # The slow, obvious twin.
    expected = frame.groupby(["user", "item"])["weight"].sum()
    assert rows(one) == [(*pair, pytest.approx(weight)) for pair, weight in expected.items()]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("user,item\na,b\n")
    path.chmod(0)
    with pytest.raises(DataError, match="Permission denied"):
        load_table(path, PAIR)
