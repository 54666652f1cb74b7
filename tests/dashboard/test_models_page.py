"""Compare models: from the empty page through a real training to stored results, and what can go wrong."""

from __future__ import annotations

import json
import re

import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets import load_demo
from recsys_core.runs import RunStore
from recsys_dashboard import cached, visitor
from recsys_dashboard.comparison.controls import request_of
from recsys_dashboard.comparison.model_choice import CHOSEN_FIRST, groups, key_of
from recsys_dashboard.texts import text
from tests.dashboard.page_visits import button, metrics, visit, wait_until, words

pytestmark = pytest.mark.usefixtures("one_browser")
PATIENCE = 60


def table(at):
    return at.dataframe[0].value


def choose(at, *names, epochs=2):
    for group, known in groups().items():
        at.pills(key=key_of(group)).set_value([name for name in known if name in names])
    at.slider(key="m_epochs").set_value(epochs)
    return at


def chosen(at):
    return {name for group in groups() for name in at.pills(key=key_of(group)).value}


def train(at):
    return button(at, "models.train").click().run()


def wait(at, condition):
    return wait_until(at, condition, PATIENCE)


def comparison_of(at):
    """The comparison in the address."""
    value = at.query_params["run"]
    return value if isinstance(value, str) else value[0]


def ended(at):
    return not cached.job_queue().snapshot(comparison_of(at)).live


def training(at):
    return bool(cached.job_queue().snapshot(comparison_of(at)).events)


# ---- empty -------------------------------------------------------------------------------


def test_without_a_comparison_the_page_says_what_to_press_and_how_long_it_takes(data_root):
    at = visit("models")
    assert text("models.empty_title", data="Demo data") in words(at)
    assert "press **Train**: about" in words(at)
    assert "simulated listeners" in words(at)
    assert not at.metric
    assert not at.error
    assert button(at, "models.cancel") is None


# ---- training ----------------------------------------------------------------------------


def test_a_comparison_is_trained_to_its_end_and_stored(data_root):
    at = train(choose(visit("models"), "lightfm-warp", "svd", epochs=3))
    run = comparison_of(at)
    wait(at, ended).run()
    assert not at.exception
    assert comparison_of(at) == run
    shown = table(at)
    assert shown["model"][0] == text("models.baseline_row", model=text("model.popularity"))
    assert set(shown["model"][1:]) == {"WARP", "SVD"}
    assert shown["test_auc"][1:].is_monotonic_decreasing
    assert shown["verdict"][1] == text("models.verdict_best")
    assert len(at.metric) == 4
    assert metrics(at)[text("models.card_best")] == shown["model"][1]
    manifests = RunStore(data_root / "runs").list()
    assert {one.model for one in manifests} == {"popularity", "lightfm-warp", "svd"}
    assert {one.comparison_id for one in manifests} == {run}
    assert {one.epochs for one in manifests if one.model == "lightfm-warp"} == {3}
    assert not at.get("progress")


def test_while_it_trains_the_page_shows_progress_live_results_and_a_way_to_stop(data_root):
    at = train(choose(visit("models"), "lightfm-warp", epochs=100))
    wait(at, lambda at: bool(at.dataframe) and "WARP" in table(at)["model"].tolist())
    assert re.match(r"WARP · epoch \d+ of 100", at.get("progress")[0].text)
    assert metrics(at)[text("models.card_best")] in {"WARP", text("model.popularity")}
    assert "verdict" not in table(at)
    assert button(at, "models.train").disabled
    button(at, "models.cancel").click().run()
    wait(at, ended).run()
    assert text("models.cancelled") in words(at)
    assert table(at)["model"].tolist() == [text("models.baseline_row", model=text("model.popularity"))]
    assert len(figure(at)["data"]) == 1  # what the stopped model had learned is still drawn
    assert button(at, "models.cancel") is None
    assert not button(at, "models.train").disabled
    assert [one.model for one in RunStore(data_root / "runs").list()] == ["popularity"]


def test_settings_reach_the_worker(data_root):
    at = choose(visit("models"), "lightfm-warp", epochs=1)
    at.select_slider(key="m_size").set_value(16)
    at.select_slider(key="m_rate").set_value(0.1)
    at.number_input(key="m_seed").set_value(7)
    at.number_input(key="m_list").set_value(5)
    at.selectbox(key="m_protocol").set_value("leave-k-out")
    at.run().number_input(key="m_held_out").set_value(3)
    wait(train(at), ended).run()
    manifest = next(one for one in RunStore(data_root / "runs").list() if one.model == "lightfm-warp")
    assert manifest.parameters["embedding_size"] == 16
    assert manifest.parameters["learning_rate"] == 0.1
    assert manifest.parameters["seed"] == manifest.protocol.seed == 7
    assert (manifest.protocol.method, manifest.protocol.held_out) == ("leave_k_out", 3)
    assert "precision@5" in manifest.metrics["test"]
    assert text("models.card_loved", k=5) in metrics(at)


def test_moving_a_slider_starts_nothing(data_root):
    at = visit("models")
    at.slider(key="m_epochs").set_value(50).run()
    assert not cached.job_queue().recent()
    assert "run" not in at.query_params


def test_nothing_can_be_trained_without_a_model(data_root):
    at = choose(visit("models")).run()
    assert button(at, "models.train").disabled
    assert text("models.choose_one") in words(at)


def test_settings_without_effect_are_named(data_root):
    at = choose(visit("models"), "svd").run()
    assert "No effect on the chosen models: Epochs, Learning rate" in words(at)
    assert at.slider(key="m_epochs").disabled
    at.pills(key=key_of("lightfm")).set_value(["lightfm-warp-kos"]).run()
    assert "No effect" not in words(at)


def test_a_model_that_diverges_is_reported_and_the_finished_ones_are_kept(data_root, monkeypatch, lastfm_dir):
    monkeypatch.setenv("REFRAIN_DATA", str(lastfm_dir))
    at = choose(visit("models", data="lastfm"), "svd", "lightfm-warp")
    at.select_slider(key="m_rate").set_value(10.0)
    at.select_slider(key="m_size").set_value(10)
    wait(train(at), ended).run()
    assert "WARP left the finite numbers" in words(at)
    assert text("models.failed_next") in words(at)
    assert at.select_slider(key="m_rate").value == 10.0
    kept = {one.model for one in RunStore(data_root / "runs").list()}
    assert "popularity" in kept
    assert "lightfm-warp" not in kept
    assert len(table(at)) == len(kept)


# ---- finding it again --------------------------------------------------------------------


def test_a_reload_finds_a_running_comparison_by_its_address(data_root, monkeypatch):
    at = train(choose(visit("models"), "lightfm-warp", epochs=100))
    run = comparison_of(at)
    wait(at, training)
    again = visit("models", run=run)
    assert again.get("progress")
    assert button(again, "models.cancel") is not None
    monkeypatch.setattr(visitor, "_browser", lambda: "another browser")
    other = visit("models", run=run)
    assert other.get("progress")
    assert button(other, "models.cancel") is None  # another browser may look, not stop
    assert not button(other, "models.train").disabled
    cached.job_queue().cancel(run, cached.job_queue().snapshot(run).owner)
    wait(other, ended)


def test_two_visitors_train_one_after_the_other_and_see_their_own(data_root):
    first = train(choose(visit("models"), "lightfm-warp", epochs=30))
    second = train(choose(visit("models"), "svd"))
    assert comparison_of(first) != comparison_of(second)
    wait(first, ended).run()
    wait(second, ended).run()
    assert "WARP" in table(first)["model"].tolist()
    assert "SVD" in table(second)["model"].tolist()


def test_after_a_restart_the_last_comparison_of_these_data_is_shown(stored):
    at = visit("models")
    assert set(table(at)["model"]) >= {"WARP", "SVD"}
    assert "Shown here: Demo data" in words(at)
    assert "Plain popularity already reaches" in words(at)


def test_a_stored_comparison_is_found_by_its_address(stored):
    run = stored["svd"].manifest.comparison_id
    at = visit("models", run=run)
    assert set(table(at)["model"]) >= {"WARP", "SVD"}


def test_an_unknown_comparison_is_said_to_be_unknown_with_a_next_step(stored):
    at = visit("models", run="gone_*with*_the_wind")
    assert not at.exception
    assert text("models.unknown", run="gone_*with*_the_wind") in words(at)
    assert not at.metric
    assert button(at, "models.train") is not None


def test_a_damaged_run_is_said_to_be_damaged_and_the_others_are_shown(stored, data_root):
    run = stored["svd"].manifest.run_id
    (data_root / "runs" / run / "curve.parquet").write_bytes(b"broken")
    at = visit("models")
    assert f"curve.parquet of run {run} has changed" in words(at)
    assert "SVD" not in table(at)["model"].tolist()


def test_results_of_other_data_say_so(stored, monkeypatch, lastfm_dir):
    monkeypatch.setenv("REFRAIN_DATA", str(lastfm_dir))
    at = visit("models", data="lastfm", run=stored["svd"].manifest.comparison_id)
    assert "These results are about other data: Demo data" in words(at)


# ---- addresses ---------------------------------------------------------------------------


def test_an_address_restores_the_settings(data_root):
    at = visit("models", m_models=["SVD", "Random"], m_epochs="25", m_size="64", m_rate="0.1", m_seed="7")
    assert chosen(at) == {"svd", "random"}
    assert at.slider(key="m_epochs").value == 25
    assert at.select_slider(key="m_size").value == 64
    assert at.select_slider(key="m_rate").value == 0.1
    assert at.number_input(key="m_seed").value == 7


def test_nonsense_in_the_address_falls_back_to_the_defaults(stored):
    at = visit(
        "models", m_models="Nope", m_epochs="-3", m_size="65", m_rate="abc", m_seed="-4", m_protocol="foo",
        m_metric="bar", m_x="baz", m_schedule="sgd", m_share="0",
    )  # fmt: skip
    assert not at.exception
    assert chosen(at) == set(CHOSEN_FIRST)
    assert (at.slider(key="m_epochs").value, at.slider(key="m_share").value) == (10, 20)
    assert (at.select_slider(key="m_size").value, at.select_slider(key="m_rate").value) == (32, 0.05)
    assert at.number_input(key="m_seed").value == 42
    assert at.selectbox(key="m_protocol").value == "driver"


def test_the_request_is_checked_again_whatever_the_browser_sends():
    values = {"models": ("svd",), "protocol": "driver", "seed": 1, "test_share": 0.5, "epochs": 3}
    request = request_of(values)
    assert isinstance(request, ComparisonRequest)
    assert (request.protocol.test_share, request.protocol.seed, request.seed) == (0.5, 1, 1)
    with pytest.raises(Exception, match="epochs: expected a whole number of at most 1000"):
        request_of({**values, "epochs": 10**6})


# ---- taking away, deleting ---------------------------------------------------------------


def figure(at):
    return json.loads(at.get_by_key("m_chart").proto.spec)


def test_the_chart_follows_metric_and_axis_and_its_title_says_what_is_seen(stored):
    at = visit("models")
    assert figure(at)["layout"]["yaxis"]["title"]["text"] == "AUC on test"
    assert any("leads by AUC" in element.value for element in at.markdown)
    at.segmented_control(key="m_metric").set_value("precision").run()
    at.segmented_control(key="m_x").set_value("seconds").run()
    layout = figure(at)["layout"]
    assert layout["yaxis"]["title"]["text"] == "Precision@10 on test"
    assert layout["xaxis"]["title"]["text"] == "seconds of training"
    assert any("seed 42" in note["text"] for note in layout["annotations"])


def test_training_lines_are_drawn_on_request_and_by_address(stored):
    plain, with_training = (
        len(figure(visit("models", **query))["data"]) for query in ({}, {"m_train": "true"})
    )
    assert with_training > plain


def test_everything_can_be_downloaded(stored):
    at = visit("models")
    assert {one.key for one in at.get("download_button")} >= {
        "m_table_file.csv", "m_table_file.md", "m_table_file.tex", "m_csv_curves", "m_json",
    }  # fmt: skip
    assert any(stored["svd"].manifest.comparison_id in one.value for one in at.code)


def test_deleting_asks_first_and_then_deletes_all_runs(stored, data_root):
    comparison = stored["svd"].manifest.comparison_id
    at = visit("models")
    button(at, f"models.delete.{comparison}").click().run()
    assert len(RunStore(data_root / "runs").list()) == 3
    assert text("models.delete_warning", n=3) in words(at)
    button(at, "models.delete_yes").click().run()
    assert not RunStore(data_root / "runs").list()
    assert not at.exception
    assert text("models.empty_title", data="Demo data") in words(visit("models"))


def test_a_past_comparison_can_be_opened(stored):
    comparison = stored["svd"].manifest.comparison_id
    at = visit("models", run="unknown")
    button(at, f"models.open.{comparison}").click().run()
    assert comparison_of(at) == comparison
    assert len(at.metric) == 4


def store_comparison(data_root, comparison_id, model, created):
    request = ComparisonRequest(models=(model,))
    for run in compare(load_demo(), request, created=created, comparison_id=comparison_id):
        RunStore(data_root / "runs").save(run)


def test_a_comparison_that_trained_nothing_is_not_what_the_page_opens_on(data_root):
    store_comparison(data_root, "useful", "svd", created="2026-01-01T00:00:00+00:00")
    store_comparison(data_root, "fruitless", "popularity", created="2026-02-01T00:00:00+00:00")
    assert comparison_of(visit("models")) == "useful"
    assert text("models.past_none") in words(visit("models"))


def test_a_comparison_without_a_trained_model_claims_no_winner(data_root):
    store_comparison(data_root, "fruitless", "popularity", created="2026-02-01T00:00:00+00:00")
    at = visit("models", run="fruitless")
    assert text("models.finding_fruitless") in words(at)
    assert text("models.in_words") not in words(at)
    assert metrics(at) == {}


def test_the_address_of_a_deleted_comparison_says_that_there_is_none(data_root):
    at = wait(train(choose(visit("models"), "svd")), ended)
    gone = comparison_of(at)
    store = RunStore(data_root / "runs")
    for manifest in store.list():
        store.delete(manifest.run_id)
    assert text("models.unknown", run=gone) in words(visit("models", run=gone))
