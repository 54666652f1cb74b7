"""The fast models: LightFM's quality, repeating, stopping, diverging, and no compiler later."""

from __future__ import annotations

import sys
import threading
import time

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher
from scipy import sparse

from benchmarks.equivalence import METRICS, equivalence, our_quality, peer_quality
from benchmarks.two_threads import SharingPace
from recsys_core.errors import CancelledError, DataError, DivergedError, NotFittedError, SettingsError
from recsys_core.models.fast import trainer as trainer_module
from recsys_core.models.fast.trainer import KERNELS, Trainer
from recsys_core.models.fast.warm_up import warm_up
from recsys_core.models.lightfm import LightFMSettings
from recsys_core.models.registry import create_model
from tests.core.small_data import random_dataset

FAST = [f"fast-{loss}" for loss in KERNELS]


def bits_of(model):
    return {name: array.tobytes() for name, array in model.arrays().items()}


@pytest.fixture
def short_blocks(monkeypatch):
    monkeypatch.setattr(trainer_module, "EXAMPLES_PER_BLOCK", 100)


# ---- quality -----------------------------------------------------------------------------


@pytest.mark.parametrize("loss", KERNELS)
def test_quality_is_lightfms_within_the_spread_of_its_seeds(loss, large_split):
    """Eight seeds each, two one-sided tests; ``benchmarks/training_quality.py`` has a finer margin."""
    parts = large_split.train.to_csr(binary=True), large_split.test.to_csr(binary=True)
    settings = [LightFMSettings(embedding_size=16, seed=seed) for seed in range(8)]
    theirs = np.array([peer_quality(loss, own, *parts, 5) for own in settings])
    ours = np.array([our_quality(loss, own, *parts, 5) for own in settings])
    for i, metric in enumerate(METRICS):
        found = equivalence(ours[:, i], theirs[:, i], np.ptp(theirs[:, i]))
        assert found.p_value < 0.05, f"{metric}: {found}"


@pytest.mark.parametrize("loss", [loss for loss in KERNELS if loss != "warp-kos"])
def test_pairs_may_count_by_the_logarithm_of_their_plays(loss):
    data = random_dataset()
    model = create_model(f"fast-{loss}", {"sample_weight": "log"}).fit(data, epochs=2)
    rows = data.interactions
    strengths = np.log1p(rows.weights / rows.weights.min())
    weights = (strengths / strengths.mean()).astype(np.float32)
    pairs = (rows.user_idx, rows.item_idx)
    trainer = Trainer(loss, LightFMSettings(), pairs, rows.to_csr(binary=True), weights=weights)
    trainer.run_epoch()
    trainer.run_epoch()
    assert np.array_equal(model.scorer.item_embeddings, trainer.factors().item_embeddings)
    assert bits_of(model) != bits_of(create_model(f"fast-{loss}").fit(data, epochs=2))


def test_k_os_warp_counts_all_pairs_alike():
    data = random_dataset()
    log, ones = (
        create_model("fast-warp-kos", {"sample_weight": how}).fit(data, epochs=2) for how in ("log", "ones")
    )
    assert bits_of(log) == bits_of(ones)
    assert "sample_weight" in log.without_effect()


# ---- repeating ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAST)
def test_a_seed_gives_the_same_bits_however_the_epoch_is_cut(name, monkeypatch):
    data = random_dataset()
    whole = create_model(name, {"embedding_size": 7}).fit(data, epochs=3)
    monkeypatch.setattr(trainer_module, "EXAMPLES_PER_BLOCK", 37)
    assert bits_of(create_model(name, {"embedding_size": 7}).fit(data, epochs=3)) == bits_of(whole)
    assert bits_of(create_model(name, {"embedding_size": 7, "seed": 1}).fit(data, epochs=3)) != bits_of(whole)


@pytest.mark.parametrize("name", FAST)
@pytest.mark.parametrize("more", [{}, {"learning_schedule": "adadelta", "user_alpha": 1e-4}])
def test_going_on_is_as_if_never_stopped(name, more):
    data = random_dataset()
    in_one = create_model(name, more).fit(data, epochs=4)
    in_two = create_model(name, more).fit(data, epochs=1)
    assert in_two.arrays()  # looking must not disturb
    in_two.fit_more(3)
    assert bits_of(in_two) == bits_of(in_one)


@pytest.mark.parametrize("name", FAST)
@pytest.mark.parametrize("alpha", [0.0, 0.001])
def test_threads_share_the_work(name, alpha):
    """Several threads lift the known pairs above the others as far as one does."""
    data = random_dataset()
    known = data.interactions.to_csr(binary=True).toarray() > 0
    lifts = []
    for threads in (1, 7):
        values = {"item_alpha": alpha, "user_alpha": alpha, "embedding_size": 8, "threads": threads}
        scores = create_model(name, values).fit(data, epochs=30).scores(np.arange(data.n_users))
        lifts.append(scores[known].mean() - scores[~known].mean())
    assert 0 < lifts[0] < 1.3 * lifts[1] < 1.3 * 1.3 * lifts[0]


@pytest.mark.parametrize("loss", KERNELS)
def test_threads_train_at_the_same_time(loss, monkeypatch):
    """Each of two parts waits for the other one: one thread after the other would wait for ever."""
    pairs = random_dataset().interactions.to_coo()
    settings = LightFMSettings(threads=2)
    trainer = Trainer(loss, settings, (pairs.row, pairs.col), pairs.tocsr())
    meet, seen, kernel = threading.Barrier(2), set(), trainer._kernel

    def meeting(*job):
        meet.wait(timeout=30)
        seen.add(threading.get_ident())
        return kernel(*job)

    monkeypatch.setattr(trainer, "_kernel", meeting)
    monkeypatch.setattr(trainer, "_pace", SharingPace(2, time.perf_counter))
    trainer.run_epoch()
    assert len(seen) == 2


def test_a_single_pair_is_enough():
    one = random_dataset(n_pairs=2)
    one = one.with_interactions(one.interactions.take(np.array([0])))
    for name in FAST:
        model = create_model(name, {"threads": 3}).fit(one, epochs=2)
        assert np.isfinite(model.scores(np.arange(one.n_users))).all()


def test_who_has_everything_is_trained_too():
    """No negative item exists: WARP finds none and learns nothing, BPR gives up after a bounded search."""
    matrix = sparse.csr_matrix(np.ones((1, 5), np.float32))
    pairs = matrix.tocoo()
    for loss in KERNELS:
        trainer = Trainer(loss, LightFMSettings(), (pairs.row, pairs.col), matrix)
        before = trainer.factors().item_embeddings
        trainer.run_epoch()
        assert (loss in ("warp", "warp-kos")) == np.array_equal(before, trainer.factors().item_embeddings)


# ---- stopping and diverging --------------------------------------------------------------


@pytest.mark.usefixtures("short_blocks")
def test_a_stop_is_heard_within_an_epoch():
    data, asked = random_dataset(), []

    def stop():
        asked.append(1)
        return len(asked) == 3

    model = create_model("fast-warp")
    with pytest.raises(CancelledError, match="in epoch 1"):
        model.fit(data, epochs=1, should_stop=stop)
    assert len(asked) == 3 < len(data.interactions) / 100  # once before the epoch, then after each block
    with pytest.raises(NotFittedError, match="no training to go on with"):
        model.fit_more(1)


@pytest.mark.parametrize("name", FAST)
@pytest.mark.parametrize("size", [10, 150])
def test_leaving_the_finite_numbers_names_the_rate(name, size, monkeypatch):
    model = create_model(name, {"embedding_size": size, "learning_rate": 10.0}).fit(
        random_dataset(), epochs=1
    )
    model._trainer.state.items.embeddings[3, size - 1] = np.inf
    with pytest.raises(DivergedError, match="learning rate 10"):
        model.fit_more(1)


@pytest.mark.parametrize("part", ["users", "items"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_every_parameter_is_looked_at(part, value):
    data = random_dataset()
    model = create_model("fast-logistic", {"embedding_size": 20}).fit(data)
    table = getattr(model._trainer.state, part)
    for row, column in ((0, 0), (len(table.embeddings) - 1, 19)):
        kept = table.embeddings[row, column]
        table.embeddings[row, column] = value
        assert not table.is_finite
        table.embeddings[row, column] = kept
        assert table.is_finite
    table.biases[-1, 0] = value
    assert not table.is_finite


def test_finite_parameters_whose_scores_overflow_have_diverged():
    model = create_model("fast-bpr").fit(random_dataset())
    for table in (model._trainer.state.users, model._trainer.state.items):
        table.embeddings[0, 0] = 1e25
    with pytest.raises(DivergedError, match=r"learning rate 0\.05"):
        _ = model.scorer


# ---- what is refused ---------------------------------------------------------------------


def small_trainer(loss="warp", **more):
    matrix = sparse.csr_matrix(np.eye(3, 5, dtype=np.float32))
    return Trainer(loss, LightFMSettings(), (np.arange(3), np.arange(3)), matrix, **more)


def test_nonsense_is_refused():
    with pytest.raises(SettingsError, match="no loss 'hinge'"):
        small_trainer("hinge")
    with pytest.raises(SettingsError, match="k-OS WARP knows no weights"):
        small_trainer("warp-kos", weights=np.ones(3, np.float32))
    for weights in (np.ones(2), np.array([1, np.nan, 1])):
        with pytest.raises(DataError, match="each of the 3 pairs"):
            small_trainer(weights=weights)
    with pytest.raises(DataError, match="in 5 rows, not in 4"):
        small_trainer(item_features=sparse.identity(4, np.float32, format="csr"))
    infinite = sparse.csr_matrix(np.full((3, 2), np.inf, np.float32))
    with pytest.raises(DataError, match="finite"):
        small_trainer(user_features=infinite)


def test_a_user_without_any_feature_does_no_harm():
    features = sparse.csr_matrix(np.array([[1, 0], [0, 0], [1, 1]], np.float32))
    trainer = small_trainer(user_features=features)
    for _ in range(3):
        trainer.run_epoch()
    assert not trainer.factors().user_embeddings[1].any()


# ---- nobody waits for a compiler ---------------------------------------------------------


def compiled_variants():
    modules = [module for name, module in sys.modules.items() if name.startswith("recsys_core.models.fast.")]
    found = {value for module in modules for value in vars(module).values() if isinstance(value, Dispatcher)}
    return {(one.py_func.__module__, one.py_func.__name__): len(one.signatures) for one in found}


def test_nothing_is_compiled_after_warming_up():
    warm_up()
    before = compiled_variants()
    for name in FAST:
        for size in (1, 16, 17, 50, 128, 129, 300):
            create_model(name, {"embedding_size": size, "threads": 2}).fit(
                random_dataset(), epochs=1
            ).arrays()
        create_model(name, {"learning_schedule": "adadelta"}).fit(random_dataset(), epochs=1)
    weighted = small_trainer("bpr", weights=np.ones(3), user_features=sparse.identity(3, format="csr"))
    weighted.run_epoch()
    assert compiled_variants() == before
