"""Who gave a tag is kept from the file to the model, through storage as well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from recsys_core.datasets import Assignments, FeatureMatrix
from recsys_core.datasets.stored import open_dataset, save_dataset
from recsys_core.errors import DataError
from tests.core.small_data import random_dataset


def test_counts_are_those_of_the_givers(lastfm):
    features = lastfm.item_features
    givers = features.givers
    again = sparse.csr_matrix(
        (np.ones(len(givers.user_idx), np.float32), (givers.entity_idx, givers.feature_idx)),
        shape=features.values.shape,
    )
    assert (again != features.values).nnz == 0
    assert givers.user_idx.min() >= 0
    assert len(np.unique(givers.user_idx)) == 1_891  # one tagged nothing that anybody plays


def test_pairs_tagged_and_played_or_only_tagged(lastfm):
    givers, rows = lastfm.item_features.givers, lastfm.interactions
    cells = np.unique(givers.user_idx.astype(np.int64) * lastfm.n_items + givers.entity_idx)
    played = np.isin(cells, rows.user_idx.astype(np.int64) * lastfm.n_items + rows.item_idx)
    assert (len(cells), int((~played).sum())) == (70_297, 49_632)


def test_givers_are_stored_and_opened(tmp_path):
    features = FeatureMatrix.from_pairs(
        np.array([0, 3, 3]), ["tag:b", "tag:a", "tag:b"], 30, np.array([5, -1, 2])
    )
    data = replace(random_dataset(), item_features=features)
    save_dataset(data, tmp_path / "kept")
    found = open_dataset(tmp_path / "kept").item_features
    for name, rows in features.givers._asdict().items():
        np.testing.assert_array_equal(getattr(found.givers, name), rows)
    save_dataset(
        replace(data, item_features=FeatureMatrix(features.names, features.values)), tmp_path / "plain"
    )
    assert open_dataset(tmp_path / "plain").item_features.givers is None


@pytest.mark.parametrize(
    "rows", [([0], [30], [0]), ([0], [0], [1]), ([-2], [0], [0]), ([0, 1], [0], [0]), ([0], [-1], [0])]
)
def test_givers_off_the_grid_are_refused(rows):
    values = sparse.csr_matrix((30, 1), dtype=np.float32)
    with pytest.raises(DataError, match="does not fit"):
        FeatureMatrix(("tag:a",), values, Assignments(*(np.array(one, np.int32) for one in rows)))
