"""Ids of the outside world and positions translate both ways, and unknown ids are named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.datasets import IdMap
from recsys_core.errors import DataError, UnknownIdError

IDS = st.one_of(st.sets(st.integers(-(2**62), 2**62), min_size=1), st.sets(st.text(max_size=5), min_size=1))


@given(IDS, st.data())
def test_there_and_back(ids, data):
    known = IdMap.from_values(
        np.array(sorted(ids), dtype=None if isinstance(min(ids), int) else object), kind="item"
    )
    wanted = data.draw(st.lists(st.sampled_from(sorted(ids))))
    idx = known.to_idx(wanted)
    assert idx.dtype == np.int32
    assert known.to_id(idx).tolist() == wanted
    assert known.ids.tolist() == sorted(ids)


def test_an_unknown_id_is_named_with_its_neighbours():
    with pytest.raises(UnknownIdError, match=r"no user 'anm' in this data set. Did you mean ann"):
        IdMap(["ann", "bob"], kind="user").to_idx(["ann", "anm"])


def test_locate_marks_unknown_ids():
    assert IdMap([5, 7], kind="item").locate(np.array([7, 6, 5])).tolist() == [1, -1, 0]


@pytest.mark.parametrize(("text", "one"), [("7", 7), (" 7 ", 7), (7, 7), ("-3", -3)])
def test_numbers_are_parsed(text, one):
    assert IdMap([7, -3], kind="item").parse(text) == one


@pytest.mark.parametrize("text", ["", "x", "8", "7.0", "--3", "７", "-", "9" * 30])
def test_what_spells_no_known_id(text):
    with pytest.raises(UnknownIdError):
        IdMap([7, -3], kind="item").parse(text)


def test_an_id_twice_is_refused():
    with pytest.raises(DataError, match="The item id 'a' appears twice"):
        IdMap(["a", "b", "a"], kind="item")
