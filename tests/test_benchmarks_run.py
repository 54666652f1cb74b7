"""The measuring scripts still run: in small, on a few made-up listeners, to results of their own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import (
    evaluation,
    growth,
    live_loop,
    measure,
    models,
    setting,
    top_k,
    training,
    training_growth,
    training_limits,
    training_quality,
    two_threads,
)
from recsys_core.datasets import load_demo

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = {"tiny": (60, 120, 900), "small": (80, 150, 1500)}
Run = Callable[..., list[dict[str, Any]]] if TYPE_CHECKING else Any


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A function that runs a script's ``main`` with arguments and returns what it kept."""
    monkeypatch.setattr(measure, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(setting, "load_demo", lambda: load_demo(n_users=60))
    monkeypatch.delenv("REFRAIN_DATA", raising=False)
    for module in (training_growth, growth, two_threads):
        monkeypatch.setattr(module, "GRIDS", SMALL)

    def run(main: Callable[[], None], *arguments: str) -> list[dict[str, Any]]:
        monkeypatch.setattr(sys, "argv", ["benchmark", "--rounds", "1", "--sizes", "3", *arguments])
        main()
        return json.loads(measure.RESULTS.read_text("utf-8"))

    return run


def rows_of(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All rows, each with seconds above 0."""
    rows = [row for run in runs for row in run.get("rows", ())]
    assert all(row["peer_seconds"] > 0 and row["our_seconds"] > 0 for row in rows)
    return rows


@pytest.mark.parametrize(
    ("main", "n_rows"), [(evaluation.main, 4), (top_k.main, 4), (live_loop.main, 4), (models.main, 1)]
)
def test_peers_are_met_in_turns_and_the_rows_kept(run: Run, main: Callable[[], None], n_rows: int) -> None:
    runs = run(main, "--threads", "1")
    assert len(rows_of(runs)) == n_rows
    assert {one["data"] for one in runs} == {"demo (simulated listeners)"}


def test_training_keeps_each_loss_as_soon_as_it_is_measured(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "MOST_APART", 1)  # so few listeners say little about quality
    runs = run(training.main, "--losses", "warp", "bpr", "--threads", "1", "2")
    assert [len(one["rows"]) for one in runs] == [2, 2]


def test_an_epoch_is_replayed_and_taken_apart(run: Run) -> None:
    ((found,),) = [one["limits"] for one in run(training_limits.main)]
    assert 1 <= found["draws"] <= 10
    assert 0 < found["steps"] < 1
    assert all(found[part] > 0 for part in (*training_limits.PARTS, "peer"))


def test_two_threads_are_measured_free_and_made_to_share(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_threads, "LARGE", "tiny")
    runs = run(two_threads.main, "--losses", "warp")
    assert len(rows_of(runs)) == 4
    assert [one["data"] for one in runs] == ["demo (simulated listeners)", training_growth.DATA]


def test_quality_is_kept_with_its_tests(run: Run) -> None:
    with pytest.raises(SystemExit):
        run(training_quality.main, "--losses", "bpr", "--seeds", "3", "--epochs", "1")
    (kept,) = json.loads(measure.RESULTS.read_text("utf-8"))
    assert [one["metric"] for one in kept["quality"]] == ["auc", "precision@10"]
    assert all(0 <= one["p_value"] <= 1 and one["margin"] >= 0 for one in kept["quality"])


def test_growth_of_training_tells_the_peak_of_memory(run: Run) -> None:
    (row,) = rows_of(run(training_growth.main, "--grids", "tiny", "--threads", "1"))
    assert "peak of the process" in row["equality"]


def test_growth_of_evaluation_keeps_memory_and_slope(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def in_this_process(folder: Path, mode: str, *numbers: int) -> dict[str, Any]:
        growth._child(str(folder), mode, *map(str, numbers))
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    monkeypatch.setattr(growth, "_in_child", in_this_process)
    monkeypatch.setattr(growth, "CASES", [("tiny", 4), ("small", 4)])
    monkeypatch.setattr(growth, "SAMPLED", {"tiny": 40, "small": 40})
    runs = run(growth.main, "--grids", "tiny", "small", "--threads", "1")
    assert [row["our_megabytes"] is not None for row in rows_of(runs)] == [True, True]
    assert list(runs[-1]["slopes"]) == ["1"]
