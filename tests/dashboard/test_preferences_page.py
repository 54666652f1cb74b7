"""Preferences: truth beside suggestions, hits marked, every state with a next step."""

from __future__ import annotations

import pytest

from recsys_core.datasets.demo import load_demo
from recsys_core.listening.hits import hits_per_user
from recsys_core.listening.list_comparison import compare_lists
from recsys_core.listening.preferences import Suggestions, get_ground_truth
from recsys_core.listening.profile import Profile
from recsys_core.listening.ranked_list import Filters, common_tags, ranked_list
from recsys_dashboard.listening.run_choice import best_run
from recsys_dashboard.texts import number, text, whole
from tests.dashboard.page_visits import fine, metrics, store_demo_runs, visit, words


def test_without_a_run_the_page_says_what_to_do(data_root):
    at = visit("preferences")
    assert not at.exception
    assert text("run_choice.none") in words(at)
    assert not at.metric


def test_the_best_lightfm_run_is_chosen_first_and_the_others_can_be(stored):
    at = visit("preferences")
    box = at.selectbox(key="model")
    assert box.value == stored["lightfm-warp"].manifest.run_id
    assert len(box.options) == 3
    box.select(stored["popularity"].manifest.run_id).run()
    assert text("model.popularity") in words(at)
    assert at.query_params["model"] == stored["popularity"].manifest.run_id


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


def test_an_address_names_listener_model_and_length(stored):
    at = visit("preferences", user="7", model=stored["svd"].manifest.run_id, top="5")
    assert at.selectbox(key="user").value == "7"
    assert at.selectbox(key="model").value == stored["svd"].manifest.run_id
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
def test_a_bad_address_falls_back_to_what_there_is(stored, query):
    at = visit("preferences", **query)
    assert not at.exception
    assert not at.error
    assert at.selectbox(key="model").value == stored["lightfm-warp"].manifest.run_id
    assert len(at.dataframe[1].value) == 10


def test_an_address_that_names_nobody_is_told_until_somebody_is_chosen(stored):
    at = visit("preferences", user="no-such-*listener*")
    shown = at.selectbox(key="user").value
    told = text("listener.refused", asked="no-such-*listener*", shown=shown)
    assert told in words(at)
    at.segmented_control(key="top").set_value(5).run()
    assert told in words(at)
    at.selectbox(key="user").select("7").run()
    assert "no-such" not in words(at)


@pytest.mark.parametrize(
    ("button", "low", "high"), [("anyone", 0, 1500), ("heavy", 0, 150), ("light", 1350, 1500)]
)
def test_buttons_draw_a_listener_of_their_group(stored, button, low, high):
    at = visit("preferences")
    before = at.selectbox(key="user").value
    at.button(key=f"listener.{button}").click().run()
    after = at.selectbox(key="user").value
    assert after != before
    assert at.query_params["user"] == after
    plays = load_demo().interactions.to_csr().sum(axis=1).A1
    rank = (plays > plays[int(after) - 1]).sum()
    assert low <= rank < high


def test_a_damaged_run_is_a_sentence_and_other_runs_can_still_be_chosen(stored, data_root):
    run_id = stored["lightfm-warp"].manifest.run_id
    (data_root / "runs" / run_id / "arrays.npz").write_bytes(b"damaged")
    at = visit("preferences")
    assert len(at.exception) == 1  # which the server draws as a card with the reason
    at.selectbox(key="model").select(stored["svd"].manifest.run_id).run()
    assert not at.exception
    assert len(at.dataframe) == 2


def test_runs_of_other_data_are_not_offered(stored, data_root, monkeypatch, tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    file = folder / "plays.csv"
    file.write_text("user,artist,plays\n" + "\n".join(f"u{n},a{n % 3},{n + 1}" for n in range(9)))
    monkeypatch.setenv("REFRAIN_DATA", str(file))
    assert text("run_choice.none") in words(visit("preferences"))


# ---- opinions ----------------------------------------------------------------------------


def listed(at):
    return (
        at.dataframe[1].value["name"].tolist()
        if len(at.dataframe) > 1
        else at.dataframe[0].value["name"].tolist()
    )


def say(at, verdict, item):
    return at.button(key=f"say.{verdict}.{item}").click().run()


def test_opinions_rerank_at_once_stand_in_the_address_and_are_undone(warp):
    at = visit("preferences", user="12")
    before = listed(at)
    first, second = (int(one) for one in warp.suggest(12, 2)["item_id"])
    say(at, "like", first)
    assert at.query_params["said"] == f"3.{first}"
    say(at, "no", second)
    after = listed(at)
    expected = ranked_list(warp, 12, Profile.decode(f"3.{first}~no.{second}")).table(10)
    assert after == expected["name"].tolist() != before
    assert text("preferences.said_no", name=warp.dataset.names_of([second])[0]) in words(at)
    at.button(key="opinions.undo").click().run()
    assert at.query_params["said"] == f"3.{first}"
    at.button(key="opinions.undo").click().run()
    assert "said" not in at.query_params
    assert listed(at) == before


def test_never_takes_the_artist_out_and_forgetting_brings_it_back(warp):
    at = visit("preferences", user="12")
    before = listed(at)
    say(at, "never", int(warp.suggest(12, 1)["item_id"][0]))
    assert listed(at)[:9] == before[1:]
    at.button(key="opinions.clear").click().run()
    assert listed(at) == before


def test_opinions_do_not_follow_to_another_listener(warp):
    at = visit("preferences", user="12", said="5.1~no.2")
    assert at.query_params["said"] == "5.1~no.2"
    at.selectbox(key="user").select("7").run()
    assert "said" not in at.query_params
    assert listed(at) == warp.suggest(7, 10)["name"].tolist()
    at.selectbox(key="user").select("12").run()
    assert at.query_params["said"] == "5.1~no.2"


@pytest.mark.parametrize("said", ["nonsense", "6.1", "5.1~5.1", "5.99999", "x" * 5000])
def test_unusable_opinions_are_told_and_left_out(stored, said):
    at = visit("preferences", user="12", said=said)
    assert not at.exception
    assert len(at.error) == 1
    assert "said" not in at.query_params


def test_a_model_without_taste_says_that_opinions_cannot_move_it(data_root):
    stored = store_demo_runs(data_root, "random")
    at = visit("preferences", user="12", model=stored["random"].manifest.run_id, said="5.1")
    assert not at.exception
    assert text("preferences.cannot_fold") in words(at)
    assert text("preferences.why_none") in words(at)


# ---- become a listener -------------------------------------------------------------------


def test_one_becomes_a_listener_by_picking_three_artists(warp):
    at = visit("preferences", who="me")
    assert text("preferences.waiting") in words(at)
    assert not at.dataframe
    for typed, name in (("metalica", "Metallica"), ("iron mai", "Iron Maiden"), ("slayr", "Slayer")):
        at.text_input(key="preferences.search").set_value(typed).run()
        button = next(one for one in at.button if one.label.replace("\\", "") == name)
        button.click().run()
        assert at.text_input(key="preferences.search").value == ""
    mine = at.query_params["mine"]
    mine = mine[0] if isinstance(mine, list) else mine
    assert text("preferences.for_you") in words(at)
    assert listed(at) == ranked_list(warp, None, Profile.decode(mine)).table(10)["name"].tolist()
    assert "because of" in words(at)


def test_a_shared_address_brings_the_profile_back(warp):
    mine = "5.1~2.7~4.12~no.30~never.31"
    at = visit("preferences", who="me", mine=mine, top="5")
    assert listed(at) == ranked_list(warp, None, Profile.decode(mine)).table(5)["name"].tolist()
    at.button(key="out.7").click().run()
    assert at.query_params["mine"] == "5.1~4.12~no.30~never.31"
    assert text("preferences.waiting") in words(at), "two liked artists are too few"


@pytest.mark.parametrize(
    "query", [{"who": "me", "mine": "3.1~5.01~3.7~3.9"}, {"user": "12", "said": "3.1~5.01"}]
)
def test_two_spellings_of_one_artist_in_an_address_are_one(stored, query):
    at = fine(visit("preferences", **query))
    (place,) = {"mine", "said"} & set(query)
    assert at.query_params[place].startswith("5.1")
    assert "01" not in at.query_params[place]


def test_nothing_typed_like_it_is_said(stored):
    at = visit("preferences", who="me")
    at.text_input(key="preferences.search").set_value("qqqqzzzz").run()
    assert text("preferences.search_nothing", typed="qqqqzzzz") in words(at)


# ---- filters, two models, reasons --------------------------------------------------------


def test_filters_stand_in_the_address(warp):
    tag = common_tags(warp.dataset)[0]
    at = visit("preferences", user="12", novelty="0.5", unheard="false", without=tag)
    wanted = Filters(hide_heard=False, novelty=0.5, without_tags=(tag,))
    assert listed(at) == ranked_list(warp, 12, filters=wanted).table(10)["name"].tolist()


def test_nothing_left_is_said(warp):
    tags = tuple(common_tags(warp.dataset))
    left = ranked_list(warp, 12, filters=Filters(without_tags=tags)).table(100)["item_id"]
    at = visit("preferences", user="12", said="~".join(f"never.{item}" for item in left))
    at.multiselect(key="without").set_value(list(tags)).run()
    assert not at.exception
    assert text("preferences.nothing_left") in words(at)


def test_two_models_stand_side_by_side(warp, stored):
    svd = stored["svd"].manifest
    at = visit("preferences", user="12", against=svd.run_id)
    other = Suggestions(stored["svd"], warp.dataset)
    found = compare_lists(ranked_list(warp, 12), ranked_list(other, 12), 10)
    assert f"{found.shared} of 10 are the same" in words(at)
    assert at.dataframe[-1].value["change"].tolist() == found.table["change"].tolist()
    at.selectbox(key="against").set_value(None).run()
    assert "against" not in at.query_params


def test_every_suggestion_has_a_reason_and_one_can_be_looked_at(warp):
    at = visit("preferences", user="12")
    assert words(at).count("because of") >= 10
    assert "= score" in words(at)
    at.selectbox(key="preferences.closer").select_index(2).run()
    assert not at.exception


def test_bars_may_be_scaled_and_logarithmic(stored):
    at = visit("preferences", user="12", measure="scaled", log="true")
    assert not at.exception
    assert at.segmented_control(key="measure").value == "scaled"
    assert at.toggle(key="log").value
