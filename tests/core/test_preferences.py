"""One listener: what they played, what we suggest, which suggestions were right."""

from __future__ import annotations

import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets.scaling import play_count_scaled
from recsys_core.errors import NotFittedError, RunError, UnknownIdError
from recsys_core.listening.preferences import (
    Suggestions,
    get_ground_truth,
    get_recommandation,
    get_recommendation,
)
from recsys_core.models.registry import create_model
from recsys_core.splitting import Protocol
from tests.core.small_data import dataset_of, random_dataset


@pytest.fixture(scope="module")
def data():
    return random_dataset(30, 25, 300)


@pytest.fixture(scope="module", params=["driver", "with validation"])
def suggestions(request, data):
    protocol = Protocol() if request.param == "driver" else Protocol(scaling="none", validation_share=0.2)
    wanted = ComparisonRequest(models=("svd",), protocol=protocol)
    *_, run = compare(data, wanted, created="2026-01-01T00:00:00+00:00")
    return Suggestions(run, data)


def items_of(rows, dataset, user):
    row = dataset.users.to_idx([user])[0]
    return set(dataset.items.to_id(rows.item_idx[rows.user_idx == row]))


def test_recommendations_are_the_best_unheard_best_first(data):
    model = create_model("svd").fit(data)
    table = get_recommendation(7, model, k=5)
    assert list(table.columns) == ["rank", "item_id", "name", "score"]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
    assert table["score"].is_monotonic_decreasing
    assert not set(table["item_id"]) & items_of(data.interactions, data, 7)
    assert table["name"].tolist() == [str(item) for item in table["item_id"]]


def test_the_owners_spelling_works_too(data):
    assert get_recommandation is get_recommendation


def test_a_listener_who_knows_everything_gets_an_empty_list():
    everything = dataset_of([(u, i) for u in range(3) for i in range(3)])
    assert len(get_recommendation(1, create_model("popularity").fit(everything))) == 0


def test_truth_is_everything_played_by_decreasing_scaled_count(data):
    truth = get_ground_truth(7, data)
    assert list(truth.columns) == ["item_id", "name", "weight", "play_count_scaled"]
    assert set(truth["item_id"]) == items_of(data.interactions, data, 7)
    assert truth["play_count_scaled"].is_monotonic_decreasing
    low, high = data.interactions.weights.min(), data.interactions.weights.max()
    assert truth["play_count_scaled"].tolist() == pytest.approx(
        ((truth["weight"] - low) / (high - low)).tolist()
    )


def test_equal_counts_come_in_the_order_of_names():
    truth = get_ground_truth(1, dataset_of([(1, "b"), (1, "a"), (1, "c"), (2, "a")], weights=[2, 2, 9, 1]))
    assert truth["name"].tolist() == ["c", "a", "b"]


@pytest.mark.parametrize(
    "ask", [get_ground_truth, lambda user, data: get_recommendation(user, trained(data))]
)
def test_ids_may_be_typed_and_strangers_are_answered_helpfully(data, ask):
    assert len(ask(" 7 ", data))
    with pytest.raises(UnknownIdError, match="There is no user '999' in this data set"):
        ask("999", data)


def trained(data):
    return create_model("popularity").fit(data)


def test_an_untrained_model_has_nothing_to_say():
    with pytest.raises(NotFittedError):
        get_recommendation(7, create_model("svd"))


def test_hits_are_the_held_out_items(suggestions, data):
    held_out = {user: items_of(suggestions.split.test, data, user) for user in data.users.ids}
    for user in data.users.ids:
        table = suggestions.suggest(user, 8)
        assert table["hit"].tolist() == [item in held_out[user] for item in table["item_id"]]
        truth = suggestions.truth(user)
        assert set(truth.loc[truth["held_out"], "item_id"]) == held_out[user]


def test_what_was_heard_is_never_suggested_even_if_the_model_was_not_shown_it(suggestions, data):
    """Single plays vanish under the driver's scaling and validation pairs are kept apart: both are heard."""
    for user in data.users.ids:
        heard = items_of(data.interactions, data, user) - items_of(suggestions.split.test, data, user)
        assert not set(suggestions.suggest(user, 25)["item_id"]) & heard


def test_lists_of_all_are_the_lists_of_each(suggestions, data):
    everyone = suggestions.lists(data.users.ids, 3)
    for user, rows in everyone.groupby("user_id"):
        assert rows["item_id"].tolist() == suggestions.suggest(user, 3)["item_id"].tolist()


def test_a_run_is_not_revived_on_other_data(suggestions, data):
    *_, run = compare(data, ComparisonRequest(models=("svd",)), created="2026-01-01T00:00:00+00:00")
    with pytest.raises(RunError, match=r"was trained on Test data .*Choose that data set or train again"):
        Suggestions(run, random_dataset(30, 25, 299))


def test_on_real_data_the_greatest_fan_comes_first(lastfm):
    truth = get_ground_truth("1642", lastfm)
    assert truth.iloc[0][["name", "weight", "play_count_scaled"]].tolist() == ["Depeche Mode", 352_698, 1.0]
    assert len(get_ground_truth(2, lastfm)) == 50
    assert play_count_scaled(lastfm.interactions.weights).min() == 0
