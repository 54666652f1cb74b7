"""From a run to a publication: whose list it is stays known, however ids look and however little there is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.datasets import Dataset
from recsys_core.datasets.dataset import Source
from recsys_core.models.registry import create_model
from recsys_online.index.versions import publish, read_publication
from recsys_online.publishing import publication_of
from tests.online.conftest import manifest

SOURCE = Source("own", "Own")
LARGE = [17, 3_000_000_001, 3_000_000_002, 2**63 - 1]


def dataset(users: list[object], items: list[object]) -> Dataset:
    """User u listens to all items but the u-th."""
    pairs = [(user, item) for u, user in enumerate(users) for i, item in enumerate(items) if i != u]
    return Dataset.from_frame(pd.DataFrame(pairs, columns=["user_id", "item_id"]), SOURCE)


def published(users: list[object], items: list[object], model: str = "popularity"):
    data = dataset(users, items)
    return publication_of(create_model(model).fit(data), data)


@pytest.mark.parametrize("users", [[5, 0, 9], LARGE])
def test_whole_numbers_are_the_service_s_own_numbers(users):
    found = published(users, list(range(10, 15)))
    assert found.users.tolist() == sorted(users)
    assert not found.ids()
    missed = {user: 10 + place for place, user in enumerate(users)}  # the one item not heard
    assert dict(zip(found.users.tolist(), found.lists[:, 0].tolist(), strict=True)) == missed


@pytest.mark.parametrize("users", [["ann", "böb", "cid"], [-1, 4, 5]])
def test_other_ids_get_numbers_and_the_publication_says_whose(users):
    found = published(users, ["x", "y", "z", "w"])
    assert found.users.tolist() == [0, 1, 2]
    assert sorted(found.user_ids) == sorted(map(str, users))
    titles = [one.title for one in found.tracks]
    assert list(found.track_ids) == titles
    for number, user in enumerate(found.user_ids):
        missed = ["x", "y", "z"][[str(one) for one in users].index(user)]
        assert titles[found.lists[number, 0]] == missed


def test_tracks_have_32_bits_and_larger_ids_get_numbers():
    found = published([1, 2], [2**31, 7])
    assert [one.track for one in found.tracks] == [0, 1]
    assert set(found.track_ids) == {"7", str(2**31)}


@pytest.mark.parametrize(
    ("model", "users", "items"),
    [
        ("popularity", [1], [1, 2, 3]),
        ("popularity", [1, 2, 3], [9]),
        ("popularity", [1], [9]),
        ("popularity", [1, 2], [8, 9]),
        ("svd", [1, 2], [8, 9]),
    ],
)
def test_the_smallest_data_can_be_published(tmp_path, model, users, items):
    pairs = pd.DataFrame([(user, item) for user in users for item in items], columns=["user_id", "item_id"])
    data = Dataset.from_frame(pairs, SOURCE)
    settings = {"embedding_size": 1} if model == "svd" else None
    found = publication_of(create_model(model, settings).fit(data), data)
    publish(tmp_path, found, manifest("v1", found))
    again = read_publication(tmp_path, "v1")
    assert (again.lists == -1).all()  # everybody has heard everything
    assert np.array_equal(again.users, users)
    assert set(again.catalogue().similar(items[0], 5)) <= set(items[1:])
