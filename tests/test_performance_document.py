"""The performance page says what the stored measurements say."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from benchmarks import table
from benchmarks.document import DOCUMENT, FIGURE, README, between_markers, named, tables, verdict
from benchmarks.findings import listening, memory
from benchmarks.goals import DATA, GOALS, GROWTH, LISTENING, LOOP, Goal
from benchmarks.goals_figure import figure
from benchmarks.measure import RESULTS

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def runs() -> list[dict[str, Any]]:
    return json.loads(RESULTS.read_text("utf-8"))


def test_the_document_is_in_step_with_the_results(runs: list[dict[str, Any]]) -> None:
    text = DOCUMENT.read_text("utf-8")
    assert between_markers(text, tables(runs)) == text, "run: python -m benchmarks.document"


def test_the_readme_is_in_step_with_the_results(runs: list[dict[str, Any]]) -> None:
    text = README.read_text("utf-8")
    assert between_markers(text, table.lines(runs)) == text, "run: python -m benchmarks.document"


def test_the_figure_is_in_step_with_the_results(runs: list[dict[str, Any]]) -> None:
    assert FIGURE.read_text("utf-8") == figure(GOALS, runs), "run: python -m benchmarks.document"


def test_the_figure_has_a_dot_and_a_tick_for_every_goal_measured(runs: list[dict[str, Any]]) -> None:
    drawn = ElementTree.fromstring(figure(GOALS, runs))
    measured = sum(bool(goal.least and goal.ratios(runs)) for goal in GOALS)
    ticks = [line for line in drawn.iter(f"{SVG}line") if line.get("class") == "goal"]
    assert len(list(drawn.iter(f"{SVG}circle"))) == len(ticks) == measured


def test_every_goal_has_been_measured(runs: list[dict[str, Any]]) -> None:
    assert [goal for goal in GOALS if not goal.ratios(runs)] == []


def made_up_run(time: str, ratio: float, **more: object) -> dict[str, Any]:
    row = {
        "job": "a",
        "peer": "b, c",
        "peer_seconds": ratio,
        "our_seconds": 1,
        "ratio": ratio,
        "cpu_ratio": 1,
    }
    rows = [{**row, "repetitions": 1, "equality": "same"}]
    machine = {"processor": "P", "cores": 2, "load": 0.5, "versions": {"python": "3"}}
    return {"measured_at": time, "data": "Last.fm 2011", **machine, "rows": rows, **more}


GOAL = Goal(LOOP, "a", "b", least=1)


def test_the_last_run_of_each_day_counts() -> None:
    times = {"2030-01-02T09:00": 4, "2030-01-01T22:00": 3, "2030-01-01T08:00": 2}
    found = GOAL.ratios([made_up_run(time, ratio) for time, ratio in times.items()])
    assert list(found.items()) == [(("2030-01-01", "P"), (3, 1)), (("2030-01-02", "P"), (4, 1))]


def test_a_run_on_other_data_or_by_another_processor_replaces_nothing() -> None:
    runs = [
        made_up_run("2030-01-01T08:00", 2),
        made_up_run("2030-01-01T09:00", 9, data="demo (simulated listeners)"),
        made_up_run("2030-01-01T10:00", 3, processor="Q"),
    ]
    assert GOAL.ratios(runs) == {("2030-01-01", "P"): (2, 1), ("2030-01-01", "Q"): (3, 1)}
    assert named(list(GOAL.ratios(runs))) == ["2030-01-01, P", "2030-01-01, Q"]
    heads = [line for line in table.lines(runs) if line.startswith("### ")]
    assert heads == ["### Last.fm 2011", "### demo (simulated listeners)", "### Last.fm 2011"]
    assert [line.split(" | ")[4] for line in table.lines(runs) if line.startswith("| a ")] == [
        "2.00",
        "9.00",
        "3.00",
    ]


def test_a_goal_is_reached_only_if_every_day_reached_it() -> None:
    assert verdict(GOAL, [(2, 2), (1, 1)]) == "yes"
    assert verdict(GOAL, [(0.5, 2), (0.9, 1)]) == "by processor time"
    assert verdict(GOAL, [(0.5, 0.5), (2, 2)]) == verdict(GOAL, [(2, 2), (0.5, 0.5)]) == "on 1 of 2 days"
    assert verdict(GOAL, []) == "not measured"


def test_memory_beyond_the_goal_on_any_day_is_told() -> None:
    def run(day: int, judging: float, training: str) -> dict[str, Any]:
        rows = [
            {"job": "evaluate, 10M pairs, size 64, 1 thread", "our_megabytes": judging, "equality": ""},
            {
                "job": "warp epoch, 10M pairs",
                "equality": f"ours 9 ns a pair, peak of the process {training} MB",
            },
        ]
        return made_up_run(f"2030-01-0{day}T08:00", 1, data=DATA[GROWTH], rows=rows)

    found = [line.split(" | ")[3:] for line in memory([run(1, 101, "1,219"), run(2, 26, "900")])[-2:]]
    assert found == [["101", "**no** |"], ["1,219", "yes |"]]


def test_listening_time_is_told_seed_by_seed_from_the_newest_run() -> None:
    def run(day: int, *found: tuple[str, float, list[float]]) -> dict[str, Any]:
        said = [
            {"recommender": name, "seed": 1, "effect_percent": effect, "interval_percent": interval}
            for name, effect, interval in found
        ]
        return {"measured_at": f"2030-01-0{day}", "data": f"{LISTENING}, made up", "listening": said}

    newest = run(
        2, ("indexed", 80.0, [76.0, 84.0]), ("indexed", 70.0, [66.0, 78.0]), ("session", 160, [151, 169])
    )
    lines = listening([run(1, ("session", 10.0, [9.0, 11.0])), newest])
    assert [line.split(" | ")[3:] for line in lines[-3:]] == [
        ["+80.0", "+76.0 to +84.0", "by the estimate |"],
        ["+70.0", "+66.0 to +78.0", "**no** |"],
        ["+160.0", "+151.0 to +169.0", "yes |"],
    ]
    assert listening([]) == []


def test_several_processes_may_store_results_at_once(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    program = "import sys; from pathlib import Path; from benchmarks.measure import keep\n"
    program += "for i in range(20): keep('data', Path(sys.argv[1]), found=i)"
    command = [sys.executable, "-c", program, str(path)]
    writers = [subprocess.Popen(command, cwd=RESULTS.parents[1]) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert sorted(run["found"] for run in json.loads(path.read_text())) == sorted([*range(20)] * 3)
    assert list(tmp_path.iterdir()) == [path]
