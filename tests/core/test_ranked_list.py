"""Lists for stored listeners, new ones, and stored ones who say more; filters on all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import SettingsError, UnknownIdError
from recsys_core.listening.knowledge import knowledge_of
from recsys_core.listening.profile import Profile
from recsys_core.listening.ranked_list import Filters, common_tags, ranked_list, with_any_tag
from recsys_core.listening.taste import taste_of
from recsys_core.splitting import Protocol
from tests.core.revived import demo_suggestions, revived
from tests.core.small_data import dataset_of, random_dataset

MODELS = ["lightfm-warp", "svd", "popularity"]
FOLDING = MODELS[:2]


def said(*opinions):
    profile = Profile()
    for item, verdict in opinions:
        profile = profile.having(item, verdict)
    return profile


def names(ranked, k=10):
    return ranked.table(k)["name"].tolist()


@pytest.mark.parametrize("model", [*MODELS, "random"])
def test_without_a_word_a_listener_gets_the_models_own_list(model):
    suggestions = demo_suggestions(model)
    for user in suggestions.dataset.users.ids[::60]:
        mine = ranked_list(suggestions, user).table(15)
        pd.testing.assert_frame_equal(
            mine[["rank", "item_id", "name", "hit"]],
            suggestions.suggest(user, 15)[["rank", "item_id", "name", "hit"]],
        )


@pytest.mark.parametrize("model", FOLDING)
def test_somebody_new_gets_what_the_model_folds_in(model):
    suggestions = demo_suggestions(model)
    profile = said((5, "5"), (9, "3"), (20, "no"), (30, "never"))
    ranked = ranked_list(suggestions, None, profile)
    scores = suggestions.model.fold_in([4, 8, 19], [5 / 3, 1, -1])
    hidden = np.isin(np.arange(len(scores)), [4, 8, 19, 29])
    expected = np.argsort(np.where(hidden, np.inf, -scores), kind="stable")[: len(scores) - 4]
    np.testing.assert_array_equal(ranked.order, expected)
    assert ranked.taste.basis == "folded"
    assert not ranked.table(5)[["hit", "heard"]].to_numpy().any()


@pytest.mark.parametrize("model", FOLDING)
def test_an_opinion_moves_a_listeners_list_from_where_it_stood(model):
    suggestions = demo_suggestions(model)
    before = ranked_list(suggestions, 7)
    liked, disliked = before.order[5], before.order[6]
    items = suggestions.dataset.items.ids
    after = ranked_list(suggestions, 7, said((items[liked], "5"), (items[disliked], "no")))
    assert after.taste.basis == "own"
    assert not {liked, disliked} & set(after.order)
    assert names(after) != names(before)
    # what is like the liked artist rises, by what the fold-in says of it
    moved = after.scores - before.scores
    assert moved[liked] > moved[disliked]
    assert np.corrcoef(after.scores, before.scores)[0, 1] > 0.7


def test_never_takes_one_artist_out_and_leaves_the_rest_in_order():
    suggestions = demo_suggestions("lightfm-warp")
    before = ranked_list(suggestions, 7)
    after = ranked_list(suggestions, 7, said((suggestions.dataset.items.ids[before.order[0]], "never")))
    np.testing.assert_array_equal(after.order, before.order[1:])
    np.testing.assert_array_equal(after.scores, before.scores)


def test_an_opinion_on_an_artist_of_ones_own_replaces_its_play():
    suggestions = demo_suggestions("svd")
    own = suggestions.model.seen[0].indices
    user = suggestions.dataset.users.ids[0]
    taste = taste_of(suggestions, user, said((suggestions.dataset.items.ids[own[0]], "no")))
    assert len(taste.items) == len(own)
    assert taste.weights[taste.items == own[0]] < 0


def test_chance_cannot_take_opinions_but_leaves_the_artist_out():
    suggestions = demo_suggestions("random")
    before = ranked_list(suggestions, 7)
    item = suggestions.dataset.items.ids[before.order[0]]
    np.testing.assert_array_equal(ranked_list(suggestions, 7, said((item, "no"))).order, before.order[1:])
    assert ranked_list(suggestions, None, said((item, "5"))).taste.basis == "charts"


def test_strangers_are_named():
    for user, profile in ((99999, None), (7, said((99999, "5")))):
        with pytest.raises(UnknownIdError, match="99999"):
            ranked_list(demo_suggestions("svd"), user, profile)


# ---- filters -----------------------------------------------------------------------------


def test_heard_artists_are_hidden_or_marked():
    suggestions = demo_suggestions("svd")
    shown = ranked_list(suggestions, 7, filters=Filters(hide_heard=False)).table(1000)
    assert len(shown) == suggestions.dataset.n_items
    heard = set(
        suggestions.dataset.items.ids[suggestions.heard[suggestions.dataset.users.to_idx([7])[0]].indices]
    )
    assert set(shown.loc[shown["heard"], "item_id"]) == heard
    assert not set(ranked_list(suggestions, 7).table(1000)["item_id"]) & heard


def test_no_artist_of_an_unwanted_tag_is_suggested():
    suggestions = demo_suggestions("svd")
    unwanted = common_tags(suggestions.dataset)[:2]
    carriers = set(suggestions.dataset.names[with_any_tag(suggestions.dataset, tuple(unwanted))])
    assert set(names(ranked_list(suggestions, 7), 100)) & carriers
    left = ranked_list(suggestions, 7, filters=Filters(without_tags=tuple(unwanted)))
    assert not set(names(left, 1000)) & carriers
    assert len(left.order)


def test_novelty_lowers_fame_step_by_step():
    suggestions = demo_suggestions("lightfm-warp")
    fame = [
        np.mean([ranked_list(suggestions, user, filters=Filters(novelty=step)).table(10)["listeners"].mean()
                 for user in range(1, 20)])
        for step in (0.0, 0.5, 1.0)
    ]  # fmt: skip
    assert fame[0] > fame[1] > fame[2]


def test_under_novelty_nothing_is_suggested_of_which_too_little_is_known():
    data = dataset_of([(u, i) for u in range(20) for i in range(10) if (u * i) % 3 or i > u])
    suggestions = revived(data, "svd", Protocol(scaling="none"))
    ranked = ranked_list(suggestions, 3, filters=Filters(novelty=1.0))
    assert (suggestions.listeners[ranked.order] >= 3).all()


@pytest.mark.parametrize(
    "values", [{"novelty": 1.5}, {"novelty": -0.1}, {"without_tags": [1]}, {"nonsense": 1}]
)
def test_filters_out_of_range_are_refused(values):
    with pytest.raises(SettingsError):
        Filters.from_dict(values)


def test_a_list_longer_than_what_is_left_is_what_there_is():
    suggestions = demo_suggestions("svd")
    tags = tuple(common_tags(suggestions.dataset, 1))
    assert ranked_list(suggestions, 7, filters=Filters(without_tags=tags)).table(10).empty


def test_data_without_tags_filter_nothing():
    assert common_tags(random_dataset()) == []
    assert not with_any_tag(random_dataset(), ("rock",)).any()


# ---- cold listeners ----------------------------------------------------------------------


def cold_data():
    """Listener 100 has single plays only, which the driver's scaling drops."""
    cells = [(u, i) for u in range(30) for i in range(12) if (u + i) % 3]
    weights = [2 + (u * i) % 5 for u, i in cells]
    cells += [(100, 0), (100, 1), (100, 2)]
    return dataset_of(cells, weights=[*weights, 1, 1, 1])


def test_single_plays_vanish_and_it_is_known_how_many():
    suggestions = revived(cold_data(), "svd")
    known = knowledge_of(suggestions, int(suggestions.dataset.users.to_idx([100])[0]))
    assert (known.trained, known.held_out, known.vanished, known.artists) == (0, 0, 3, 3)
    assert known.is_cold
    assert not known.is_thin


def test_who_was_never_trained_on_is_folded_in_from_what_they_are_known_to_play():
    suggestions = revived(cold_data(), "svd")
    ranked = ranked_list(suggestions, 100)
    assert (ranked.taste.basis, ranked.taste.items.tolist()) == ("heard", [0, 1, 2])
    np.testing.assert_allclose(ranked.scores, suggestions.model.fold_in([0, 1, 2], [1, 1, 1]))
    assert not {0, 1, 2} & set(ranked.order)


def test_who_is_known_for_nothing_gets_the_charts():
    data = dataset_of([*((u, i) for u in range(20) for i in range(8) if (u + i) % 3), (99, 3)])
    for seed in range(40):
        suggestions = revived(data, "svd", Protocol(scaling="none", seed=seed))
        user = int(data.users.to_idx([99])[0])
        if knowledge_of(suggestions, user).is_cold:
            break
    ranked = ranked_list(suggestions, 99)
    assert ranked.taste.basis == "charts"
    np.testing.assert_array_equal(ranked.scores, suggestions.listeners)


def test_parts_of_knowledge_add_up_for_everybody():
    data = random_dataset(30, 25, 300)
    for protocol in (Protocol(), Protocol(scaling="none", validation_share=0.2)):
        suggestions = revived(data, "svd", protocol)
        counts = np.bincount(data.interactions.user_idx, minlength=data.n_users)
        for user in range(data.n_users):
            known = knowledge_of(suggestions, user)
            assert known.artists == counts[user]
            assert min(known.trained, known.held_out, known.kept_apart, known.vanished) >= 0
