"""The tabs below the table of a comparison, the choice of models, and settings taken up again."""

from __future__ import annotations

import json

import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.comparison.split_seeds import compare_on_seeds
from recsys_core.datasets import load_demo
from recsys_core.models.registry import MODELS
from recsys_core.models.tuned import as_tuned
from recsys_core.runs import RunStore
from recsys_core.runs.artefacts import artefact_names
from recsys_core.splitting import PROTOCOLS
from recsys_dashboard import cached
from recsys_dashboard.comparison import splits_tab
from recsys_dashboard.comparison.controls import request_of
from recsys_dashboard.comparison.model_choice import CHOSEN_FIRST, groups, key_of
from recsys_dashboard.jobs.job import JobSnapshot
from recsys_dashboard.texts import text
from tests.dashboard.page_visits import store_demo_runs, visit, words

pytestmark = pytest.mark.usefixtures("one_browser")


def tab(name, **query):
    return visit("models", m_tab=text(f"models.tab_{name}"), **query)


def frame(at, column):
    """The first table that has this column: AppTest knows no keys of tables nobody selects in."""
    return next(one for one in at.dataframe if column in one.value)


def shown(at, column):
    return frame(at, column).value


def figure(at, key):
    return json.loads(at.get_by_key(key).proto.spec)


# ---- verdict -----------------------------------------------------------------------------


def test_the_verdict_is_said_in_words_with_listeners_and_protocol(stored):
    at = visit("models")
    assert "Best LightFM against TruncatedSVD" in words(at)
    assert "95% interval" in words(at)
    assert "n = " in words(at)
    assert "seed 42" in words(at)
    table = shown(at, "mean_rank")
    assert set(table["model"]) == {"WARP", "SVD", "Most popular"}
    assert table["verdict"].iloc[0] == text("models.verdict_best")
    assert table["mean_rank"].between(1, 3).all()


def test_p_values_are_in_a_help_bubble_only(stored):
    at = visit("models")
    helps = " ".join(one.help or "" for one in at.markdown)
    assert "p < .001" in helps or "p = " in helps
    assert "p < .001" not in words(at)
    assert "p = " not in words(at)


def test_both_rules_for_equal_scores_are_shown_where_they_change_the_order(stored):
    at = visit("models")
    told = words(at)
    changed = any("place_half" in one.value for one in at.dataframe)
    assert ("Equal scores matter here" in told) == changed
    assert ("Equal scores decide nothing" in told) != changed


def test_the_verdict_follows_the_metric(stored):
    at = visit("models")
    at.segmented_control(key="m_by").set_value("recall").run()
    assert "Recall@10" in words(at)
    assert not at.exception


def test_a_comparison_without_svd_has_no_duel(data_root):
    store_demo_runs(data_root, "lightfm-warp")
    assert "TruncatedSVD" not in words(visit("models"))


def test_tables_can_be_taken_away_as_text_of_three_kinds(stored):
    keys = {one.key for one in visit("models").get("download_button")}
    assert {"m_verdict.csv", "m_verdict.md", "m_verdict.tex"} <= keys


# ---- the other tabs ----------------------------------------------------------------------


def test_trade_off_shows_time_and_breadth(stored):
    at = tab("tradeoff")
    assert not at.exception
    assert "of the best AUC" in words(at)
    names = {line["name"] for line in figure(at, "m_time_quality")["data"] if "name" in line}
    assert {"WARP", "SVD", text("models.front")} <= names
    assert {point["name"] for point in figure(at, "m_points")["data"]} >= {"WARP", "SVD"}
    assert shown(at, "coverage")["coverage"].between(0, 1).all()
    at.segmented_control(key="m_measure").set_value("diversity").run()
    assert not at.exception


def test_segments_of_listeners_and_artists_come_with_their_numbers(stored):
    at = tab("segments")
    assert not at.exception
    assert len(figure(at, "m_light")["data"]) == 3
    assert "n = " in json.dumps(figure(at, "m_head"))
    at.multiselect(key="m_shown").set_value(["svd"]).run()
    assert len(figure(at, "m_light")["data"]) == 1


def test_one_listener_is_seen_by_two_models_with_changes_of_rank(stored):
    at = tab("listener")
    assert not at.exception
    assert " of 10** suggestions" in words(at)
    assert any("▲" in one.value or "▼" in one.value or " = |" in one.value for one in at.markdown)
    at.selectbox(key="m_second").set_value("popularity").run()
    assert "**Most popular** ·" in words(at)
    ids = at.selectbox(key="m_listener_id").options
    at.selectbox(key="m_listener_id").set_value(ids[1]).run()
    assert f"For listener {ids[1]}" in words(at)


def test_what_is_heavy_is_computed_once_and_kept_beside_the_run(stored, data_root, monkeypatch):
    visit("models")
    store = RunStore(data_root / "runs")
    assert "evidence-10" in artefact_names(store, stored["svd"].manifest.run_id)
    monkeypatch.setattr("recsys_core.comparison.evidence.evidence_of", None)
    assert not tab("segments").exception


def test_for_other_data_the_tabs_say_what_to_choose(stored, monkeypatch, lastfm_dir):
    monkeypatch.setenv("REFRAIN_DATA", str(lastfm_dir))
    at = visit("models", data="lastfm", run=stored["svd"].manifest.comparison_id)
    assert text("models.tabs_other_data", data="Demo data") in words(at)


# ---- table -------------------------------------------------------------------------------


def test_another_model_can_be_pinned(stored):
    at = visit("models")
    at.selectbox(key="m_pin").set_value("svd").run()
    table = shown(at, "test_auc")
    assert table["model"][0] == text("models.pinned_row", model="SVD")
    assert table["vs_pinned"][0] == 0


def test_every_measure_comes_with_listeners_and_interval(stored):
    at = visit("models")
    at.segmented_control(key="m_columns").set_value("intervals").run()
    assert not at.exception
    table = shown(at, "n")
    manifest = stored["svd"].manifest
    auc = manifest.metrics["test"]["auc"]
    (row,) = table[table["model"] == "SVD"].to_dict("records")
    assert row["n"] == len(stored["svd"].per_user.query("part == 'test'"))
    assert row["auc"].startswith(f"{auc['mean']:.3f} ({auc['low']:.3f}")


def test_other_lengths_of_the_list_stand_below_the_verdict(stored):
    at = visit("models")
    assert "precision@50" not in [name for one in at.dataframe for name in one.value]
    at.segmented_control(key="m_by").set_value("precision").run()
    table = shown(at, "precision@50")
    assert list(table)[1:] == ["precision@5", "precision@10", "precision@20", "precision@50"]
    assert (table["precision@5"] >= table["precision@50"]).all()


@pytest.mark.parametrize("columns", ["quality", "speed", "training"])
def test_each_set_of_columns_fits_the_page(stored, columns):
    at = visit("models")
    at.segmented_control(key="m_columns").set_value(columns).run()
    assert not at.exception
    proto = frame(at, "test_auc").proto
    widths = [one.get("width") or 0 for one in json.loads(proto.columns).values()]
    assert sum(widths) <= 980, "the page's own width in a window of 1440 pixels"


# ---- the choice of models ----------------------------------------------------------------


def test_every_model_can_be_chosen_in_exactly_one_group():
    offered = [name for group in groups().values() for name in group]
    assert sorted(offered) == sorted(set(MODELS) - {"popularity"})


def test_groups_can_be_chosen_by_one_click(data_root):
    at = visit("models")
    next(one for one in at.button if one.key == "models.pick.all").click().run()
    assert len([name for group in groups() for name in at.pills(key=key_of(group)).value]) == len(MODELS) - 1
    assert not at.exception


def test_as_tuned_every_model_gets_its_own_settings(data_root):
    at = visit("models", m_models=["lightfm-warp", "svd"])
    at.segmented_control(key="m_mode").set_value("tuned").run()
    assert at.slider(key="m_epochs").disabled
    request = request_of(
        {"models": ("lightfm-warp", "svd"), "mode": "tuned", "protocol": "driver", "seed": 3, "threads": 1}
    )
    assert request.parameters("lightfm-warp")["max_sampled"] == 200
    assert request.parameters("svd")["seed"] == 3


# ---- the past ----------------------------------------------------------------------------


def store_comparison(data_root, name, **values):
    request = ComparisonRequest.from_dict({"models": ("svd", "lightfm-bpr"), **values})
    for run in compare(
        load_demo(), request, created=f"2026-01-0{name}T00:00:00+00:00", comparison_id=f"c{name}"
    ):
        RunStore(data_root / "runs").save(run)


def test_past_comparisons_are_told_apart_by_what_differs(data_root):
    store_comparison(data_root, 1, epochs=1, embedding_size=4)
    store_comparison(data_root, 2, epochs=2, embedding_size=4)
    table = shown(visit("models"), text("models.past_when"))
    assert table[text("models.epochs")].tolist() == ["2", "1"]
    assert text("models.embedding_size") not in table


def test_settings_beyond_the_controls_stand_at_the_nearest(data_root):
    protocol = {**PROTOCOLS["driver"].to_dict(), "test_share": 0.7}
    store_comparison(data_root, 1, epochs=1, max_sampled=3000, list_length=120, protocol=protocol)
    at = visit("models")
    next(one for one in at.button if one.key == "models.load").click().run()
    assert not at.exception
    assert at.slider(key="m_share").value == 50
    assert at.number_input(key="m_list").value == 100
    assert at.number_input(key="m_sampled").value == 1000
    assert at.toast[0].value == text("models.loaded_near")


def test_settings_of_an_old_comparison_can_be_loaded(data_root):
    store_comparison(data_root, 1, epochs=3, embedding_size=64, learning_rate=0.1, max_sampled=20)
    at = visit("models")
    next(one for one in at.button if one.key == "models.load").click().run()
    assert not at.exception
    assert [name for group in groups() for name in at.pills(key=key_of(group)).value] == [
        "lightfm-bpr",
        "svd",
    ]
    assert at.slider(key="m_epochs").value == 3
    assert (at.select_slider(key="m_size").value, at.select_slider(key="m_rate").value) == (64, 0.1)
    assert at.segmented_control(key="m_mode").value == "own"
    assert not cached.job_queue().recent()


@pytest.mark.parametrize("models", [("als",), ("ease",), ("ease", "als")])
def test_loading_a_tuned_comparison_turns_tuned_settings_on(data_root, models):
    store_comparison(data_root, 1, models=models, **as_tuned(models))
    at = visit("models")
    next(one for one in at.button if one.key == "models.load").click().run()
    assert at.segmented_control(key="m_mode").value == "tuned"


def test_models_chosen_by_the_address_are_kept_in_it(data_root):
    at = visit("models", m_models=["svd"])
    assert at.query_params["m_models"] in ("svd", ["svd"])
    assert "m_models" not in visit("models", m_models=list(CHOSEN_FIRST)).query_params


# ---- several splits ----------------------------------------------------------------------


def test_one_split_says_so_and_offers_more(stored):
    at = tab("splits")
    assert "So far one split" in words(at)
    assert "Takes about" in words(at)
    at.button(key="models.splits_more").click().run()
    (job,) = (one for one in cached.job_queue().recent() if one.task == "splits")
    assert job.live
    assert not at.exception
    cached.job_queue().cancel(job.id, job.owner)


def test_a_repeat_that_ends_while_its_runs_are_read_is_looked_at_once_more(stored, monkeypatch):
    reads, family = [], splits_tab._family

    def job_of(_comparison_id):
        state = "done" if reads else "running"
        return JobSnapshot("repeat", "splits", "somebody", state, 0, "", 0.0, 0.0, None)

    def ended_meanwhile(case):
        reads.append(case)
        return family(case)

    monkeypatch.setattr(splits_tab, "_job_of", job_of)
    monkeypatch.setattr(splits_tab, "_family", ended_meanwhile)
    at = tab("splits")
    assert not at.exception
    assert len(reads) == 2
    assert at.button(key="models.splits_more")


def test_further_splits_are_judged_together_and_not_listed_apart(data_root):
    request = ComparisonRequest(models=("svd", "ease"), epochs=1)
    store = RunStore(data_root / "runs")
    for run in compare_on_seeds(load_demo(), request, [42, 43], created="2026-01-02T03:04:05+00:00"):
        store.save(run)
    at = tab("splits")
    assert not at.exception
    assert "Over 2 splits (seeds 42, 43)" in words(at)
    table = shown(at, "deviation")
    assert set(table["model"]) == {"SVD", "EASE", "Most popular"}
    assert table["firsts"].sum() >= 2
    assert "Past comparisons (1)" in " ".join(one.label for one in at.expander)
