"""Jobs about films, asked for through the queue as the page does."""

from __future__ import annotations

import hashlib
import time

import pytest

from recsys_core.movies.loaders.demo import load_demo_movies
from recsys_core.movies.study_store import load_measurements
from tests.dashboard.real_jobs import OneFile, finished

SHORT = {"components": [2, 5], "queries": 5}


def begun(manager, job):
    deadline = time.monotonic() + 120
    while manager.snapshot(job).state == "queued":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def steps(shot):
    return [(event["done"], event["total"]) for event in shot.events if event["kind"] == "progress"]


def test_a_catalogue_is_measured_step_by_step_and_the_figures_are_kept(manager, data_root):
    shot = finished(manager, manager.submit("pca", {"films": {"name": "demo"}, "options": SHORT}, "tab"))
    assert (shot.state, shot.error) == ("done", "")
    assert steps(shot) == [(2, 5), (3, 5), (4, 5), (5, 5)]
    fingerprint = load_demo_movies().fingerprint
    assert shot.events[-1] == {"kind": "finished", "fingerprint": fingerprint}
    assert load_measurements(data_root / "film_studies", fingerprint).study.table["components"].tolist() == [
        2,
        5,
    ]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"films": {"name": "movielens"}}, "not on this computer"),
        ({"films": {"name": "demo"}, "options": {"components": [10**6]}}, "components"),
    ],
)
def test_what_cannot_be_measured_says_why_and_keeps_nothing(manager, data_root, payload, words):
    shot = finished(manager, manager.submit("pca", payload, "tab"))
    assert shot.state == "failed"
    assert words in shot.error
    assert not (data_root / "film_studies").exists()


def test_a_stopped_measurement_keeps_nothing(manager, data_root):
    job = manager.submit("pca", {"films": {"name": "demo"}, "options": {"queries": 400}}, "tab")
    begun(manager, job)
    manager.cancel(job, "tab")
    assert finished(manager, job).state == "cancelled"
    assert not list((data_root / "film_studies").glob("*.json"))


@pytest.mark.parametrize("honest", [True, False])
def test_movielens_lands_whole_or_not_at_all(manager, data_root, server, honest):
    sha256 = hashlib.sha256(OneFile.content if honest else b"something else").hexdigest()
    shot = finished(
        manager, manager.submit("movielens", {"source": {"url": server, "sha256": sha256}}, "tab")
    )
    assert shot.state == ("done" if honest else "failed")
    assert steps(shot) == sorted(steps(shot))
    assert steps(shot)
    assert [path.stat().st_size for path in (data_root / "downloads").rglob("*.zip")] == (
        [len(OneFile.content)] if honest else []
    )
