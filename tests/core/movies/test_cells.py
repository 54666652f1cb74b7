"""Lists inside cells: read as ``ast.literal_eval`` and ``json`` would, and nothing else is read at all."""

from __future__ import annotations

import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.movies.loaders.cells import (
    MAX_CELL,
    CellError,
    directors_among,
    names_of,
    read_any_list,
    read_json,
    read_literal,
)
from tests.core.movies.published_samples import CAST, CREW

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = (
    texts
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
)
records = st.lists(st.fixed_dictionaries({"name": texts}, optional={"id": values, "job": values}), max_size=6)


@given(records)
def test_python_literals_read_as_the_slow_twin_reads_them(rows):
    cell = repr(rows)
    expected = [one["name"] for one in ast.literal_eval(cell) if one["name"]]
    assert names_of(read_literal(cell)) == expected


@given(records)
def test_json_reads_as_the_slow_twin_reads_it(rows):
    plain = [{**row, "job": "x"} for row in rows]
    assert names_of(read_json(json.dumps(plain))) == [one["name"] for one in plain if one["name"]]


@given(records, records)
def test_between_records_stands_one_comma_and_nothing_else(rows, more):
    first, second = repr(rows), repr(more)
    assert names_of(read_literal(f" {first} ")) == names_of(read_literal(first))
    for torn in (f"{first}{second}", f"{first[:-1]},]", f"[,{first[1:]}", f"{first[:-1]} x]", f"x{first}"):
        with pytest.raises(CellError):
            read_literal(torn)


@given(texts, texts)
def test_a_name_inside_another_text_is_not_the_name(inside, name):
    cell = repr([{"character": f"'name': {inside!r}, ", "job": "x", "name": name}])
    assert names_of(read_literal(cell)) == ([name] if name else [])


def test_only_the_director_directs():
    assert directors_among(read_literal(CREW)) == ["John Lasseter"]
    assert directors_among(read_literal(CREW, holding="Director")) == ["John Lasseter"]


def test_the_first_of_the_cast_are_enough():
    assert names_of(read_literal(CAST, first=1)) == ["Tom Hanks"]
    assert names_of(read_literal(CAST)) == ["Tom Hanks", "Tim O'Allen"]


def test_nothing_is_an_empty_list():
    assert read_json("") == read_json("[]") == read_literal(" ") == read_literal("[]") == []


HOSTILE = {
    "code": "[__import__('os').getcwd()]",
    "code in a value": "[{'name': __import__('os')}]",
    "a call": "[{'name': open('x')}]",
    "a deep list": "[" * 60_000,
    "a deep value": "[{'name': " + "[" * 50_000 + "]" * 50_000 + "}]",
    "a deep unknown value": '[{"x":' + "[" * 50_000 + "]" * 50_000 + "}]",
    "a chain of signs": "[{'id': " + "-" * 100_000 + "1}]",
    "a quote never closed": "[{'name': 'x" + "a" * 100_000,
    "many records never closed": "[{'name': 'a\"" * 9_000,
    "many braces": "[{" * 60_000,
    "a number": "5",
    "a dictionary": "{'name': 'x'}",
    "text": "Animation",
    "cut short": "[{'id': 16, 'name': 'Anim",
    "too long": "[" + " " * MAX_CELL + "]",
}


@pytest.mark.parametrize("cell", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("read", [read_json, read_literal])
def test_anything_else_is_refused(read, cell):
    """Read by an expression that tries again, some of these would take for ever."""
    with pytest.raises(CellError):
        read(cell)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ('["Action", "Drama"]', ["Action", "Drama"]),
        ("['Action', \"Children's\"]", ["Action", "Children's"]),
        ('[{"name": "Action"}]', ["Action"]),
        ("[{'name': 'Action'}]", ["Action"]),
        ("Action|Film-Noir, late", ["Action", "Film-Noir, late"]),
        ("Action; Drama", ["Action", " Drama"]),
        ("Action, Drama", ["Action", " Drama"]),
        ("Action", ["Action"]),
        ("\\N", []),
        ("", []),
    ],
)
def test_own_files_may_write_lists_in_many_ways(cell, names):
    assert read_any_list(cell) == names
