"""Tuning: from the empty page through a search that is stopped and gone on with to the adopted model."""

from __future__ import annotations

import json
import shutil

import pytest

from recsys_core.datasets import load_demo
from recsys_core.runs import RunStore
from recsys_core.runs.default_model import read_default
from recsys_core.tuning import Budget, StudyStore, TuningRequest, run_study, size_and_rate_grid
from recsys_core.tuning.space import space_of, tunable_models
from recsys_dashboard import cached, visitor
from recsys_dashboard.comparison.words import model_name
from recsys_dashboard.texts import catalogue, text
from recsys_dashboard.tuning import studies
from recsys_dashboard.tuning.words import value_words
from tests.dashboard.page_visits import button, fine, metrics, visit, wait_until, words

pytestmark = pytest.mark.usefixtures("one_browser")
PATIENCE = 90
CREATED = "2026-01-02T03:04:05+00:00"
MODEL = "svd"  # learns at one stroke: a trial takes milliseconds


def selectbox(at, start):
    return next(one for one in at.selectbox if one.key.startswith(start))


def study_of(at):
    value = at.query_params.get("study", [""])
    return value if isinstance(value, str) else value[0]


def table(at):
    return at.dataframe[0].value


def figure(at, key):
    return json.loads(at.get_by_key(key).proto.spec)


def live():
    return any(job.live for job in cached.job_queue().recent())


def wait(at, condition=lambda _at: not live()):
    return wait_until(at, condition, PATIENCE).run()


def store(data_root):
    return StudyStore(data_root / "studies")


def searched(data_root, name="earlier", trials=3, request=None, data=None):
    """A study of an earlier start of the dashboard."""
    data = data or load_demo()
    request = request or TuningRequest(model=MODEL, epochs=2)
    study = store(data_root).open_or_create(name, request, data, created=CREATED, choice={"name": "demo"})
    run_study(study, data, Budget(trials=trials))
    return study


def slow_search(at, trials=20):
    """Begin a search that takes a while: LightFM with many epochs."""
    at.selectbox(key="t_model_search").set_value("lightfm-warp").run()
    at.slider(key="t_epochs").set_value(100)
    at.number_input(key="t_budget_trials").set_value(trials).run()
    button(at, "tuning.start").click().run()
    return at


def has_curve(at):
    return any(trial.curve for trial in studies.summary(study_of(at)).trials)


# ---- empty -------------------------------------------------------------------------------


def test_without_a_study_the_page_says_what_one_is_and_offers_a_small_one(data_root):
    at = fine(visit("tuning"))
    said = words(at)
    assert text("tuning.empty_title", data="Demo data") in said
    assert "The test part stays closed" in said
    assert button(at, "tuning.start_small").label == "Search 20 settings of Fast WARP"
    assert not at.metric
    assert "study" not in at.query_params
    assert not cached.job_queue().recent()


# ---- searching ---------------------------------------------------------------------------


def test_a_search_runs_to_its_end_and_is_found_again_after_a_restart(data_root):
    at = visit("tuning")
    at.selectbox(key="t_model_search").set_value(MODEL).run()
    at.number_input(key="t_budget_trials").set_value(16).run()
    button(at, "tuning.start").click().run()
    assert study_of(at) == "svd-demo-data-1"
    wait(fine(at))
    fine(at)
    assert metrics(at)["Trials"] == "16"
    assert len(table(at)) == 16
    assert not at.get("progress")
    assert "learn 64% · choose 16% · test 20% untouched, seed 42" in words(at)
    assert "no trial has seen the test part" in words(at)
    assert "These are not shares of the variance" in words(at)
    assert at.get_by_key("tuning.importance")
    assert at.get_by_key("tuning.parallel")
    again = fine(visit("tuning"))  # another visit: nothing but what is on disk
    assert study_of(again) == "svd-demo-data-1"
    assert metrics(again) == metrics(at)


def test_stop_keeps_what_was_tried_and_continue_goes_on(data_root):
    at = slow_search(visit("tuning"))
    wait(at, has_curve)
    assert any("Trial 1 of 20" in bar.text for bar in at.get("progress"))
    assert button(at, "tuning.continue") is None
    button(at, "tuning.stop").click().run()
    wait(at)
    assert text("tuning.stopped_tune") in words(at)
    name = study_of(at)
    before = store(data_root).open(name).trials()
    assert before[0].curve
    assert button(at, "tuning.stop") is None
    at.number_input(key=f"t_more_{name}_trials").set_value(1).run()
    button(at, "tuning.continue").click().run()
    wait(at, lambda _at: len(store(data_root).open(name).trials()) > len(before))
    assert store(data_root).open(name).trials()[0].curve == before[0].curve
    button(at, "tuning.stop").click().run()
    wait(at)


def test_a_setting_asked_for_by_hand_begins_a_study_and_fills_its_cell(data_root):
    at = visit("tuning")
    at.segmented_control(key="t_kind").set_value("grid").run()
    at.slider(key="t_epochs").set_value(2).run()
    assert "is another thing and is not tuned" in words(at)
    button(at, "tuning.try").click().run()
    wait(fine(at))
    fine(at)
    (trial,) = store(data_root).open(study_of(at)).trials()
    assert (trial.asked, trial.parameters) == (True, {"embedding_size": 32, "learning_rate": 0.05})
    assert metrics(at)["Trials"] == "1"
    cells = figure(at, "tuning.grid")["data"][0]["text"]
    assert sum(bool(cell) for row in cells for cell in row) == 1
    assert "going by the trials so far" in words(at)
    button(at, "tuning.try").click().run()  # the same once more
    assert text("tuning.tried_before", n="1") in words(at)
    assert len(store(data_root).open(study_of(at)).trials()) == 1


def test_a_setting_is_tried_next_while_a_search_runs(data_root):
    at = slow_search(visit("tuning"))
    wait(at, has_curve)
    button(at, "tuning.try").click().run()
    fine(at)
    asked = [trial for trial in store(data_root).open(study_of(at)).trials() if trial.asked]
    assert [trial.parameters["embedding_size"] for trial in asked] == [32]
    assert text("tuning.asked_waiting", n=1) in " ".join(bar.text for bar in at.get("progress"))
    button(at, "tuning.stop").click().run()
    wait(at)
    assert text("tuning.waiting_at_rest", n=1) in words(at)


def test_the_best_setting_is_trained_and_becomes_the_default(data_root):
    searched(data_root)
    at = fine(visit("tuning"))
    button(at, "tuning.adopt").click().run()
    wait(at)
    fine(at)
    default = read_default(data_root / "default_model.json")
    manifest = RunStore(data_root / "runs").manifest(default.run_id)
    assert manifest.tuned_from["study"] == "earlier"
    assert "is the default model now" in words(at)
    assert "On the test part, which chose nothing: NDCG@10" in words(at)
    assert "most popular artists for everyone: 0." in words(at)
    assert button(at, "tuning.adopt") is None
    links = [link.proto.query_string for link in at.get("page_link")]
    assert any(default.run_id in link for link in links)
    assert any(manifest.comparison_id in link for link in links)


# ---- one job at a time -------------------------------------------------------------------


def test_a_search_waits_behind_another_visitors_job_and_says_so(data_root, monkeypatch):
    first = slow_search(visit("tuning"))
    wait(first, has_curve)
    monkeypatch.setattr(visitor, "_browser", lambda: "another browser")
    second = fine(visit("tuning"))
    assert study_of(second) == study_of(first)
    assert button(second, "tuning.stop") is None  # another browser may look, not stop
    assert text("tuning.not_yours") in words(second)
    selectbox(second, "tuning.choice").set_value("").run()
    assert text("tuning.busy", task=text("tuning.task_tune"), n=1) in words(second)
    button(second, "tuning.start_small").click().run()
    (bar,) = second.get("progress")
    assert bar.text == text("tuning.queued", n=1, task=text("tuning.task_tune"))
    button(second, "tuning.stop").click().run()
    monkeypatch.setattr(visitor, "_browser", lambda: "this browser")
    button(first, "tuning.stop").click().run()
    wait(first)


def test_ones_own_comparison_is_named_as_what_keeps_a_search_waiting(data_root):
    at = visit("tuning")
    at.session_state["visitor.tab"] = "tab"
    request = {"models": ["lightfm-warp"], "epochs": 500}
    payload = {"dataset": {"name": "demo"}, "request": request}
    job = cached.job_queue().submit("compare", payload, visitor._browser() + ".tab")
    fine(at.run())
    assert text("tuning.blocked", task=text("tuning.task_compare")) in words(at)
    assert button(at, "tuning.start").disabled
    assert button(at, "tuning.start_small").disabled
    cached.job_queue().cancel(job, "this browser.tab")
    wait(at)
    assert not button(at, "tuning.start").disabled


# ---- reading -----------------------------------------------------------------------------


def test_a_study_and_a_trial_are_found_by_their_address(data_root):
    searched(data_root, "one")
    searched(data_root, "two")
    at = fine(visit("tuning", study="one", trial="2"))
    assert selectbox(at, "tuning.choice").value == "one"
    assert selectbox(at, "tuning.trial").value == 1
    assert any("Trial 2 reaches NDCG@10" in element.value for element in at.markdown)
    selectbox(at, "tuning.trial").set_value(2).run()
    assert at.query_params["trial"] in ("3", ["3"])
    selectbox(at, "tuning.choice").set_value("two").run()
    assert study_of(at) == "two"
    assert "trial" not in at.query_params


@pytest.mark.parametrize("trial", ["99", "-1", "abc", "1e3", "9" * 30])
def test_nonsense_for_a_trial_shows_the_best(data_root, trial):
    study = searched(data_root)
    at = fine(visit("tuning", trial=trial, t_top="many"))
    assert selectbox(at, "tuning.trial").value == study.best().number


def test_too_few_trials_say_so_instead_of_importances(data_root):
    searched(data_root)
    assert text("tuning.importance_few", n=3, needed="15") in words(visit("tuning"))


def test_a_grid_shows_what_is_filled_and_offers_the_rest(data_root):
    request = size_and_rate_grid("fast-warp", sizes=(4, 8), rates=(0.05, 0.1), epochs=2)
    searched(data_root, trials=3, request=request)
    at = fine(visit("tuning"))
    assert button(at, "tuning.continue").label == text("tuning.fill", n=1)
    assert "(3 of 4 settings tried)" in words(at)
    button(at, "tuning.continue").click().run()
    wait(at)
    assert text("tuning.grid_full") in words(at)


def test_two_goals_are_drawn_against_each_other(data_root):
    searched(data_root, request=TuningRequest(model=MODEL, epochs=2, objectives=("auc", "seconds")))
    at = fine(visit("tuning"))
    assert figure(at, "tuning.front")["layout"]["xaxis"]["title"]["text"] == text("tuning.x_seconds")
    assert "beaten by no other in both AUC and Training time" in words(at)


def test_stored_studies_are_not_read_again_for_every_redraw(data_root, monkeypatch):
    searched(data_root)
    at = visit("tuning")
    monkeypatch.setattr(studies.StudySummary, "of", lambda _study: pytest.fail("read again"))
    monkeypatch.setattr(studies.StudySummary, "importances", lambda _self: pytest.fail("computed again"))
    fine(at.run())


# ---- what can be wrong -------------------------------------------------------------------


@pytest.mark.parametrize("file", ["study.json", "journal.jsonl"])
def test_a_damaged_study_says_so_and_the_page_goes_on(data_root, file):
    study = searched(data_root)
    (study.folder / file).write_bytes(b"{broken\n")
    at = visit("tuning", study="earlier")
    assert not at.exception
    assert "damaged" in at.error[0].value
    assert button(at, "tuning.start_small") is not None


@pytest.mark.parametrize("name", ["gone", "../../etc/passwd", "a*b_c", "x" * 300])
def test_an_unknown_study_is_a_sentence(data_root, name):
    at = visit("tuning", study=name)
    assert not at.exception
    assert len(at.error) == 1
    assert button(at, "tuning.start") is not None


def test_a_study_on_other_data_can_be_read_but_not_gone_on_with(data_root):
    searched(data_root, "other", data=load_demo(n_users=200))
    searched(data_root, "own")
    at = fine(visit("tuning"))
    assert study_of(at) == "own"
    assert text("tuning.past_line_other", study="", data="Demo data").strip(" ·") in words(at)
    at = fine(visit("tuning", study="other"))
    assert text("tuning.other_data", data="Demo data") in words(at)
    assert metrics(at)["Trials"] == "3"
    assert button(at, "tuning.continue") is None
    assert button(at, "tuning.try") is None
    assert button(at, "tuning.adopt").disabled


def test_a_trial_whose_process_is_gone_is_called_interrupted(data_root):
    study = searched(data_root)
    study.open().ask()  # taken by nobody that lives
    at = fine(visit("tuning"))
    assert table(at)["state"].iloc[0] == [text("tuning.state_lost")]
    assert not at.get("progress")


def test_deleting_asks_first(data_root):
    searched(data_root)
    at = visit("tuning")
    button(at, "tuning.delete.earlier").click().run()
    assert store(data_root).list()
    button(at, "tuning.delete_yes").click().run()
    assert not at.exception
    assert not store(data_root).list()
    assert text("tuning.empty_title", data="Demo data") in words(visit("tuning"))


def test_a_study_deleted_elsewhere_is_a_sentence(data_root):
    study = searched(data_root)
    at = visit("tuning")
    shutil.rmtree(study.folder)
    at.run()
    assert not at.exception
    assert len(at.error) == 1


# ---- words -------------------------------------------------------------------------------


def test_every_parameter_and_model_that_can_be_tuned_has_a_name():
    names = {one.name for model in tunable_models() for one in space_of(model)}
    for kind in ("param", "axis"):
        assert names <= {key.removeprefix(f"tuning.{kind}_") for key in catalogue()}
    assert all(model_name(model) for model in tunable_models())


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.05, "0.05"), (1.18e-8, "1.2·10⁻⁸"), (0.0, "0"), (32, "32"), (True, "yes"), ("adagrad", "adagrad")],
)
def test_values_are_written_for_people(value, shown):
    assert value_words(value) == shown
