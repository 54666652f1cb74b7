"""The performance page says what the stored measurements say."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from benchmarks.document import DOCUMENT, FIGURE, between_markers, tables
from benchmarks.goals import GOALS, Goal
from benchmarks.goals_figure import figure
from benchmarks.measure import RESULTS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def runs() -> list[dict[str, object]]:
    return json.loads(RESULTS.read_text("utf-8"))


def test_the_document_is_in_step_with_the_results(runs: list[dict[str, object]]) -> None:
    text = DOCUMENT.read_text("utf-8")
    assert between_markers(text, tables(runs)) == text, "run: python -m benchmarks.document"


def test_the_figure_is_in_step_with_the_results(runs: list[dict[str, object]]) -> None:
    assert FIGURE.read_text("utf-8") == figure(GOALS, runs), "run: python -m benchmarks.document"


def test_the_figure_has_a_dot_and_a_tick_for_every_goal_measured(runs: list[dict[str, object]]) -> None:
    drawn = ElementTree.fromstring(figure(GOALS, runs))
    measured = sum(bool(goal.ratios(runs)) for goal in GOALS)
    ticks = [line for line in drawn.iter(f"{SVG}line") if line.get("class") == "goal"]
    assert len(list(drawn.iter(f"{SVG}circle"))) == len(ticks) == measured


def test_every_goal_has_been_measured(runs: list[dict[str, object]]) -> None:
    assert [goal for goal in GOALS if not goal.ratios(runs)] == []


def test_the_last_run_of_each_day_counts() -> None:
    def run(time: str, ratio: float) -> dict[str, object]:
        return {"measured_at": time, "rows": [{"job": "a", "peer": "b, c", "ratio": ratio, "cpu_ratio": 1}]}

    runs = [run("2030-01-02T09:00", 4), run("2030-01-01T22:00", 3), run("2030-01-01T08:00", 2)]
    found = Goal("group", "a", "b", least=1).ratios(runs)
    assert found == {"2030-01-01": (3, 1), "2030-01-02": (4, 1)}
    assert list(found) == ["2030-01-01", "2030-01-02"]
