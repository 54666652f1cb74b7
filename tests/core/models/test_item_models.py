"""Models of items by each other, beside their slow, obvious twins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from recsys_core.datasets import FeatureMatrix
from recsys_core.errors import DataError, RunError, SettingsError
from recsys_core.models import ease_weights
from recsys_core.models.ease_ridges import RidgedWeights
from recsys_core.models.ease_weights import DenseWeights, DualWeights, dual_weights, primal_weights
from recsys_core.models.item_weights import SparseWeights, strongest
from recsys_core.models.profiles import profiles_of
from recsys_core.models.registry import create_model
from tests.core.small_data import dataset_of, datasets, random_dataset

ITEM_MODELS = ("ease", "ease-tags", "item-knn", "rp3beta")


def textbook_ease(matrix, regularisation):
    """Steck (2019), equation 8, in float64 and letter by letter; one ridge for all or one for each."""
    precision = np.linalg.inv(matrix.T @ matrix + regularisation * np.eye(matrix.shape[1]))
    weights = precision / -np.diag(precision)
    np.fill_diagonal(weights, 0)
    return weights


# ---- EASE --------------------------------------------------------------------------------


@given(datasets(), st.sampled_from([0.5, 20.0, 500.0]), st.sampled_from(["binary", "log", "weight"]))
def test_dual_primal_and_textbook_weights_are_the_same(data, regularisation, values):
    profiles = profiles_of(data, values)
    expected = textbook_ease(profiles.toarray().astype(np.float64), regularisation)
    everything = np.arange(data.n_items)
    for learned in (dual_weights(profiles, regularisation), primal_weights(profiles, regularisation)):
        np.testing.assert_allclose(learned.part(everything, everything), expected, atol=2e-5)
        np.testing.assert_allclose(learned.scores(profiles), profiles @ expected, atol=1e-4)


@given(datasets(), st.sampled_from([0.5, 20.0]))
def test_every_item_may_have_a_ridge_of_its_own(data, regularisation):
    profiles = profiles_of(data, "log")
    ridges = regularisation * (1 + np.arange(data.n_items))
    expected = textbook_ease(profiles.toarray().astype(np.float64), ridges)
    learned, everything = RidgedWeights.learn(profiles, ridges), np.arange(data.n_items)
    np.testing.assert_allclose(learned.part(everything, everything), expected, atol=5e-5)
    np.testing.assert_allclose(learned.scores(profiles), profiles @ expected, atol=2e-4)


def test_a_row_is_left_out_under_ridges_of_their_own_too():
    profiles, ridges = profiles_of(random_dataset(12, 30, 150), "log"), np.linspace(5, 50, 30)
    scores = RidgedWeights.learn(profiles, ridges).scores_without(profiles, np.arange(12))
    for user in range(12):
        others = profiles[np.delete(np.arange(12), user)].toarray().astype(np.float64)
        np.testing.assert_allclose(
            scores[user], (profiles[user] @ textbook_ease(others, ridges))[0], atol=5e-5
        )


def test_the_ridge_grows_with_train_listeners_and_not_with_those_who_tagged():
    data = random_dataset(12, 30, 150)
    tagged = replace(
        data, item_features=FeatureMatrix.from_pairs(np.arange(30), ["tag:a"] * 30, 30, np.arange(30) % 12)
    )
    model = create_model("ease-tags", {"regularisation": 4.0, "per_listener": 3.0})
    listeners = np.bincount(data.interactions.item_idx, minlength=30)
    for one in (data, tagged):
        roots = model.fit(one).arrays()["roots"]
        np.testing.assert_allclose(roots**2, 4 + 3 * np.maximum(listeners, 1), rtol=1e-6)


def test_the_smaller_side_is_inverted():
    assert isinstance(create_model("ease").fit(random_dataset(20, 30, 200)).weights, DualWeights)
    assert isinstance(create_model("ease").fit(random_dataset(30, 20, 200)).weights, DenseWeights)


def test_scores_of_real_data_are_those_of_the_primal(driver_split):
    """The most played thousand artists, so that the items' inverse is affordable."""
    matrix = driver_split.train.to_csr(binary=True)
    profiles = matrix[:, np.argsort(-matrix.getnnz(axis=0), kind="stable")[:1000]]
    dual, primal = (learn(profiles, 80.0).scores(profiles) for learn in (dual_weights, primal_weights))
    np.testing.assert_allclose(dual, primal, atol=2e-5)
    expected = profiles @ textbook_ease(profiles.toarray().astype(np.float64), 80.0)
    np.testing.assert_allclose(dual, expected, atol=2e-5)


def test_leaving_a_row_out_is_training_without_it():
    profiles = profiles_of(random_dataset(12, 30, 150), "log")
    scores = dual_weights(profiles, 30.0).scores_without(profiles, np.arange(12))
    for user in range(12):
        others = profiles[np.delete(np.arange(12), user)]
        expected = profiles[user].toarray() @ textbook_ease(others.toarray().astype(np.float64), 30.0)
        np.testing.assert_allclose(scores[user], expected[0], atol=2e-5)


def test_what_does_not_fit_into_memory_is_refused(monkeypatch):
    monkeypatch.setattr(ease_weights, "LARGEST_SIDE", 19)
    with pytest.raises(DataError, match="20 of them take more memory than the 19"):
        create_model("ease").fit(random_dataset(20, 30, 100))


def test_a_ridge_too_thin_for_float32_is_refused():
    profiles = sparse.csr_matrix(np.full((3, 4), 3e4, np.float32))
    with pytest.raises(SettingsError, match="too little to invert"):
        ease_weights.ease_weights(profiles, 0.1)


def test_a_ridge_that_vanishes_beside_the_plays_is_refused_and_divides_by_nothing():
    """Each of three listeners plays one item so often that rounding takes the ridge away: ``d`` is 0."""
    profiles = sparse.csr_matrix(3e3 * np.eye(3, 4, dtype=np.float32))
    with pytest.raises(SettingsError, match="too little to invert"):
        dual_weights(profiles, 0.1)
    assert (dual_weights(profiles, 1e5).damping > 0).all()


# ---- neighbours and walks ----------------------------------------------------------------


def test_cosine_neighbours_are_those_of_the_definition():
    data = random_dataset(25, 12, 120)
    matrix = data.interactions.to_csr(binary=True).toarray().astype(np.float64)
    lengths = np.sqrt((matrix**2).sum(axis=0))
    cosines = (matrix.T @ matrix) / (np.outer(lengths, lengths) + 5.0)
    np.fill_diagonal(cosines, 0)
    for item in range(12):  # column by column: who speaks for the item
        least = np.sort(cosines[:, item])[-4]
        cosines[cosines[:, item] < least, item] = 0
    model = create_model("item-knn", {"neighbours": 4, "shrinkage": 5.0}).fit(data)
    part = model.weights.part(np.arange(12), np.arange(12))
    assert ((part > 0).sum(axis=0) <= 4).all()
    np.testing.assert_allclose(part[part > 0], cosines[part > 0], rtol=1e-6)


def test_bm25_listens_less_to_who_plays_everything():
    cells = [("all", item) for item in "abcdefgh"] + [(user, item) for user in "xyz" for item in "ab"]
    similar = create_model("item-knn", {"similarity": "bm25"}).fit(dataset_of(cells)).similar_items(["a"], 7)
    assert similar["item_id"].iloc[0] == "b"
    assert similar["score"].iloc[0] > 2 * similar["score"].iloc[1]


def test_a_walk_is_three_steps_with_popularity_held_back():
    data = random_dataset(15, 10, 60)
    matrix = data.interactions.to_csr(binary=True).toarray().astype(np.float64)
    to_items = (matrix / matrix.sum(axis=1, keepdims=True)) ** 0.8
    to_users = (matrix.T / matrix.sum(axis=0)[:, None]) ** 0.8
    walks = to_users @ to_items / matrix.sum(axis=0) ** 0.4
    np.fill_diagonal(walks, 0)
    model = create_model("rp3beta", {"alpha": 0.8, "beta": 0.4}).fit(data)
    np.testing.assert_allclose(model.weights.part(np.arange(10), np.arange(10)), walks, rtol=1e-5)


@given(st.integers(1, 9), st.integers(0, 2**16))
def test_the_strongest_are_kept_in_each_row(k, seed):
    rng = np.random.default_rng(seed)
    dense = rng.integers(0, 4, size=(6, 8)).astype(np.float32)
    kept = strongest(sparse.csr_matrix(dense), k).toarray()
    for row, found in zip(dense, kept, strict=True):
        best = np.argsort(-row, kind="stable")[:k]
        expected = np.zeros_like(row)
        expected[best] = row[best]
        np.testing.assert_array_equal(found, expected)


# ---- what all of them can do -------------------------------------------------------------


@pytest.mark.parametrize("name", ITEM_MODELS)
def test_a_newcomer_with_a_listener_s_profile_gets_that_listener_s_scores(name):
    data = random_dataset()
    model = create_model(name).fit(data)
    profiles = profiles_of(data, getattr(model.settings, "values", "binary"))
    for user in range(5):
        row = profiles[user]
        scores = model.fold_in(row.indices, row.data)
        unheard = np.delete(np.arange(data.n_items), row.indices)
        # who trained the model is left out of its own scores; a newcomer never was in
        if name == "ease-tags":
            assert np.corrcoef(scores[unheard], model.scores([user])[0, unheard])[0, 1] > 0.99
        else:
            np.testing.assert_allclose(scores, model.scores([user])[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ITEM_MODELS)
@pytest.mark.parametrize("k", [3, 10**9])
def test_an_item_is_not_similar_to_itself(name, k):
    data = random_dataset()
    table = create_model(name).fit(data).similar_items(data.items.ids[:4], k)
    assert (table["of_item_id"] != table["item_id"]).all()
    assert table.groupby("of_item_id").size().eq(min(k, data.n_items - 1)).all()


@pytest.mark.parametrize("name", ITEM_MODELS)
def test_weights_of_other_data_are_refused(name):
    arrays = create_model(name).fit(random_dataset()).arrays()
    with pytest.raises(RunError):
        create_model(name).restore(random_dataset(12, 9, 60), arrays)
    arrays.pop(next(iter(arrays)))
    with pytest.raises(RunError):
        create_model(name).restore(random_dataset(), arrays)


def test_forged_indices_are_refused():
    weights = create_model("item-knn").fit(random_dataset()).arrays()
    weights["indices"][0] = 10**6
    with pytest.raises(RunError, match="not usable"):
        SparseWeights.restored(weights, sparse.csr_matrix((40, 30)))


# ---- profiles ----------------------------------------------------------------------------


def test_logarithms_do_not_depend_on_the_unit_of_plays():
    data = random_dataset()
    tenfold = data.with_interactions(data.interactions.with_weights(10 * data.interactions.weights))
    np.testing.assert_allclose(profiles_of(data, "log").data, profiles_of(tenfold, "log").data, rtol=1e-6)


def test_a_mean_value_is_one_whatever_it_stands_for():
    for values in ("binary", "log", "weight"):
        assert profiles_of(random_dataset(), values).data.mean() == pytest.approx(1, rel=1e-6)


def test_a_pair_without_weight_is_still_a_pair():
    data = dataset_of([(1, 1), (1, 2), (2, 1)], weights=[0, 3, 6])
    assert profiles_of(data, "weight").data.tolist() == pytest.approx([0.75, 0.75, 1.5])
    assert (profiles_of(dataset_of([(1, 1)], weights=[0]), "log").data > 0).all()
