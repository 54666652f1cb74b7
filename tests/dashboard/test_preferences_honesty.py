"""Preferences says no more than it knows: what was tested, why this model, how much named artists weigh."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets.demo import load_demo
from recsys_core.listening.best_run import auc_of
from recsys_core.listening.company import Company
from recsys_core.listening.explain import explain
from recsys_core.listening.hits import hits_per_user
from recsys_core.listening.knowledge import knowledge_of
from recsys_core.listening.nearness import nearness_of
from recsys_core.listening.profile import Profile
from recsys_core.listening.ranked_list import ranked_list
from recsys_core.runs import RunStore
from recsys_core.runs.default_model import default_of, write_default
from recsys_dashboard.listening.listener_view import listening_title
from recsys_dashboard.listening.why_view import how_exact, why_title
from recsys_dashboard.settings import read_settings
from recsys_dashboard.texts import number, percent, text
from tests.dashboard.page_visits import fine, metrics, store_demo_runs, visit, words


def test_thumbs_do_not_change_how_often_the_model_was_right(warp):
    table = hits_per_user(warp, 10)
    row = table.sort_values("hits").iloc[-1]
    user, hits = row["user_id"], f"{row['hits']} of 10"
    right = ranked_list(warp, user).table(10).query("hit")["item_id"].iloc[0]
    at = visit("preferences", user=str(user), said=f"3.{right}")
    assert metrics(at)[text("preferences.card_hits")] == hits
    here = ranked_list(warp, user, Profile.decode(f"3.{right}")).table(10)["hit"].sum()
    assert f"Of these 10, {here} were really listened to. That is no test any more" in words(at)
    assert f"Left alone, {row['hits']} of the model's 10 are right" in words(at)


def test_filters_do_not_change_how_often_the_model_was_right_either(warp):
    row = hits_per_user(warp, 10).sort_values("hits").iloc[-1]
    at = visit("preferences", user=str(row["user_id"]), novelty="0.8")
    assert metrics(at)[text("preferences.card_hits")] == f"{row['hits']} of 10"
    assert "That is no test any more" in words(at)


def test_the_page_says_why_this_model_is_shown_until_another_is_chosen(stored):
    at = visit("preferences")
    svd = stored["svd"].manifest  # after two epochs the better one
    better = text("run_choice.why_lightfm", model=text("model.svd"), auc=number(auc_of(svd)))
    assert better in words(at)
    at.selectbox(key="model").select(stored["svd"].manifest.run_id).run()
    assert "Shown unless you choose another" not in words(at)


def test_the_model_made_the_default_is_shown_first(stored, data_root):
    svd = stored["svd"].manifest
    write_default(read_settings().default_model, default_of(svd, chosen=svd.created))
    at = visit("preferences")
    assert at.selectbox(key="model").value == svd.run_id
    assert text("run_choice.why_default") in words(at)


def test_a_damaged_default_leaves_the_best_lightfm(stored):
    read_settings().default_model.parent.mkdir(parents=True, exist_ok=True)
    read_settings().default_model.write_text("damaged")
    assert visit("preferences").selectbox(key="model").value == stored["lightfm-warp"].manifest.run_id


def test_of_all_that_speaks_for_the_first_the_strongest_three_are_given_their_share(warp):
    lists = ((user, ranked_list(warp, user)) for user in warp.dataset.users.ids)
    reasons = ((user, explain(ranked, ranked.order[:1])) for user, ranked in lists)
    user, found = next((user, found) for user, found in reasons if found.supporters(0) > 4)
    said = words(visit("preferences", user=str(user)))
    assert f"make up {percent(found.share_of_strongest(0, 3))} of what own artists say for it" in said
    assert f"{found.supporters(0) - 3} others the rest" in said


def test_what_comes_first_by_chance_is_not_called_well_known(data_root):
    random = store_demo_runs(data_root, "random")["random"].manifest
    said = words(visit("preferences", user="12", model=random.run_id))
    assert "comes first by chance: this model draws its lists at random" in said
    assert "well known" not in said


def test_own_artists_that_speak_against_the_first_are_not_passed_over(warp):
    ranked = ranked_list(warp, None, Profile.decode("no.5~no.9~no.31"))
    found = explain(ranked, ranked.order)
    against = next(at for at in range(len(ranked.order)) if found.cause(at) == "despite")
    first = explain(ranked, ranked.order[[against]])
    assert why_title(first, ranked).endswith("although this listener's own artists speak against it")


def test_under_novelty_nothing_is_said_to_come_first_for_its_score(warp):
    said = words(visit("preferences", user="12", novelty="0.5"))
    assert "comes first with fame weighed in" in said
    assert "comes first because" not in said
    assert "comes first:" not in said


def test_a_blend_of_ranks_has_a_page_that_says_what_it_cannot_do(data_root):
    own = {"ensemble": {"members": "quick", "blend": "ranks"}}
    request = ComparisonRequest(models=("ensemble",), epochs=1, settings=own)
    runs = compare(load_demo(), request, created="2026-01-02T03:04:05+00:00")
    run = next(one for one in runs if one.manifest.model == "ensemble")
    RunStore(data_root / "runs").save(run)
    said = words(fine(visit("preferences", user="12", model=run.manifest.run_id, said="5.1")))
    for name in ("cannot_fold", "why_untold"):
        assert text(f"preferences.{name}") in said
    assert "This model cannot say why" in said
    new = fine(visit("preferences", who="me", mine="5.1~5.2~5.3", model=run.manifest.run_id))
    assert text("preferences.cannot_fold") in words(new)


def test_pieces_that_leave_something_are_not_called_exact_where_nearness_is_unknown(warp):
    ranked = ranked_list(warp, 12)
    found = explain(ranked, ranked.order[:5])
    assert found.rest.any()
    beyond, exact = text("preferences.why_beyond"), text("preferences.why_exact")
    assert how_exact(found, None, by_chance=False) == beyond
    assert how_exact(found, nearness_of(warp), by_chance=False).startswith(beyond)
    assert how_exact(replace(found, rest=0 * found.rest), None, by_chance=False) == exact


def test_all_friends_who_play_an_artist_are_named(warp):
    company, ids = Company.of(warp.dataset), warp.dataset.users.ids
    ranked = [(user, ranked_list(warp, user).order[0]) for user in ids[:60]]
    rows = {user: company.friends_who_listen(row, top) for row, (user, top) in enumerate(ranked)}
    user, friends = max(rows.items(), key=lambda one: len(one[1]))
    said = words(visit("preferences", user=str(user)))
    assert ", ".join(map(str, ids[friends])) in said


def test_plays_that_scaling_dropped_are_told(warp):
    vanished = {row: knowledge_of(warp, row).vanished for row in range(200)}
    row, n = max(vanished.items(), key=lambda one: one[1])
    assert n > 0
    smallest = warp.dataset.interactions.weights.min()
    assert smallest == 1
    assert text("preferences.vanished", n=n, times="once") in words(
        visit("preferences", user=str(warp.dataset.users.ids[row]))
    )


def test_who_is_played_most_is_not_said_where_nobody_is():
    truth = pd.DataFrame({"name": ["U2", "Air", "Moby"], "weight": [2.0, 2.0, 1.0]})
    assert listening_title(truth) == "2 artists share first place: 40% of all plays each"
    assert listening_title(truth.iloc[1:]) == "Listens most to Air: 67% of all plays"
