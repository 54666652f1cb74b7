"""Experiment: from the empty page through one that runs and is stopped to verdicts, warnings, planning."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from recsys_core.errors import CancelledError
from recsys_dashboard import cached, visitor
from recsys_dashboard.experiment import shelf
from recsys_dashboard.experiment.findings import Findings
from recsys_dashboard.experiment.take_away import effects_frame, report_json
from recsys_dashboard.experiment.words import improvement_words, metric_name, verdict_words
from recsys_dashboard.texts import text
from recsys_online.analysis.compaction import compact_log
from recsys_online.analysis.comparison import Interval
from recsys_online.analysis.listeners import METRICS
from recsys_online.analysis.moments import Moments
from recsys_online.analysis.power import users_needed
from recsys_online.analysis.verdict import Verdict
from recsys_online.events import Event, EventWriter
from recsys_online.index.versions import read_current
from recsys_online.loop import Improvement, LoopRequest, LoopStore, open_world, read_look, run_loop
from recsys_online.shelves import RECOMMENDERS
from tests.dashboard.page_visits import button, fine, metrics, visit, wait_until, words

pytestmark = pytest.mark.usefixtures("one_browser")
PATIENCE = 120
CREATED = "2026-01-02T03:04:05+00:00"
SMALL = {"logged": 4000, "sessions": 3000, "trials": 1, "epochs": 3}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Loops of an earlier start: two turns done, and one stopped in the middle of its experiment."""
    folder = tmp_path_factory.mktemp("made")
    store, world = LoopStore(folder), open_world(LoopRequest(), Path("nowhere"))
    done = store.create("done", LoopRequest.from_dict({**SMALL, "turns": 2}), CREATED)
    run_loop(done, world)
    request = LoopRequest.from_dict({**SMALL, "sessions": 100_000, "lists_from": "done"})
    stopped, heard = store.create("stopped", request, "2026-01-01T03:04:05+00:00"), []
    with pytest.raises(CancelledError):
        run_loop(
            stopped, world, on_event=heard.append, look_every=0.05,
            should_stop=lambda: any(one["kind"] == "look" for one in heard),
        )  # fmt: skip
    store.create("begun", LoopRequest.from_dict({**SMALL, "seed": 7}), "2025-01-01T03:04:05+00:00")
    return folder


@pytest.fixture
def earlier(data_root, made):
    shutil.copytree(made, data_root / "loops")
    return data_root


def selectbox(at, start):
    return next(one for one in at.selectbox if one.key.startswith(start))


def shown(at):
    value = at.query_params.get("experiment", [""])
    return value if isinstance(value, str) else value[0]


def wait(at, condition):
    return wait_until(at, condition, PATIENCE).run()


def live():
    return any(job.live for job in cached.job_queue().recent())


# ---- empty, and running ------------------------------------------------------------------


def test_without_an_experiment_the_page_says_what_one_is_and_offers_a_small_one(data_root):
    at = fine(visit("experiment"))
    said = words(at)
    assert text("experiment.empty_title") in said
    assert text("experiment.banner") in said
    assert button(at, "experiment.start_small").label == "Run a small one: 4,000 sessions"
    assert not at.metric
    assert "experiment" not in at.query_params
    assert not cached.job_queue().recent()


def test_one_begun_by_the_form_runs_to_its_verdict_and_is_found_again_after_a_restart(data_root):
    at = visit("experiment")
    at.segmented_control(key="e_way").set_value("in_process").run()
    at.number_input(key="e_sessions").set_value(3000)
    at.number_input(key="e_logged").set_value(4000)
    at.slider(key="e_trials").set_value(1)
    at.run()
    button(at, "experiment.start").click().run()
    assert shown(at) == "experiment-1"
    assert button(at, "experiment.start") is None
    wait(fine(at), lambda _at: not live())
    fine(at)
    assert "T1 (Own list) wins: +" in words(at)
    assert "The steps: 8 of 8 done" in [one.label for one in at.expander]
    assert metrics(at)["Sessions"] == "3,000"
    assert metrics(at)["Answer time"] == "–"  # nobody waited
    assert not at.get("progress")
    again = fine(visit("experiment"))  # another visit: nothing but what is on disk
    assert shown(again) == "experiment-1"
    assert metrics(again) == metrics(at)


def test_stop_ends_service_and_sessions_and_keeps_what_was_logged(earlier):
    at = visit("experiment")
    selectbox(at, "experiment.choice").set_value("").run()
    at.number_input(key="e_sessions").set_value(200_000).run()
    at.selectbox(key="e_lists").set_value("done").run()
    button(at, "experiment.start").click().run()
    name = shown(at)
    assert name == "experiment-1"
    wait(at, lambda _at: shelf.look_of(shelf.opened(name), 1) is not None)
    assert "The service answers at http://127.0.0.1:" in words(at)
    assert "of 200,000 sessions" in at.get("progress")[0].proto.text
    assert metrics(at)["Answer time"].endswith("ms")
    button(at, "experiment.stop").click().run()
    wait(at, lambda _at: not live())
    fine(at)
    assert text("experiment.stopped_looked") in words(at)
    assert 0 < int(metrics(at)["Sessions"].replace(",", "")) < 200_000
    assert button(at, "experiment.continue") is not None
    assert not shelf.opened(name).busy()


def test_a_tab_that_is_busy_says_with_what_and_cannot_start_another(earlier, monkeypatch):
    at = visit("experiment", experiment="begun")
    button(at, "experiment.continue").click().run()
    selectbox(at, "experiment.choice").set_value("").run()
    assert button(at, "experiment.start").disabled
    assert "busy with an experiment with simulated listeners" in words(at)
    monkeypatch.setattr(visitor, "_browser", lambda: "another browser")
    other = visit("experiment", experiment="begun")
    assert text("experiment.not_yours") in words(other)
    assert button(other, "experiment.stop") is None


# ---- what is shown -----------------------------------------------------------------------


def test_two_turns_are_told_apart_and_the_second_says_whether_it_paid(earlier):
    at = fine(visit("experiment", experiment="done"))
    (turn,) = [one for one in at.segmented_control if one.key.startswith("e_turn_")]
    assert turn.value == 2
    assert "turn 1: " in words(at)
    assert "The control, for whom nothing changed" in words(at) or "cannot be told from" in words(at)
    second = metrics(at)
    turn.set_value(1).run()
    fine(at)
    assert metrics(at)["Sessions"] == second["Sessions"] == "3,000"
    assert "turn 1: " not in words(at)
    labels = [one.label for one in at.expander]
    assert "The steps: 15 of 15 done" in labels


def test_every_figure_table_and_control_of_a_finished_experiment(earlier):
    at = fine(visit("experiment", experiment="done"))
    course, effects = (
        json.loads(at.get_by_key(f"e_{name}_done-turn-2").proto.spec) for name in ("course", "effects")
    )
    assert course["data"][-1]["mode"] == "lines"
    assert "Time per request" not in effects["layout"]["yaxis"]["ticktext"]  # nobody waited
    table = next(one.value for one in at.dataframe if "treatment_mean" in one.value)
    assert table["metric"].iloc[0] == "Listening time per session"
    arms = next(one.value for one in at.dataframe if "does" in one.value)
    assert list(arms["recommender"]) == ["Random", "Own list"]
    assert "The lists come from **Fast WARP with tags**" in words(at)
    selectbox(at, "e_metric").set_value("mean_tracks_per_session").run()
    fine(at)
    assert "**Tracks per session: +" in words(at)


def test_planning_asks_what_the_library_answers(earlier):
    at = visit("experiment", experiment="done")
    next(one for one in at.number_input if one.key.startswith("e_plan_effect")).set_value(10.0).run()
    control = read_look(earlier / "loops" / "done" / "turn-2").control
    moments = Moments(control.n, control.mean, control.variance)
    assert metrics(at)["One look at the end"] == f"{users_needed(moments, 0.1):,}"
    assert metrics(at)["Looking at any time"] == f"{users_needed(moments, 0.1, peeking=True):,}"
    next(one for one in at.select_slider if one.key.startswith("e_plan_share")).set_value(0.1).run()
    assert metrics(fine(at))["One look at the end"] == f"{users_needed(moments, 0.1, share=0.1):,}"


def test_what_is_taken_away_says_what_the_page_says(earlier):
    loop = LoopStore(earlier / "loops").open("done")
    look = read_look(loop.folder / "turn-2")
    found = Findings("done", look, loop.request.treatments, settled=True, networked=False, loop=loop, turn=2)
    frame = effects_frame(found)
    assert list(frame["metric"]) == [one.metric for one in look.report.effects]
    assert frame["effect_value"].iloc[0] == look.report.effects[0].effect.value
    whole = json.loads(report_json(found))
    assert whole["simulated"] is True
    assert whole["report"]["experiment"] == "PERSONALIZED"
    assert whole["loop"]["loop_id"] == "done"
    at = fine(visit("experiment", experiment="done"))
    assert any("experiment=done" in one.value for one in at.code)


def test_a_stopped_experiment_shows_what_it_has_and_can_be_gone_on_with(earlier):
    at = fine(visit("experiment", experiment="stopped"))
    assert text("experiment.stopped_looked") in words(at)
    assert metrics(at)["Sessions"] != "0"
    assert button(at, "experiment.continue") is not None
    begun = fine(visit("experiment", experiment="begun"))
    assert text("experiment.stopped") in words(begun)
    assert not begun.metric


def test_the_newest_is_shown_first_and_any_other_can_be_chosen_or_deleted(earlier):
    at = fine(visit("experiment"))
    assert shown(at) == "done"
    selectbox(at, "experiment.choice").set_value("begun").run()
    assert shown(at) == "begun"
    assert "seed 7" in words(at)
    button(at, "experiment.delete").click().run()
    button(at, "experiment.delete_yes").click().run()
    fine(at)
    assert not (earlier / "loops" / "begun").exists()
    assert shown(at) == ""


def test_the_lists_are_handed_to_the_service(earlier):
    at = visit("experiment", experiment="done")
    button(at, "experiment.serve").click().run()
    fine(at)
    assert read_current(earlier / "index") == "done-turn-2"
    assert "serves version done-turn-2 now" in at.success[0].value.replace("\\", "")
    button(at, "experiment.serve").click().run()  # once more is the same
    fine(at)
    assert "serves version **done-turn-2**" in words(visit("experiment", experiment="service"))
    assert button(visit("experiment", experiment="begun"), "experiment.serve").disabled


def test_what_is_not_there_or_damaged_is_a_sentence(earlier):
    at = visit("experiment", experiment="nothing")
    assert "There is no experiment nothing." in at.error[0].value.replace("\\", "")
    (earlier / "loops" / "done" / "loop.json").write_text("{")
    damaged = visit("experiment", experiment="done")
    assert "is damaged" in damaged.error[0].value
    at = visit("experiment")
    selectbox(at, "experiment.choice").set_value("").run()
    fine(at.selectbox(key="e_world").set_value("botify").run())
    assert text("experiment.folder_empty") in words(at)
    for folder, said in {
        str(earlier): "users_2024.json is not there",
        "~nobody-of-that-name/x": "Nobody's home",
        "/" + "x" * 5000: "is not there",
    }.items():
        at.text_input(key="e_folder").set_value(folder).run()
        assert not at.exception
        assert said in at.error[0].value.replace("\\", "")
        assert button(at, "experiment.start") is None


def test_a_job_that_failed_says_why_and_what_to_do(earlier):
    at = visit("experiment", experiment="begun")
    folder = earlier / "loops" / "begun"
    card = json.loads((folder / "loop.json").read_text())
    card["request"] |= {"world": "lastfm", "data": str(earlier / "no-such-folder")}
    (folder / "loop.json").write_text(json.dumps(card))
    button(at.run(), "experiment.continue").click().run()
    wait(at, lambda _at: not live())
    assert "Finished steps are kept" in at.error[0].value


# ---- the running service -----------------------------------------------------------------


def log_sessions(home, listeners, shares=(1.0, 0.2, 0.1), experiment="PERSONALIZED"):
    """A session for each ``(user, arm, more)``, ``more`` added to every share but the first."""
    log, stamp = EventWriter(home / "logs"), int(time.time() * 1000)
    for user, arm, more in listeners:
        heard = [shares[0], *(min(1.0, one + more) for one in shares[1:])]
        for place, share in enumerate(heard):
            last = place == len(heard) - 1
            log.append(
                Event(
                    "last" if last else "next", stamp, user, place, share, 0.002, None if last else place + 1,
                    {experiment: arm}, fallback=user % 4 == 0,
                )
            )  # fmt: skip
    log.close()


def test_a_service_that_nobody_uses_says_how_to_use_it(data_root):
    at = fine(visit("experiment", experiment="service"))
    said = words(at)
    assert text("experiment.banner_service") in said
    assert "Nothing has been published yet" in said
    assert "Nobody has used the service in the experiment PERSONALIZED yet" in said
    assert not at.metric


def test_a_running_service_is_watched_from_its_log(data_root):
    log_sessions(data_root, [(user, "CT"[user % 2].replace("T", "T1"), user % 7 / 50) for user in range(60)])
    at = fine(visit("experiment", experiment="service"))
    assert "too early to say" in words(at)
    assert metrics(at)["Sessions"] == "60"
    assert metrics(at)["Answer time"] == "2.0 ms"
    assert metrics(at)["Stand-ins"] == "25%"
    assert "In use: the last request came at" in words(at)
    at.toggle(key="e_refresh").set_value(False).run()
    selectbox(fine(at), "e_service_which").set_value("AA").run()
    assert "in the experiment AA yet" in words(fine(at))


def test_a_log_that_cannot_be_read_is_no_log_that_nobody_wrote(data_root):
    log_sessions(data_root, [(user, "C", 0.1) for user in range(9)])
    compact_log(data_root / "logs")
    next((data_root / "logs").glob("*.parquet")).write_bytes(b"no table")
    at = visit("experiment", experiment="service")
    assert not at.exception
    assert "The log cannot be analysed" in at.error[0].value
    assert "SELECT" not in at.error[0].value


def test_what_listeners_did_before_takes_noise_away(data_root):
    listeners = [(user, ("C", "T1")[user % 2], user % 7 / 50) for user in range(240)]
    log_sessions(data_root, listeners, experiment="earlier")
    log_sessions(data_root, listeners)
    at = fine(visit("experiment", experiment="service"))
    table = next(one.value for one in at.dataframe if "earlier" in one.value)
    assert metrics(at)["Sessions"] == "240"
    assert table["earlier_effect"].notna().all()


def test_parts_without_their_shares_of_listeners_are_not_believed(data_root):
    arms = ["C"] * 300 + ["T1"] * 150
    log_sessions(data_root, [(user, arm, (arm != "C") * 0.5) for user, arm in enumerate(arms)])
    at = visit("experiment", experiment="service")
    assert not at.exception
    said = [one.value for one in at.error]
    assert "C 300 instead of 225, T1 150 instead of 225" in said[0]
    assert text("experiment.not_trusted") in said[1]


# ---- words -------------------------------------------------------------------------------


def verdict(outcome, **values):
    about = {
        "treatment": "T1", "metric": "mean_time_per_session", "outcome": outcome,
        "effect": Interval(0.77, 0.67, 0.87), "smallest_effect": 0.05, "sessions": 100, "sessions_missing": 0,
        "peeking": True, "level": 0.95, "trusted": True,
    }  # fmt: skip
    return Verdict(**{**about, **values})


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            verdict("wins"),
            "T1 (Own list) wins: +77% listening time per session, somewhere from +67% to +87%.",
        ),
        (
            verdict("loses", effect=Interval(-0.3, -0.4, -0.2)),
            "T1 (Own list) loses: -30% listening time per session, somewhere from -40% to -20%.",
        ),
        (
            verdict("no_difference", effect=Interval(0.01, -0.02, 0.04)),
            "T1 (Own list): no difference of 5.0% or more was found (+1.0%, somewhere from -2.0% to +4.0%).",
        ),
        (
            verdict("too_early", sessions_missing=1234),
            "T1 (Own list): too early to say. About 1,200 more sessions would probably settle it.",
        ),
        (verdict("too_early", sessions_missing=None), "T1 (Own list): too early to say."),
    ],
)
def test_verdicts_in_words(found, said):
    assert verdict_words(found, {"C": "random", "T1": "indexed"}) == said


@pytest.mark.parametrize(
    ("outcome", "needed", "said"),
    [
        ("improved", 1.0, "Turn 2 improves on turn 1: +5.0% listening time per session (+3.0% to +7.0%)"),
        ("worse", 1.0, "Turn 2 is worse than turn 1"),
        ("not_told_apart", 9.4, "with about 9.4 times the sessions"),
        ("not_told_apart", 1e6, "No number of sessions within reach"),
    ],
)
def test_turns_in_words(outcome, needed, said):
    found = Improvement(
        turn=2, treatment="T1", outcome=outcome, change=Interval(0.05, 0.03, 0.07),
        control=Interval(0.0, -0.01, 0.01), listeners=785, needed=needed,
    )  # fmt: skip
    assert said in improvement_words(found)


def test_every_recommender_and_metric_has_words():
    for name in RECOMMENDERS:
        assert text(f"experiment.recommender_{name.replace('-', '_')}")
        assert text(f"experiment.does_{name.replace('-', '_')}")
    assert len({metric_name(one) for one in METRICS}) == len(METRICS)
