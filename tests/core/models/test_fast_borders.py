"""What the trainer refuses before a kernel follows an address, and what it leaves when it is stopped."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recsys_core.errors import CancelledError, DataError
from recsys_core.models.fast import trainer as trainer_module
from recsys_core.models.fast.trainer import KERNELS, Trainer
from recsys_core.models.lightfm import LightFMSettings
from tests.core.small_data import random_dataset

PAIRS = np.array([0, 1]), np.array([0, 1])


def grid():
    return sparse.csr_matrix(np.eye(2, 4, dtype=np.float32))


@pytest.mark.parametrize("loss", KERNELS)
@pytest.mark.parametrize(
    ("users", "items", "said"),
    [
        ([0, 1], [0, 40_000_000], "item index lies outside 0 to 3"),
        ([0, 1], [0, 4], "item index lies outside 0 to 3"),
        ([0, 2], [0, 1], "user index lies outside 0 to 1"),
        ([-1, 1], [0, 1], "user index lies outside 0 to 1"),
        ([0, 1], [0, -1], "item index lies outside 0 to 3"),
        ([0, 1], [0], "equally long rows"),
        ([0.0, 1.0], [0, 1], "whole numbers"),
    ],
)
def test_pairs_outside_the_grid_are_refused(loss, users, items, said):
    with pytest.raises(DataError, match=said):
        Trainer(loss, LightFMSettings(), (np.array(users), np.array(items)), grid())


def test_a_user_with_pairs_but_nothing_known_is_refused():
    matrix = sparse.csr_matrix(np.array([[1, 0], [0, 0]], np.float32))
    with pytest.raises(DataError, match="no known item"):
        Trainer("warp-kos", LightFMSettings(), PAIRS, matrix)


@pytest.mark.parametrize("column", [-1, 4, 40_000_000])
def test_matrices_that_point_outside_themselves_are_refused(column):
    matrix, features = grid(), sparse.identity(4, np.float32, format="csr")
    matrix.indices[1] = column
    with pytest.raises(DataError, match="not a well-formed"):
        Trainer("warp", LightFMSettings(), PAIRS, matrix)
    features.indices[3] = column
    with pytest.raises(DataError, match="not a well-formed"):
        Trainer("warp", LightFMSettings(), PAIRS, grid(), item_features=features)


def test_values_that_do_not_fit_are_refused():
    huge = sparse.csr_matrix(np.full((2, 1), 1e300))
    with pytest.raises(DataError, match="finite"):
        Trainer("warp", LightFMSettings(), PAIRS, grid(), user_features=huge)
    with pytest.raises(DataError, match="finite"):
        Trainer("warp", LightFMSettings(), PAIRS, grid(), weights=np.full(2, 1e300))


def test_an_unsorted_matrix_is_sorted_so_that_no_known_item_is_drawn_as_a_negative_one():
    """Nothing is left to draw: WARP must not move an item, whatever the order of the indices."""
    unsorted = sparse.csr_matrix(
        (np.ones(6, np.float32), np.array([3, 0, 5, 1, 4, 2]), np.array([0, 6])), shape=(1, 6)
    )
    trainer = Trainer("warp", LightFMSettings(), (np.zeros(6, int), np.arange(6)), unsorted)
    before = trainer.factors().item_embeddings
    for _ in range(5):
        trainer.run_epoch()
    assert np.array_equal(trainer.factors().item_embeddings, before)
    assert unsorted.indices.tolist() == [3, 0, 5, 1, 4, 2]  # the caller's own stays as it was


# ---- stopping ----------------------------------------------------------------------------


def pairs_of(data):
    return (data.interactions.user_idx, data.interactions.item_idx), data.interactions.to_csr(binary=True)


@pytest.mark.parametrize(
    "settings", [{"item_alpha": 0.01}, {"learning_schedule": "adadelta", "user_alpha": 0.1}]
)
def test_a_stop_within_an_epoch_leaves_no_regularisation_put_off(settings, monkeypatch):
    monkeypatch.setattr(trainer_module, "EXAMPLES_PER_BLOCK", 100)
    trainer = Trainer("logistic", LightFMSettings(**settings), *pairs_of(random_dataset()))
    with pytest.raises(CancelledError):
        trainer.run_epoch(lambda: True)
    assert trainer.state._scales.tolist() == [1, 1]


def test_a_stop_is_heard_sooner_where_an_example_takes_longer():
    """Looks at ``should_stop`` in one epoch over as many examples as a block usually holds."""
    n_users, n_items = 512, 1024
    matrix = sparse.csr_matrix(np.ones((n_users, n_items // 2), np.float32))
    matrix.resize(n_users, n_items)
    pairs = matrix.tocoo()

    def looks(**settings):
        asked = []
        trainer = Trainer("logistic", LightFMSettings(**settings), (pairs.row, pairs.col), matrix)
        trainer.run_epoch(lambda: asked.append(1) is not None)
        return len(asked)

    assert matrix.nnz == trainer_module.EXAMPLES_PER_BLOCK
    assert looks(embedding_size=10) == 0
    assert looks(embedding_size=10, max_sampled=10_000) > 100


# ---- what is handed out ------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(1, 6), (6, 1), (1, 1)])
@pytest.mark.parametrize("size", [1, 16])
def test_factors_of_a_single_row_do_not_change_with_the_next_epoch(shape, size):
    matrix = sparse.csr_matrix(np.ones(shape, np.float32))
    pairs = matrix.tocoo()
    trainer = Trainer("logistic", LightFMSettings(embedding_size=size), (pairs.row, pairs.col), matrix)
    factors = trainer.factors()
    before = {name: array.copy() for name, array in vars(factors).items()}
    trainer.run_epoch()
    for name, array in before.items():
        assert np.array_equal(getattr(factors, name), array), name
