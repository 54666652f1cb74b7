"""The compiled trainer steps as its obvious twin does, and as LightFM where chance leaves no choice."""

from __future__ import annotations

import numpy as np
import pytest
from lightfm import LightFM
from scipy import sparse

from recsys_core.models.fast.trainer import KERNELS, Trainer
from recsys_core.models.lightfm import LightFMSettings
from tests.core.models.slow_trainer import SlowTrainer

MANY = 20_001


def random_pairs(n_users=25, n_items=40, density=0.15, seed=3):
    matrix = sparse.random(n_users, n_items, density, format="csr", random_state=seed, dtype=np.float32)
    matrix.sort_indices()
    rows = matrix.tocoo()
    return (rows.row, rows.col), matrix


def parameters(state):
    return [
        state.users.embeddings,
        state.items.embeddings,
        state.users.biases[:, 0],
        state.items.biases[:, 0],
    ]


def assert_as_the_twin(trainer, twin, tolerance=2e-5):
    expected = [
        twin.users.values[:, :-1],
        twin.items.values[:, :-1],
        twin.users.values[:, -1],
        twin.items.values[:, -1],
    ]
    for ours, theirs in zip(parameters(trainer.state), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance * np.abs(theirs).max())


@pytest.mark.parametrize("loss", KERNELS)
@pytest.mark.parametrize("size", [3, 16, 33, 150])
def test_two_epochs_leave_what_the_twin_has(loss, size):
    pairs, matrix = random_pairs()
    settings = LightFMSettings(embedding_size=size, learning_rate=0.1, k=3, n=5)
    trainer = Trainer(loss, settings, pairs, matrix)
    twin = SlowTrainer(loss, settings, trainer, *pairs, matrix.shape[1])
    for _ in range(2):
        trainer.run_epoch()
        twin.run_epoch()
    assert_as_the_twin(trainer, twin)


@pytest.mark.parametrize("loss", KERNELS)
@pytest.mark.parametrize("schedule", ["adagrad", "adadelta"])
@pytest.mark.parametrize("alpha", [0.0, 0.001, 1.0])
def test_schedules_and_regularisation_are_the_twins(loss, schedule, alpha):
    """An alpha of 1 makes the scale outgrow its bound in mid-epoch, so that it is applied there too."""
    pairs, matrix = random_pairs()
    settings = LightFMSettings(
        embedding_size=5,
        learning_rate=0.1,
        learning_schedule=schedule,
        user_alpha=alpha,
        item_alpha=alpha / 2,
    )
    trainer = Trainer(loss, settings, pairs, matrix)
    twin = SlowTrainer(loss, settings, trainer, *pairs, matrix.shape[1])
    trainer.run_epoch()
    twin.run_epoch()
    assert_as_the_twin(trainer, twin, 2e-4)


@pytest.mark.parametrize("loss", KERNELS)
@pytest.mark.parametrize("threads", [1, 3])
def test_a_scale_that_outgrows_its_bound_is_applied_at_once(loss, threads):
    """Scales start at their bound, so that the first step goes over it (k-OS draws one: no near-ties)."""
    pairs, matrix = random_pairs()
    own = {"user_alpha": 1e-3, "item_alpha": 1e-3, "n": 1, "threads": threads}
    settings = LightFMSettings(embedding_size=5, learning_rate=0.1, **own)
    trainer = Trainer(loss, settings, pairs, matrix)
    twin = SlowTrainer(loss, settings, trainer, *pairs, matrix.shape[1])
    for table in (trainer.state.users, trainer.state.items):
        table.embeddings[:] *= 1e-6
    for side in (twin.users, twin.items):
        side.values *= 1e-6
        side.scale = 1e6
    trainer.state._scales[:] = 1e6
    trainer.run_epoch()
    twin.run_epoch()
    if threads == 1:
        assert_as_the_twin(trainer, twin, 2e-4)
    else:
        assert max(np.abs(values).max() for values in parameters(trainer.state)) < 10


@pytest.mark.parametrize("loss", ["warp", "bpr", "logistic"])
def test_weights_scale_the_twins_steps(loss):
    pairs, matrix = random_pairs()
    weights = np.random.default_rng(1).uniform(0, 3, len(pairs[0])).astype(np.float32)
    settings = LightFMSettings(embedding_size=8)
    trainer = Trainer(loss, settings, pairs, matrix, weights=weights)
    twin = SlowTrainer(loss, settings, trainer, *pairs, matrix.shape[1], weights)
    trainer.run_epoch()
    twin.run_epoch()
    assert_as_the_twin(trainer, twin)


def test_more_draws_than_are_kept_at_once_are_the_twins():
    pairs, matrix = random_pairs()
    settings = LightFMSettings(embedding_size=4, max_sampled=45, n=40, k=20, learning_rate=0.5)
    for loss in ("warp", "warp-kos"):
        trainer = Trainer(loss, settings, pairs, matrix)
        twin = SlowTrainer(loss, settings, trainer, *pairs, matrix.shape[1])
        for _ in range(4):
            trainer.run_epoch()
            twin.run_epoch()
        assert_as_the_twin(trainer, twin, 2e-4)


@pytest.mark.parametrize("loss", KERNELS)
def test_identity_as_a_feature_matrix_is_the_identity(loss):
    pairs, matrix = random_pairs()
    settings = LightFMSettings(embedding_size=20)
    identity = sparse.identity(matrix.shape[1], np.float32, format="csr")
    plain = Trainer(loss, settings, pairs, matrix)
    spelled = Trainer(loss, settings, pairs, matrix, item_features=identity)
    for _ in range(3):
        plain.run_epoch()
        spelled.run_epoch()
    for one, other in zip(parameters(plain.state), parameters(spelled.state), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def alike_negatives(loss):
    """One user and one item of hers among thousands with equal features: any negative gives the same step.

    BPR draws from observed items only, so a second user of weight 0 has some of those.
    """
    item_features = np.zeros((MANY, 3), np.float32)
    item_features[0], item_features[1:] = [1, 0, 0.5], [0, 2, 0.5]
    users = np.array([0] + [1] * 40 * (loss == "bpr"))
    matrix = sparse.csr_matrix(
        (np.ones(len(users), np.float32), (users, np.arange(len(users)))), shape=(2, MANY)
    )
    user_features = sparse.csr_matrix(np.array([[1, 0.7], [0.3, 0]], np.float32))
    return matrix, {"user_features": user_features, "item_features": sparse.csr_matrix(item_features)}


@pytest.mark.parametrize("alpha", [0.0, 0.001, 0.3])
@pytest.mark.parametrize("schedule", ["adagrad", "adadelta"])
@pytest.mark.parametrize("loss", KERNELS)
def test_where_chance_leaves_no_choice_the_result_is_lightfms(loss, schedule, alpha):
    if loss == "bpr" and (schedule, alpha) != ("adagrad", 0.0):
        pytest.skip("the examples of weight 0 still age adadelta and L2, in an order that chance chooses")
    matrix, features = alike_negatives(loss)
    pairs, own = matrix.tocoo(), {"learning_rate": 0.1, "max_sampled": 1, "learning_schedule": schedule}
    own |= {"user_alpha": alpha, "item_alpha": 2 * alpha}
    weights = np.array([0.8] + [0.0] * (pairs.nnz - 1), np.float32)
    given = None if loss == "warp-kos" else weights
    trainer = Trainer(
        loss,
        LightFMSettings(embedding_size=20, **own),
        (pairs.row, pairs.col),
        matrix,
        weights=given,
        **features,
    )
    peer = LightFM(no_components=20, loss=loss, random_state=0, **own)
    peer._initialize(20, 3, 2)
    peer.user_embeddings = trainer.state.users.embeddings.copy()
    peer.item_embeddings = trainer.state.items.embeddings.copy()
    weighted = (
        None if given is None else sparse.coo_matrix((weights, (pairs.row, pairs.col)), shape=matrix.shape)
    )
    for _ in range(40):
        peer.fit_partial(pairs, sample_weight=weighted, **features)
        trainer.run_epoch()
    theirs = [peer.user_embeddings, peer.item_embeddings, peer.user_biases, peer.item_biases]
    for ours, expected in zip(parameters(trainer.state), theirs, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())
    factors = trainer.factors()
    for ours, (bias, embedding) in (
        (
            (factors.user_biases, factors.user_embeddings),
            peer.get_user_representations(features["user_features"]),
        ),
        (
            (factors.item_biases, factors.item_embeddings),
            peer.get_item_representations(features["item_features"]),
        ),
    ):
        np.testing.assert_allclose(ours[0], bias, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(ours[1], embedding, rtol=1e-5, atol=1e-6)
