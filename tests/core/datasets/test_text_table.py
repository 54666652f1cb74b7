"""The fast reader and the row-by-row reader tell the same story; text is cleaned before."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.datasets.loading_report import FileReport
from recsys_core.datasets.text_encoding import clean_text, foreign_kind
from recsys_core.datasets.text_table import TextFormat, read_text_table
from recsys_core.errors import DataError

FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0\t,\"'\x1e"), max_size=5)
ANY_FIELD = st.text(st.sampled_from('ab1 ,"\n\té'), max_size=6)
QUOTED = TextFormat(names=("a", "b", "c"), required=3, wanted=("a", "b", "c"), delimiter=",", quoting=True)


def read(text, form):
    report = FileReport("file", 0)
    table = read_text_table(text.encode(), form, report)
    rows = list(zip(*(table.columns[name].to_pylist() for name in form.wanted), strict=True))
    return rows, [table.line_of(row) for row in range(len(table))], report


@given(st.lists(st.lists(FIELD, min_size=1, max_size=4), min_size=1, max_size=8))
def test_plain_text_equals_split_line_by_line(rows):
    """The obvious twin: split, keep rows of exactly two fields, count the others."""
    form = TextFormat(names=("a", "b"), required=2, wanted=("a", "b"), header=False)
    lines = ["\t".join(row) for row in rows]
    kept, numbers, report = read("\n".join(lines), form)
    filled = [(at, line.split("\t")) for at, line in enumerate(lines, 1) if "\t" in line or line.strip()]
    fitting = [(at, one) for at, one in filled if len(one) >= 2 and not "".join(one[2:]).strip()]
    assert kept == [tuple(one[:2]) for _, one in fitting]
    assert numbers == [at for at, _ in fitting]
    assert report.read == len(filled)
    assert report.kept == len(fitting)


@given(st.lists(st.tuples(ANY_FIELD, ANY_FIELD, ANY_FIELD), min_size=1, max_size=6))
def test_what_a_csv_writer_wrote_is_read_back(rows):
    """Commas, quotes and line breaks inside fields included."""
    body = io.StringIO(newline="")
    writer = csv.writer(body, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *rows])
    kept, _, report = read(body.getvalue(), QUOTED)
    assert kept == rows
    assert not report.dropped


def test_lines_are_counted_across_line_breaks_in_quotes():
    _, lines, _ = read('a,b,c\n1,"x\ny",3\n\n2,z,3\n', QUOTED)
    assert lines == [2, 5]


def test_an_unclosed_quote_is_named_by_the_line_it_opens():
    """It may not swallow the rest of the file unseen, even from the last column."""
    with pytest.raises(DataError, match="line 3: A quoted field that starts here never ends") as caught:
        read('a,b,c\n1,x,y\n2,x,"y\n3,x,y\n4,x,y\n', QUOTED)
    assert caught.value.line == 3


def test_a_quoted_field_of_more_than_128_kilobytes_is_refused():
    with pytest.raises(DataError, match=r"line 2: .* longer than 131,072"):
        read('a,b,c\n1,x,"' + "y\n" * 100_000 + '"\n', QUOTED)


def test_optional_columns_may_be_missing_at_the_end():
    form = TextFormat(names=("a", "b", "c"), required=2, wanted=("a", "c"), header=False)
    assert read("1\tx\n2\ty\tz", form)[0] == [("1", ""), ("2", "z")]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"PK\x03\x04", "a zip archive or an Excel workbook"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"MZ\x90\0\x03", "a Windows program"),
        (b"  <!DOCTYPE HTML>", "a web page or XML document"),
        (b"MZ,item\n", None),
        (b"user,item\n", None),
    ],
)
def test_foreign_files_are_recognised(head, kind):
    assert foreign_kind(head) == kind


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfa\r\nb", "a\nb"),
        ("a\rß".encode("utf-16"), "a\nß"),
        ("é".encode("latin-1"), "é"),
    ],
)
def test_text_is_cleaned(data, text):
    assert clean_text(data, "file").utf8.decode() == text


def test_damaged_utf16_is_refused():
    with pytest.raises(DataError, match="starts like UTF-16 but is damaged"):
        clean_text("ab".encode("utf-16") + b"\x00", "file")


@pytest.mark.parametrize("data", [b"", b" \n\r\n\t"])
def test_nothing_is_refused(data):
    with pytest.raises(DataError, match="file: The file is empty"):
        clean_text(data, "file")
