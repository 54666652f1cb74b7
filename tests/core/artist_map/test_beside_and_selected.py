"""What a page asks of maps: a first view, two maps in one frame, and some artists as a table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from recsys_core.artist_map import ArtistTags, principal_components
from recsys_core.artist_map.first_view import first_view
from recsys_core.artist_map.selected import (
    commonest_main_tags,
    remaining,
    selected_artists,
    shared_tags,
)
from recsys_core.artist_map.side_by_side import side_by_side
from recsys_core.errors import DataError
from tests.core.artist_map.demo_map import demo_vectors


@pytest.fixture(scope="module")
def vectors():
    return demo_vectors()


def a_map(points, groups, items=None):
    n = len(points)
    items = np.arange(n) if items is None else items
    return pd.DataFrame(
        {
            "item_idx": np.asarray(items, np.int32),
            "item_id": [f"id{item}" for item in items],
            "name": [f"artist {item}" for item in items],
            "x": np.asarray(points, np.float32)[:, 0],
            "y": np.asarray(points, np.float32)[:, 1],
            "cluster": np.asarray(groups, np.int32),
            "strength": np.zeros(n, np.float32),
            "listeners": np.arange(n, 0, -1),
        }
    )


def test_the_first_view_has_the_artists_of_the_map_at_their_principal_components(vectors):
    shown = first_view(vectors, 5)
    chosen = vectors.chosen(5)
    assert shown["item_idx"].tolist() == chosen.tolist()
    assert np.array_equal(shown[["x", "y"]], principal_components(vectors.unit(chosen), 2))
    assert set(shown["cluster"]) == {-1}


def test_a_first_view_of_too_few_artists_is_refused(vectors):
    with pytest.raises(DataError, match="ask for fewer listeners"):
        first_view(vectors, 100_000)


def test_where_no_choice_of_artists_is_enough_nobody_is_asked_for_fewer_listeners(vectors):
    few = replace(vectors, trained=np.where(np.arange(len(vectors.trained)) < 8, vectors.trained, 0))
    with pytest.raises(DataError, match="learned of 8 artists only") as refused:
        first_view(few, 1)
    assert "fewer listeners" not in str(refused.value)


def test_a_map_turned_and_mirrored_lies_over_the_first_again():
    points = np.random.default_rng(1).normal(size=(40, 2))
    groups = np.repeat([0, 1], 20)
    turned = 3 * points @ np.array([[0.0, 1.0], [1.0, 0.0]]) + 7
    found = side_by_side(a_map(points, groups), a_map(turned, 1 - groups))
    assert np.allclose(found.other[["x", "y"]], points, atol=1e-5)
    assert found.disparity == pytest.approx(0, abs=1e-9)
    assert (found.n_common, found.agreement) == (40, pytest.approx(1))


def test_groups_of_the_first_map_are_carried_over_and_newcomers_have_none():
    rng = np.random.default_rng(2)
    first = a_map(rng.normal(size=(6, 2)), [0, 0, 1, 1, -1, -1], items=[1, 2, 3, 4, 5, 6])
    second = a_map(rng.normal(size=(4, 2)), [5, 5, 5, 5], items=[4, 9, 1, 5])
    found = side_by_side(first, second)
    assert found.other["cluster"].tolist() == [1, -1, 0, -1]
    assert found.n_common == 3


def test_maps_that_have_nothing_in_common_are_still_drawn_at_the_same_size():
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=(200, 2)), 50 * rng.normal(size=(200, 2))
    found = side_by_side(a_map(first, [-1] * 200), a_map(second, [-1] * 200))
    assert found.disparity > 0.9
    assert found.other[["x", "y"]].to_numpy().std() == pytest.approx(first.std(), rel=0.1)
    assert found.agreement is None


TAGS = ArtistTags(
    ("rock", "folk", "jazz"),
    sparse.csr_matrix(np.array([[3, 3, 0], [0, 1, 0], [5, 0, 9], [0, 0, 0]], np.float32)),
)


def test_selected_artists_have_names_groups_and_tags_and_strangers_are_left_out():
    artists = a_map(np.zeros((4, 2)), [0, 0, 1, -1])
    table = selected_artists(artists, [2, 0, 3, 77], {0: "quiet", 1: "loud"}, TAGS)
    assert table["name"].tolist() == ["artist 0", "artist 2", "artist 3"], "most listeners first"
    assert table["group"].tolist() == ["quiet", "loud", ""]
    assert table["tags"].tolist() == ["rock, folk", "jazz, rock", ""]
    assert selected_artists(artists, [1], {}, None)["tags"].tolist() == [""]


def test_tags_that_artists_share_are_counted_once_per_artist():
    assert shared_tags(TAGS, [0, 1, 2]) == [("rock", 2), ("folk", 2), ("jazz", 1)]
    assert shared_tags(TAGS, [3]) == []


def test_main_tags_come_with_the_number_of_their_artists():
    assert commonest_main_tags(TAGS) == [(0, 1), (1, 1), (2, 1)]


@given(st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=1, max_size=8))
def test_the_tags_of_all_rows_at_once_are_those_of_each_row(counts):
    tags = ArtistTags(("a", "b", "c", "d"), sparse.csr_matrix(np.array(counts, np.float32)))
    artists = a_map(np.zeros((len(counts), 2)), [-1] * len(counts))
    table = selected_artists(artists, range(len(counts)), {}, tags)
    assert table["tags"].tolist() == [", ".join(tags.of(row, 3)) for row in range(len(counts))]


def test_only_limits_that_leave_enough_artists_are_offered():
    listeners = np.array([1, 1, 2, 5, 9])
    assert remaining(listeners, (1, 2, 3, 10), 2) == (1, 2, 3)
