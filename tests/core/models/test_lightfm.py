"""LightFM behind glass: resumable, repeatable, honest about divergence and idle settings."""

from __future__ import annotations

import numpy as np
import pytest
from lightfm import LightFM
from scipy import sparse

from recsys_core.errors import DivergedError, NotFittedError
from recsys_core.models.registry import MODELS, create_model
from recsys_core.splitting import PROTOCOLS, split
from tests.core.small_data import dataset_of, random_dataset

LOSSES = [name for name in MODELS if name.startswith("lightfm-") and name != "lightfm-hybrid"]
NAMES = ("user_embeddings", "item_embeddings", "user_biases", "item_biases")


@pytest.fixture(scope="module")
def training():
    return split(random_dataset(80, 60, 1200), PROTOCOLS["all-pairs"]).training


def same(one, other):
    return all(np.array_equal(one.arrays()[name], other.arrays()[name]) for name in NAMES)


@pytest.mark.parametrize("schedule", ["adagrad", "adadelta"])
@pytest.mark.parametrize("name", LOSSES)
def test_epoch_by_epoch_is_lightfms_own_fit_bit_by_bit(training, name, schedule):
    """Single thread, same seed: fit_partial resumes, and what we keep is what LightFM holds."""
    ours = create_model(name, {"learning_schedule": schedule, "seed": 7}).fit(training, epochs=5)
    theirs = LightFM(
        no_components=10, loss=name.removeprefix("lightfm-"), learning_schedule=schedule, random_state=7
    )
    theirs.fit(training.interactions.to_coo(), epochs=5, num_threads=1)
    for own in NAMES:
        np.testing.assert_array_equal(ours.arrays()[own], getattr(theirs, own))


@pytest.mark.parametrize("name", ["lightfm-warp", "lightfm-bpr", "lightfm-logistic"])
def test_pairs_count_by_the_logarithm_of_their_plays_as_lightfms_sample_weights(training, name):
    ours = create_model(name, {"sample_weight": "log"}).fit(training, epochs=3)
    pairs, plays = training.interactions.to_coo(), training.interactions.weights
    strengths = np.log1p(plays / plays.min())
    strengths = (strengths / strengths.mean()).astype(np.float32)
    theirs = LightFM(no_components=10, loss=name.removeprefix("lightfm-"), random_state=42)
    weights = sparse.coo_matrix((strengths, (pairs.row, pairs.col)), shape=pairs.shape)
    theirs.fit(pairs, sample_weight=weights, epochs=3, num_threads=1)
    for own in NAMES:
        np.testing.assert_array_equal(ours.arrays()[own], getattr(theirs, own))


@pytest.mark.parametrize("name", LOSSES)
def test_five_epochs_are_five_times_one_more(training, name):
    at_once = create_model(name).fit(training, epochs=5)
    in_steps = create_model(name).fit(training, epochs=1)
    for _ in range(4):
        in_steps.fit_more(1)
    assert same(at_once, in_steps)


@pytest.mark.parametrize("name", LOSSES)
def test_one_thread_and_one_seed_give_the_same_bits(training, name):
    one, again, other = (create_model(name, {"seed": s}).fit(training, epochs=3) for s in (1, 1, 2))
    assert same(one, again)
    assert not same(one, other)


def test_factors_of_an_epoch_are_a_copy_not_a_view(training):
    kept = []
    model = create_model("lightfm-warp")
    model.fit(training, epochs=2, on_epoch=lambda one, _epoch: kept.append(one.scorer.item_embeddings))
    assert not np.array_equal(*kept)


def diverged(name):
    """Train with far too large a learning rate until it diverges; small data never do."""
    large = random_dataset(2000, 8000, 60_000)
    for size in (10, 64, 128):
        model = create_model(name, {"learning_rate": 10.0, "embedding_size": size})
        try:
            model.fit(large, epochs=3)
        except DivergedError as error:
            return model, str(error)
    return pytest.fail(f"{name} did not diverge")


@pytest.mark.parametrize("name", ["lightfm-warp", "lightfm-warp-kos"])
def test_divergence_names_the_epoch_and_the_learning_rate(training, name):
    model, text = diverged(name)
    epoch = model.epochs_done + 1
    assert text == (
        f"{name} left the finite numbers in epoch {epoch} with learning rate 10. Try a tenth of it."
    )
    with pytest.raises(NotFittedError):  # there is nothing sound to go on with
        model.fit_more(1)
    assert model.fit(training, epochs=1).epochs_done == 1  # but it can start again


IDLE = {
    ("lightfm-warp", "adagrad"): {"k", "n", "rho", "epsilon"},
    ("lightfm-warp", "adadelta"): {"k", "n", "learning_rate"},
    ("lightfm-bpr", "adagrad"): {"k", "n", "max_sampled", "rho", "epsilon"},
    ("lightfm-logistic", "adadelta"): {"k", "n", "max_sampled", "learning_rate"},
    ("lightfm-warp-kos", "adagrad"): {"sample_weight", "rho", "epsilon"},
    ("lightfm-warp-kos", "adadelta"): {"sample_weight", "learning_rate"},
}
OTHER = {
    "learning_rate": 0.2,
    "k": 2,
    "n": 20,
    "max_sampled": 3,
    "sample_weight": "log",
    "rho": 0.5,
    "epsilon": 0.1,
    "user_alpha": 1e-2,
    "item_alpha": 1e-2,
    "embedding_size": 3,
}


@pytest.mark.parametrize(("name", "schedule"), IDLE)
def test_settings_said_to_have_no_effect_have_none_and_all_others_have(training, name, schedule):
    plain = create_model(name, {"learning_schedule": schedule}).fit(training, epochs=2)
    assert set(plain.without_effect()) == IDLE[name, schedule]
    for setting, value in OTHER.items():
        changed = create_model(name, {"learning_schedule": schedule, setting: value})
        assert same(plain, changed.fit(training, epochs=2)) == (setting in IDLE[name, schedule]), setting


@pytest.mark.parametrize("seed", range(5))
def test_k_os_stays_finite_on_fewer_items_than_it_draws_negatives(seed):
    """LightFM itself takes the logarithm of zero there."""
    few = dataset_of([(1, 1), (1, 2), (2, 2), (2, 3), (3, 1)])
    model = create_model("lightfm-warp-kos", {"seed": seed}).fit(few, epochs=20)
    assert np.isfinite(model.scores(np.arange(3))).all()


def test_more_threads_train_a_model_too(training):
    model = create_model("lightfm-warp", {"threads": 2}).fit(training, epochs=2)
    assert np.isfinite(model.scores(np.arange(5))).all()
