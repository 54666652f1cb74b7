"""New listeners: scored without training, taken apart without a rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from recsys_core.datasets.lastfm import load_lastfm
from recsys_core.errors import NotFittedError, SettingsError
from recsys_core.models.registry import MODELS, create_model
from recsys_core.models.taste_map import RIDGE
from recsys_core.splitting import Protocol, split
from tests.core.small_data import checkerboard, dataset_of, datasets, random_dataset

FOLDING = [name for name, model in MODELS.items() if model().folds_in]


@pytest.fixture(scope="module", params=FOLDING)
def model(request):
    return create_model(request.param).fit(random_dataset(), epochs=3)


def own_items(model, user):
    return model.seen[user].indices


def test_every_model_but_chance_folds_in():
    assert set(MODELS) - set(FOLDING) == {"random"}


@pytest.mark.parametrize(
    "profile", [[], [3], [0, 5, 9], list(range(30))], ids=["nobody", "one", "three", "everything"]
)
@pytest.mark.parametrize("sign", ["likes", "mixed"])
def test_contributions_sum_to_the_score(model, profile, sign):
    weights = np.arange(1.0, len(profile) + 1) * np.where(np.arange(len(profile)) % 2, 1, -1)
    weights = np.abs(weights) if sign == "likes" else weights
    scores = model.fold_in(profile, weights)
    assert (scores.shape, scores.dtype) == ((30,), np.float32)
    parts = model.contributions(profile, weights, np.arange(30))
    assert (parts.parts.shape, parts.parts.dtype) == ((30, len(profile)), np.float64)
    np.testing.assert_allclose(parts.totals, scores, rtol=2e-6, atol=1e-6 * np.abs(scores).max())


def test_contributions_of_some_targets_are_rows_of_all(model):
    everything = model.contributions([1, 2], [1, 2], np.arange(30))
    some = model.contributions([1, 2], [1, 2], [7, 3])
    np.testing.assert_allclose(some.parts, everything.parts[[7, 3]], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(some.offset, everything.offset[[7, 3]], rtol=1e-9)


@pytest.mark.parametrize(
    ("items", "weights", "problem"),
    [
        ([1], [1, 2], "A profile of 1 items needs as many weights, not 2"),
        ([1, 1], [1, 2], "names an item twice"),
        ([30], [1], "outside 0 to 29"),
        ([-1], [1], "outside 0 to 29"),
        ([1], [0], "zero or not a finite number"),
        ([1], [np.nan], "zero or not a finite number"),
    ],
)
def test_unusable_profiles_are_refused(model, items, weights, problem):
    for use in (model.fold_in, lambda *profile: model.contributions(*profile, [0])):
        with pytest.raises(SettingsError, match=problem):
            use(items, weights)


def test_unknown_targets_are_refused(model):
    with pytest.raises(SettingsError, match="outside 0 to 29"):
        model.contributions([1], [1], [30])


def test_chance_cannot_and_says_so():
    model = create_model("random").fit(random_dataset())
    assert not model.folds_in
    with pytest.raises(SettingsError, match="random cannot score for a new listener"):
        model.fold_in([1], [1])
    with pytest.raises(SettingsError, match="random cannot say which items"):
        model.contributions([1], [1], [0])


def test_an_untrained_model_has_no_listeners_to_learn_from():
    with pytest.raises(NotFittedError):
        create_model("svd").fold_in([0], [1])


# ---- factor models -----------------------------------------------------------------------


def test_the_map_is_ridge_regression_of_user_vectors_on_mean_items():
    """The slow twin: rows of the ridge appended to the system, solved by lstsq, one listener at a time."""
    data = random_dataset()
    model = create_model("lightfm-warp", {"embedding_size": 4}).fit(data, epochs=3)
    users, items = model.scorer.user_embeddings, model.scorer.item_embeddings.astype(np.float64)
    rows = [user for user in range(data.n_users) for _ in own_items(model, user)]  # once per pair
    means = np.array([items[own_items(model, user)].mean(axis=0) for user in rows])
    centre, middle = means.mean(axis=0), users[rows].astype(np.float64).mean(axis=0)
    left, right = means - centre, users[rows] - middle
    ridge = RIDGE * np.square(left).sum() / 4
    solved, *_ = np.linalg.lstsq(
        np.vstack([left, np.sqrt(ridge) * np.eye(4)]), np.vstack([right, np.zeros((4, 4))]), rcond=None
    )
    vector = middle + ((3 * items[2] + items[8]) / 4 - centre) @ solved
    expected = items @ vector + model.scorer.item_biases
    np.testing.assert_allclose(model.fold_in([2, 8], [3, 1]), expected, rtol=1e-5, atol=1e-6)


def test_taste_is_carried_over():
    board = checkerboard(20)
    model = create_model("svd", {"embedding_size": 2}).fit(board)
    even, odd = model.fold_in([0, 4], [1, 1]), model.fold_in([1, 5], [1, 1])
    assert even[::2].min() > even[1::2].max()
    assert odd[1::2].min() > odd[::2].max()


def test_disliking_is_the_opposite_of_liking():
    model = create_model("svd").fit(random_dataset())
    liked, disliked = (model.contributions([3], [sign], np.arange(30)).parts for sign in (1, -1))
    np.testing.assert_allclose(liked, -disliked)


def test_further_training_moves_the_map():
    model = create_model("lightfm-warp").fit(random_dataset(), epochs=1)
    before = model.fold_in([1], [1])
    model.fit_more(3)
    assert not np.array_equal(model.fold_in([1], [1]), before)


def test_popularity_says_the_same_to_everybody_and_owes_it_to_nobody():
    model = create_model("popularity").fit(random_dataset())
    np.testing.assert_array_equal(model.fold_in([1, 2], [1, 5]), model.scores([0])[0])
    found = model.contributions([1, 2], [1, 5], [4])
    assert found.parts.tolist() == [[0.0, 0.0]]
    assert found.offset.tolist() == [model.scores([0])[0, 4]]


@settings(deadline=None, max_examples=30)
@given(datasets(min_pairs=1))
def test_the_smallest_data_give_finite_scores(data):
    for name in ("svd", "lightfm-bpr", "popularity"):
        model = create_model(name, {"embedding_size": 3}).fit(data)
        assert np.isfinite(model.fold_in([0], [1])).all()


def test_one_listener_alone_teaches_the_average_listener():
    model = create_model("svd").fit(dataset_of([(1, 1), (1, 2)]))
    np.testing.assert_allclose(model.fold_in([0], [1]), model.scores([0])[0], atol=1e-5)


# ---- on real data: the own list is nearly kept -------------------------------------------


@pytest.fixture(scope="module")
def training(lastfm_dir):
    return split(load_lastfm(lastfm_dir), Protocol()).training


@pytest.mark.parametrize(
    ("name", "chosen", "epochs", "floor"),
    [
        ("lightfm-warp", {"embedding_size": 10}, 10, 0.78),
        ("fast-warp", {"embedding_size": 64}, 20, 0.72),
        ("lightfm-bpr", {"embedding_size": 32}, 20, 0.65),
        ("svd", {"embedding_size": 10}, 1, 0.95),
    ],
)
def test_folding_in_a_known_listener_gives_nearly_their_own_list(training, name, chosen, epochs, floor):
    model = create_model(name, chosen).fit(training, epochs=epochs)
    users = np.flatnonzero(np.diff(model.seen.indptr) >= 10)[::15]
    kept = [
        len(set(first(model, user, model.scores([user])[0])) & set(first(model, user, folded(model, user))))
        for user in users
    ]
    assert np.mean(kept) / 10 > floor


def folded(model, user):
    items = own_items(model, user)
    return model.fold_in(items, np.ones(len(items)))


def first(model, user, scores):
    hidden = scores.copy()
    hidden[own_items(model, user)] = -np.inf
    return np.argsort(-hidden)[:10]
