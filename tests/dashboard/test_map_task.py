"""Maps made in the worker, asked for through the job queue as pages do."""

from __future__ import annotations

import time

import pytest

from recsys_core.artist_map import MapSettings, MapStore
from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets import load_demo
from recsys_core.runs import RunStore
from recsys_core.splitting import PROTOCOLS
from tests.dashboard.real_jobs import finished


@pytest.fixture
def run_id(data_root):
    request = ComparisonRequest(models=("svd",), protocol=PROTOCOLS["all-pairs"])
    run = compare(load_demo(), request, created="2026-11-23T10:00:00+00:00", choice={"name": "demo"})[-1]
    return RunStore(data_root / "runs").save(run).run_id


def test_a_map_is_made_stored_and_then_only_read(manager, data_root, run_id):
    payload = {"run_id": run_id, "settings": {"epochs": 30}}
    shot = finished(manager, manager.submit("map", payload, "tab"))
    assert (shot.state, shot.error) == ("done", "")
    last = shot.events[-1]
    settings = MapSettings.from_dict(last["settings"])
    assert (last["kind"], settings.epochs) == ("finished", 30)
    assert MapStore(RunStore(data_root / "runs")).load(run_id, settings) is not None
    again = finished(manager, manager.submit("map", payload, "tab"))
    assert [one["kind"] for one in again.events] == ["finished"]


def test_a_cancelled_map_is_gone_and_nothing_is_stored(manager, data_root, run_id):
    job = manager.submit("map", {"run_id": run_id, "settings": {"epochs": 2000}}, "tab")
    while not any(event["kind"] == "progress" for event in manager.snapshot(job).events):
        assert manager.snapshot(job).live
        time.sleep(0.005)
    manager.cancel(job, "tab")
    assert finished(manager, job).state == "cancelled"
    assert MapStore(RunStore(data_root / "runs")).list(run_id) == []


@pytest.mark.parametrize(
    ("payload", "words"),
    [({"settings": {"neighbours": 0}}, "neighbours"), ({"run_id": "nothing"}, "no run")],
)
def test_what_a_page_sends_is_checked_again(manager, run_id, payload, words):
    shot = finished(manager, manager.submit("map", {"run_id": run_id, **payload}, "tab"))
    assert shot.state == "failed"
    assert words in shot.error
    assert "unexpected" not in shot.error
