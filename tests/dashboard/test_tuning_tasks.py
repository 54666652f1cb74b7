"""Tuning in the worker, asked for through the job manager as a page does."""

from __future__ import annotations

import time

import pytest

from recsys_core.runs import RunStore
from recsys_core.runs.default_model import read_default
from recsys_core.tuning import StudyStore
from tests.dashboard.real_jobs import finished


def payload(**values):
    request = {"model": "svd", "epochs": 2, **values.pop("request", {})}
    return {"dataset": {"name": "demo"}, "study": "page", "request": request, **values}


def test_a_search_tells_its_trials_and_its_best_becomes_the_default(manager, data_root):
    shot = finished(manager, manager.submit("tune", payload(budget={"trials": 3}), "tab"))
    assert (shot.state, shot.error) == ("done", "")
    assert [event["kind"] for event in shot.events][::3][:2] == ["study", "ended"]
    assert shot.events[-1] == {"kind": "finished", "why": "trials"}
    study = StudyStore(data_root / "studies").open("page")
    assert len(study.trials()) == 3
    assert study.card.dataset.choice["name"] == "demo"
    adopt = {"dataset": {"name": "demo"}, "study": "page"}
    shot = finished(manager, manager.submit("adopt", adopt, "tab"))
    assert (shot.state, shot.error) == ("done", "")
    run_id = shot.events[-1]["run_id"]
    assert read_default(data_root / "default_model.json").run_id == run_id
    assert RunStore(data_root / "runs").manifest(run_id).tuned_from["study"] == "page"


def test_a_cancel_keeps_what_was_tried(manager, data_root):
    asked = payload(request={"model": "lightfm-warp", "epochs": 200, "pruning": "none"})
    job = manager.submit("tune", asked, "tab")
    while sum(event["kind"] == "epoch" for event in manager.snapshot(job).events) < 5:
        assert manager.snapshot(job).live
        time.sleep(0.01)
    manager.cancel(job, "tab")
    assert finished(manager, job).state == "cancelled"
    (trial,) = StudyStore(data_root / "studies").open("page").trials()
    assert trial.state == "stopped"
    assert len(trial.curve) >= 5


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"request": {"model": "nonsense"}}, "no model 'nonsense'"),
        ({"request": {"objectives": ["magic"]}}, "no objective"),
        ({"budget": {"trials": 0}}, "trials"),
        ({"study": "../up"}, "cannot name a study"),
        ({"workers": 99}, "workers"),
    ],
)
def test_a_request_is_checked_again_whoever_sent_it(manager, wrong, words):
    shot = finished(manager, manager.submit("tune", payload(**wrong), "tab"))
    assert shot.state == "failed"
    assert words in shot.error
