"""Preferences: truth beside suggestions, hits marked, every state with a next step."""

from __future__ import annotations

import pytest

from recsys_core.datasets.demo import load_demo
from recsys_core.listening.hits import hits_per_user
from recsys_core.listening.preferences import Suggestions, get_ground_truth
from recsys_dashboard.listening.run_choice import best_run
from recsys_dashboard.texts import number, text, whole
from tests.dashboard.page_visits import metrics, store_demo_runs, visit, words


@pytest.fixture
def runs(data_root):
    return store_demo_runs(data_root, "lightfm-warp", "svd")


@pytest.fixture
def warp(runs):
    return Suggestions(runs["lightfm-warp"], load_demo())


def test_without_a_run_the_page_says_what_to_do(data_root):
    at = visit("preferences")
    assert not at.exception
    assert text("run_choice.none") in words(at)
    assert not at.metric


def test_the_best_lightfm_run_is_chosen_first_and_the_others_can_be(runs):
    at = visit("preferences")
    box = at.selectbox(key="model")
    assert box.value == runs["lightfm-warp"].manifest.run_id
    assert len(box.options) == 3
    box.select(runs["popularity"].manifest.run_id).run()
    assert text("model.popularity") in words(at)
    assert at.query_params["model"] == runs["popularity"].manifest.run_id


def test_the_baseline_is_chosen_where_there_is_nothing_else(data_root):
    runs = store_demo_runs(data_root, "popularity")
    assert best_run([run.manifest for run in runs.values()]).model == "popularity"


def test_tables_and_cards_are_those_of_the_library(warp):
    at = visit("preferences", user="12", model=warp.model.name)
    user = 12
    truth, suggested = at.dataframe[0].value, at.dataframe[1].value
    assert truth["name"].tolist() == get_ground_truth(user, warp.dataset)["name"].tolist()
    assert truth["weight"].is_monotonic_decreasing
    assert suggested["name"].tolist() == warp.suggest(user, 10)["name"].tolist()
    assert metrics(at)[text("preferences.card_artists")] == whole(len(truth))
    mean = number(hits_per_user(warp, 10)["hits"].mean(), 2)
    assert metrics(at)[text("preferences.card_mean")] == f"{mean} of 10"


def test_hits_carry_words_and_are_counted_in_a_sentence(warp):
    table = hits_per_user(warp, 10)
    row = table.sort_values("hits").iloc[-1]
    at = visit("preferences", user=str(row["user_id"]))
    assert words(at).count(f":material/check: {text('preferences.hit')}") == row["hits"] > 0
    assert metrics(at)[text("preferences.card_hits")] == f"{row['hits']} of 10"
    assert f"Of 10 suggestions, {row['hits']} were really listened to" in words(at)


def test_a_listener_with_nothing_hidden_is_not_called_a_failure(warp):
    judged = set(hits_per_user(warp, 10)["user_id"])
    nobody = next(user for user in warp.dataset.users.ids if user not in judged)
    at = visit("preferences", user=str(nobody))
    assert text("preferences.verdict_unknown") in words(at)
    assert metrics(at)[text("preferences.card_hits")] == "–"


def test_an_address_names_listener_model_and_length(runs):
    at = visit("preferences", user="7", model=runs["svd"].manifest.run_id, top="5")
    assert at.selectbox(key="user").value == "7"
    assert at.selectbox(key="model").value == runs["svd"].manifest.run_id
    assert len(at.dataframe[1].value) == 5


@pytest.mark.parametrize(
    "query",
    [
        {"user": "no-such-listener"},
        {"user": "<script>"},
        {"user": ""},
        {"model": "no-such-run"},
        {"model": "../../etc"},
        {"top": "1000"},
    ],
)
def test_a_bad_address_falls_back_to_what_there_is(runs, query):
    at = visit("preferences", **query)
    assert not at.exception
    assert not at.error
    assert at.selectbox(key="model").value == runs["lightfm-warp"].manifest.run_id
    assert len(at.dataframe[1].value) == 10


@pytest.mark.parametrize(
    ("button", "low", "high"), [("anyone", 0, 1500), ("heavy", 0, 150), ("light", 1350, 1500)]
)
def test_buttons_draw_a_listener_of_their_group(runs, button, low, high):
    at = visit("preferences")
    before = at.selectbox(key="user").value
    at.button(key=f"listener.{button}").click().run()
    after = at.selectbox(key="user").value
    assert after != before
    assert at.query_params["user"] == after
    plays = load_demo().interactions.to_csr().sum(axis=1).A1
    rank = (plays > plays[int(after) - 1]).sum()
    assert low <= rank < high


def test_a_damaged_run_is_a_sentence_and_other_runs_can_still_be_chosen(runs, data_root):
    run_id = runs["lightfm-warp"].manifest.run_id
    (data_root / "runs" / run_id / "arrays.npz").write_bytes(b"damaged")
    at = visit("preferences")
    assert len(at.exception) == 1  # which the server draws as a card with the reason
    at.selectbox(key="model").select(runs["svd"].manifest.run_id).run()
    assert not at.exception
    assert len(at.dataframe) == 2


def test_runs_of_other_data_are_not_offered(runs, data_root, monkeypatch, tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    file = folder / "plays.csv"
    file.write_text("user,artist,plays\n" + "\n".join(f"u{n},a{n % 3},{n + 1}" for n in range(9)))
    monkeypatch.setenv("REFRAIN_DATA", str(file))
    assert text("run_choice.none") in words(visit("preferences"))
