"""What keeps the service from starting is one sentence and exit code 2; what does not, does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.online.conftest import post, running_service, serve_once

PLAN = """
default = "random"
[[arms]]
recommenders = { C = "random", T1 = "session" }
[arms.experiment]
name = "x"
"""


def refused(home: Path, *options: object, **environment: str) -> str:
    """Start where it must not start; return the sentence."""
    done = serve_once(home, *options, **environment)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return done.stderr


@pytest.mark.parametrize(
    ("options", "environment", "words"),
    [
        (["--port", "0"], {}, "1 to 65535"),
        (["--port", "70000"], {}, "1 to 65535"),
        (["--workers", "0"], {}, "1 to 64"),
        ([], {"REFRAIN_REDIS_URL": "http://x"}, "REFRAIN_REDIS_URL"),
        ([], {"REFRAIN_REDIS_URL": "foo"}, "REFRAIN_REDIS_URL"),
        ([], {"REFRAIN_LOG_MODE": "fast"}, "REFRAIN_LOG_MODE"),
        ([], {"REFRAIN_EXPERIMENTS": "/nowhere.toml"}, "nowhere.toml"),
    ],
)
def test_a_bad_setting_is_one_sentence(published, options, environment, words):
    assert words in refused(published, *options, **environment)


def test_a_taken_port_is_one_sentence(published):
    with running_service(published) as service:
        service.wait_ready()
        assert str(service.port) in refused(published, "--port", service.port)


@pytest.mark.parametrize("place", ["logs", "online", "online/sessions.bin", "online/experiments.json"])
def test_something_else_in_the_place_of_what_it_writes_is_named(published, place):
    path = published / place
    path.parent.mkdir(exist_ok=True)
    if path.suffix:
        path.mkdir()
    else:
        path.write_text("")
    assert place in refused(published)


def test_a_ledger_that_is_no_text_is_named(published):
    (published / "online").mkdir()
    (published / "online" / "experiments.json").write_bytes(b"\xff\xfe")
    assert "experiments.json" in refused(published)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (PLAN + "version = 2\n", "x was defined differently"),
        (PLAN.replace("session", "indexed"), "x stood for other recommenders"),
    ],
)
def test_a_changed_experiment_keeps_the_service_from_starting(published, tmp_path, changed, words):
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN)
    with running_service(published, REFRAIN_EXPERIMENTS=str(plan)) as service:
        service.wait_ready()
    plan.write_text(changed)
    assert words in refused(published, REFRAIN_EXPERIMENTS=str(plan))


def test_wrong_settings_of_a_plan_s_own_recommender_keep_it_from_starting(published, tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN + '[recommenders.own]\nlike = "indexed"\nsettings = { skip = true }\n')
    assert "own" in refused(published, REFRAIN_EXPERIMENTS=str(plan))


def test_a_version_of_a_newer_format_is_told_under_ready(published):
    path = published / "index" / "v1" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))
    with running_service(published) as service:
        answer = service.wait_ready(status=503)
    assert "format 2, newer than 1" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "prefix",
    [
        ["env", "-u", "HOME", "LANG=C", "LC_ALL=C", "TZ=Antarctica/Troll"],
        ["sh", "-c", 'umask 077; exec "$0" "$@"'],
        ["sh", "-c", 'ulimit -n 64; exec "$0" "$@"'],
    ],
    ids=["no home, no language, an odd zone", "a strict mask", "64 open files"],
)
def test_an_odd_environment_changes_nothing(published, prefix):
    with running_service(published, prefix=prefix) as service:
        service.wait_ready()
        assert post(service, "/next/1", {"track": 129, "time": 0.5}).json()["track"] == 101
        service.end()
        assert service.process.returncode == 0
