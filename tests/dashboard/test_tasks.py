"""What the worker can do, asked for through the job manager as the pages do."""

from __future__ import annotations

import hashlib
import time

import pytest

from recsys_core.comparison.progress import Progress
from recsys_core.runs import RunStore
from tests.dashboard.real_jobs import OneFile, finished


def request(**values):
    values = {"models": ["lightfm-warp"], "epochs": 2, **values}
    return {"dataset": {"name": "demo"}, "request": values}


def test_a_comparison_tells_every_epoch_and_stores_a_run_per_model(manager, data_root):
    job = manager.submit("compare", request(), owner="tab")
    shot = finished(manager, job)
    assert (shot.state, shot.error) == ("done", "")
    progress = Progress.from_events(shot.events)
    assert progress.finished == ["popularity", "lightfm-warp"]
    assert {model: len(curve) for model, curve in progress.curves().items()} == progress.plan
    stored = RunStore(data_root / "runs").list()
    assert {manifest.model for manifest in stored} == {"popularity", "lightfm-warp"}
    assert {manifest.comparison_id for manifest in stored} == {job}
    assert {manifest.dataset.choice["name"] for manifest in stored} == {"demo"}


def test_a_comparison_clears_away_what_a_killed_worker_left(manager, data_root):
    left = data_root / "runs" / ".partial-svd-0123456789-99999999"  # no process has this number
    left.mkdir(parents=True)
    finished(manager, manager.submit("compare", request(models=["svd"]), "me"))
    assert not left.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"models": ["nonsense"]}, "no model 'nonsense'"),
        ({"epochs": 0}, "epochs"),
        ({"epochs": "10"}, "epochs"),
        ({"learning_rate": -1.0}, "learning_rate"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_request_is_checked_again_whoever_sent_it(manager, wrong, words):
    shot = finished(manager, manager.submit("compare", request(**wrong), owner="tab"))
    assert shot.state == "failed"
    assert words in shot.error
    assert "unexpected" not in shot.error


def test_a_cancelled_comparison_keeps_what_was_finished_and_nothing_half_done(manager, data_root):
    job = manager.submit("compare", request(epochs=1000), owner="tab")
    while len(manager.snapshot(job).events) < 6:
        time.sleep(0.01)
    asked = time.monotonic()
    manager.cancel(job, "tab")
    assert finished(manager, job).state == "cancelled"
    assert time.monotonic() - asked < 1
    assert [manifest.model for manifest in RunStore(data_root / "runs").list()] == ["popularity"]


@pytest.mark.parametrize("honest", [True, False])
def test_a_download_tells_its_progress_and_lands_whole_or_not_at_all(manager, data_root, server, honest):
    sha256 = hashlib.sha256(OneFile.content if honest else b"something else").hexdigest()
    shot = finished(manager, manager.submit("download", {"source": {"url": server, "sha256": sha256}}, "tab"))
    assert shot.state == ("done" if honest else "failed")
    steps = [event["done"] for event in shot.events if event["kind"] == "progress"]
    assert steps
    assert steps == sorted(steps)
    assert [path.stat().st_size for path in (data_root / "downloads").rglob("*.zip")] == (
        [len(OneFile.content)] if honest else []
    )


def test_a_comparison_is_repeated_on_further_splits_under_its_own_id(manager, data_root):
    first = manager.submit("compare", request(models=["svd"], embedding_size=4), owner="tab")
    finished(manager, first)
    payload = {"dataset": {"name": "demo"}, "comparison_id": first, "seeds": [43, 44], "list_length": 10}
    shot = finished(manager, manager.submit("splits", payload, owner="tab"))
    assert (shot.state, shot.error) == ("done", "")
    assert shot.events[0] == {"kind": "splits", "comparison_id": first, "seeds": [43, 44]}
    stored = RunStore(data_root / "runs").list()
    seeds = {one.comparison_id: one.protocol.seed for one in stored}
    assert seeds == {first: 42, f"{first}-seed-43": 43, f"{first}-seed-44": 44}
    settings = [one.parameters for one in stored if one.model == "svd"]
    assert settings == [settings[0]] * 3
    again = finished(manager, manager.submit("splits", payload, owner="tab"))
    assert (again.state, len(again.events)) == ("done", 1)  # all there already
