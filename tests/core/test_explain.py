"""Reasons: they add up to the score, for every model, and say when there are none."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.listening.company import Company
from recsys_core.listening.explain import explain
from recsys_core.listening.list_comparison import compare_lists
from recsys_core.listening.nearness import nearness_of
from recsys_core.listening.profile import Profile
from recsys_core.listening.ranked_list import Filters, ranked_list
from recsys_core.listening.taste import SHARE_OF_HISTORY
from recsys_core.plots.why import STRONGEST, why_figure, why_pieces
from tests.core.revived import demo_suggestions, revived
from tests.core.small_data import random_dataset

PROFILE = Profile.decode("5.5~3.9~no.20~1.31")
WORDS = {"strongest": "own", "others": "others", "anybody": "anybody", "rest": "rest", "score": "score"}


@pytest.fixture(params=[7, None], ids=["a listener", "somebody new"])
def user(request):
    return request.param


@pytest.mark.parametrize("model", ["lightfm-warp", "svd", "popularity", "random"])
@pytest.mark.parametrize("profile", [Profile(), PROFILE], ids=["silent", "with opinions"])
def test_the_terms_add_up_to_the_score(model, user, profile):
    ranked = ranked_list(demo_suggestions(model), user, profile)
    found = explain(ranked, ranked.order[:20])
    np.testing.assert_allclose(found.own + found.anybody + found.rest + found.level, found.scores, rtol=1e-12)
    np.testing.assert_allclose(found.scores, ranked.scores[ranked.order[:20]], rtol=1e-5, atol=1e-5)
    totals = found.table().groupby("artist", sort=False)["adds"].sum()
    np.testing.assert_allclose(totals, found.scores, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("model", ["lightfm-warp", "svd"])
def test_for_somebody_new_nothing_is_left_unexplained(model):
    ranked = ranked_list(demo_suggestions(model), None, PROFILE)
    found = explain(ranked, ranked.order[:20])
    assert not found.rest.any()
    assert found.level == 0


@pytest.mark.parametrize("values", ["binary", "log", "weight"])
@pytest.mark.parametrize("model", ["ease", "item-knn", "rp3beta"])
def test_sums_over_own_artists_are_explained_to_the_last_bit(model, values):
    suggestions = revived(random_dataset(60, 40, 700), model, values=values)
    ranked = ranked_list(suggestions, 7)
    found = explain(ranked, ranked.order[:20])
    assert not found.rest.any()
    assert found.level == pytest.approx(0, abs=1e-5)
    assert found.says_why
    near = nearness_of(suggestions)
    assert (near.overlap, near.correlation) == (1, pytest.approx(1))


def test_an_opinion_moves_a_listeners_scores_by_what_its_artist_says_and_nothing_else():
    suggestions = revived(random_dataset(60, 40, 700), "ease", values="log")
    model, user = suggestions.model, 7
    before = ranked_list(suggestions, user)
    liked = int(before.order[-1])
    after = ranked_list(suggestions, user, Profile().having(suggestions.dataset.items.ids[liked], "3"))
    weight = max(1.0, SHARE_OF_HISTORY * len(before.taste.history))
    said = model.weights.part(np.array([liked]), np.arange(suggestions.dataset.n_items))[0]
    np.testing.assert_allclose(after.scores - before.scores, weight * said, atol=1e-5)


def test_reasons_come_strongest_first_and_only_those_that_speak_for_it():
    ranked = ranked_list(demo_suggestions("svd"), 7)
    found = explain(ranked, ranked.order[:5])
    for at in range(5):
        reasons = found.reasons(at)
        assert reasons["adds"].is_monotonic_decreasing
        assert len(reasons) == len(ranked.taste.items)
        strongest = found.strongest(at, 3)
        assert reasons["name"].head(len(strongest)).tolist() == found.names[found.items[strongest]].tolist()
        assert (found.parts[at, strongest] > 0).all()
    assert found.first(2).table()["artist"].nunique() == 2


@pytest.mark.parametrize("model", ["lightfm-warp", "svd"])
def test_the_share_of_the_strongest_is_counted_among_all_that_speak_for_it(model):
    ranked = ranked_list(demo_suggestions(model), 7)
    found = explain(ranked, ranked.order[:5])
    for at in range(5):
        adds = [one for one in found.reasons(at)["adds"] if one > 0]
        assert found.supporters(at) == len(adds)
        assert found.share_of_strongest(at, 3) == pytest.approx(sum(adds[:3]) / sum(adds))
        assert found.share_of_strongest(at, len(adds)) == pytest.approx(1)


def test_popularity_names_no_reason():
    ranked = ranked_list(demo_suggestions("popularity"), 7)
    found = explain(ranked, ranked.order[:5])
    assert not found.says_why
    assert found.strongest(0, 3).tolist() == []
    assert found.share_of_strongest(0, 3) == 0
    np.testing.assert_array_equal(found.anybody, found.scores)


def test_what_puts_an_artist_on_a_list_is_told_apart():
    suggestions = demo_suggestions("svd")
    disliked = ranked_list(suggestions, None, Profile.decode("no.5~no.9~no.31"))
    found = explain(disliked, np.arange(suggestions.dataset.n_items))
    causes = {found.cause(at) for at in range(len(found.targets))}
    assert causes == {"own", "despite"}
    assert all(found.own[at] < 0 for at in range(len(found.targets)) if found.cause(at) == "despite")
    for model, cause in (("popularity", "anybody"), ("random", "untold")):
        ranked = ranked_list(demo_suggestions(model), 7)
        assert explain(ranked, ranked.order[:1]).cause(0) == cause


def test_an_artist_that_nobody_speaks_for_is_not_called_known():
    ranked = ranked_list(revived(random_dataset(60, 40, 700), "item-knn", neighbours=1), 7)
    found = explain(ranked, ranked.order[-1:])
    assert found.scores[0] == 0
    assert found.cause(0) == "beyond"


def test_a_blend_of_ranks_cannot_be_taken_apart_and_says_so():
    suggestions = revived(random_dataset(60, 40, 700), "ensemble", members="quick", blend="ranks")
    ranked = ranked_list(suggestions, 7, Profile().having(3, "5"))
    found = explain(ranked, ranked.order[:5])
    assert not found.told
    np.testing.assert_allclose(found.rest + found.level, found.scores)
    assert nearness_of(suggestions) is None
    assert ranked_list(suggestions, None, Profile().having(3, "5")).taste.basis == "charts"


@pytest.mark.parametrize(("model", "floor"), [("svd", 0.8), ("lightfm-warp", 0.5), ("popularity", 1.0)])
def test_nearness_is_the_overlap_with_the_own_list(model, floor):
    found = nearness_of(demo_suggestions(model))
    assert found.listeners == 60
    assert floor <= found.overlap <= 1
    assert found.correlation > 0.8


def test_chance_has_no_nearness():
    assert nearness_of(demo_suggestions("random")) is None


# ---- tags and friends --------------------------------------------------------------------


def test_shared_tags_are_counted_among_the_own_artists():
    """The slow twin: read the tags of each own artist one by one."""
    suggestions = demo_suggestions("svd")
    data, company = suggestions.dataset, Company.of(suggestions.dataset)
    ranked = ranked_list(suggestions, 7)
    tags = [
        {data.item_features.names[at].removeprefix("tag:") for at in data.item_features.values[row].indices}
        for row in range(data.n_items)
    ]
    for target in ranked.order[:10]:
        for one in company.shared_tags(int(target), ranked.taste.items):
            assert one.tag in tags[target]
            assert one.own_artists == sum(one.tag in tags[own] for own in ranked.taste.items) > 0


def test_friends_who_listen_are_friends_and_listen():
    suggestions = demo_suggestions("svd")
    data, company = suggestions.dataset, Company.of(suggestions.dataset)
    plays = data.interactions.to_csr(binary=True).toarray() > 0
    row = int(data.users.to_idx([7])[0])
    friends = {
        int(data.user_features.names[at].removeprefix("friend:"))
        for at in data.user_features.values[row].indices
    }
    for target in range(0, data.n_items, 20):
        expected = [
            one for one in range(data.n_users) if data.users.ids[one] in friends and plays[one, target]
        ]
        assert company.friends_who_listen(row, target).tolist() == expected
    assert company.friends_who_listen(None, 0).tolist() == []


def test_data_without_tags_or_friends_have_no_company():
    company = Company.of(random_dataset())
    assert company.shared_tags(0, np.array([1, 2])) == []
    assert company.friends_who_listen(0, 0).tolist() == []


# ---- two lists ---------------------------------------------------------------------------


def test_two_lists_are_compared_place_by_place():
    first, second = (ranked_list(demo_suggestions(model), 7) for model in ("svd", "popularity"))
    found = compare_lists(first, second, 10)
    mine, theirs = first.table(10), second.table(10)
    assert found.shared == len(set(mine["item_id"]) & set(theirs["item_id"]))
    assert set(found.table["item_id"]) == set(mine["item_id"]) | set(theirs["item_id"])
    for row in found.table.itertuples():
        item = first.suggestions.dataset.items.to_idx([row.item_id])[0]
        assert first.order[row.rank_first - 1] == second.order[row.rank_second - 1] == item
        assert row.change == row.rank_first - row.rank_second
    assert found.table[["rank_first", "rank_second"]].min(axis=1).is_monotonic_increasing


def test_an_artist_one_list_may_not_hold_has_no_place_there():
    suggestions = demo_suggestions("svd")
    first = ranked_list(suggestions, 7)
    second = ranked_list(suggestions, 7, filters=Filters(hide_heard=False))
    places = compare_lists(first, second, 10).table
    assert (places.loc[places["rank_first"] == 0, "change"] == 0).all()
    assert compare_lists(first, first, 10).shared == 10


# ---- the figure --------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["lightfm-warp", "svd", "popularity"])
def test_the_pieces_of_a_bar_add_up_to_the_score_without_its_level(model):
    ranked = ranked_list(demo_suggestions(model), 7)
    found = explain(ranked, ranked.order[:6])
    pieces = why_pieces(found, 3)
    sums = [sum(piece.size for piece in row) for row in pieces]
    np.testing.assert_allclose(sums, found.scores - found.level, rtol=1e-9, atol=1e-12)
    figure = why_figure(found, number="{:.2f}".format, words=WORDS)
    *bars, diamonds = figure.data
    np.testing.assert_allclose(np.sum([bar.x for bar in bars], axis=0)[::-1], sums, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(diamonds.x[::-1], sums, rtol=1e-9, atol=1e-9)
    assert diamonds.hovertext[-1] == f"score: {found.scores[0]:.2f}"


def test_own_artists_are_named_in_their_pieces_and_on_hovering():
    ranked = ranked_list(demo_suggestions("svd"), 7)
    found = explain(ranked, ranked.order[:2])
    figure = why_figure(found, number="{:.2f}".format, words=WORDS)
    strongest = str(found.names[found.items[found.strongest(0, 1)[0]]])
    assert figure.data[0].name == WORDS[STRONGEST]
    assert figure.data[0].hovertext[1].startswith(strongest)
    assert list(figure.layout.yaxis.ticktext)[1] == str(found.names[found.targets[0]])[:22]
