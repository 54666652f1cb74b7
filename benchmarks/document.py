"""Write the figure and the tables of ``docs/performance.md`` and of the README here from the stored results.

``python -m benchmarks.document`` writes; what stands between the documents' markers is never edited by hand.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

from benchmarks import table
from benchmarks.goals import GOALS, Goal
from benchmarks.goals_figure import figure
from benchmarks.measure import RESULTS

DOCS = Path(__file__).parents[1] / "docs"
DOCUMENT, FIGURE = DOCS / "performance.md", DOCS / "performance.svg"
README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- written by benchmarks.document: begin -->", "<!-- written by benchmarks.document: end -->"
Runs = list[dict[str, Any]]


def main() -> None:
    """Bring the files into step with the results."""
    runs = json.loads(RESULTS.read_text("utf-8"))
    FIGURE.write_text(figure(GOALS, runs), "utf-8")
    for path, lines in ((DOCUMENT, tables(runs)), (README, table.lines(runs))):
        path.write_text(between_markers(path.read_text("utf-8"), lines), "utf-8")


def between_markers(document: str, lines: list[str]) -> str:
    """Return the document with the part between its markers written anew."""
    before, rest = document.split(BEGIN)
    after = rest.split(END)[1]
    return "\n".join([f"{before}{BEGIN}", "", *lines, "", f"{END}{after}"])


def tables(runs: Runs) -> list[str]:
    """Return the lines of all tables."""
    days = sorted({day for goal in GOALS for day in goal.ratios(runs)})
    said = f"Measured on {' and '.join(days)}; the last run of a day counts. Ratios are the peer's time over "
    lines = [f"{said}ours: by the clock, then by processor time."]
    for group in dict.fromkeys(goal.group for goal in GOALS):
        lines += ["", f"### {group}", "", f"| job | against | goal | {' | '.join(days)} | reached |"]
        lines.append(f"|---|---|---|{'---|' * len(days)}---|")
        lines += [_line(goal, days, runs) for goal in GOALS if goal.group == group]
    return [*lines, *_memory(runs), *_page(runs)]


def _line(goal: Goal, days: list[str], runs: Runs) -> str:
    ratios = goal.ratios(runs)
    cells = [_pair(ratios[day]) if day in ratios else "" for day in days]
    newest = list(ratios.values())[-1:]
    return f"| {goal.job} | {goal.peer} | {goal.least:.3g} | {' | '.join(cells)} | {_verdict(goal, newest)} |"


def _pair(ratios: tuple[float, float]) -> str:
    wall, cpu = (f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}" for ratio in ratios)
    return f"{wall} / {cpu}"


def _verdict(goal: Goal, newest: list[tuple[float, float]]) -> str:
    if not newest:
        return "not measured"
    wall, cpu = (ratio >= goal.least for ratio in newest[0])
    if wall and cpu:
        return "yes"
    return "by processor time" if cpu else "by the clock" if wall else "**no**"


def _memory(runs: Runs) -> list[str]:
    rows = {
        row["job"]: row
        for run in runs
        for row in run.get("rows", ())
        if row["job"].startswith("evaluate") and row.get("our_megabytes") is not None
    }
    slopes = [run["slopes"] for run in runs if run.get("slopes")]
    lines = [
        "",
        "### Evaluation as data grow",
        "",
        "| job | seconds | memory over the data, MB | of LightFM's sample, MB |",
    ]
    lines.append("|---|---|---|---|")
    for job, row in rows.items():
        cells = f"{row['our_seconds']:.2f} | {row['our_megabytes']:.0f} | {row['peer_megabytes']:.0f}"
        lines.append(f"| {job} | {cells} |")
    if slopes:
        said = ", ".join(f"{slope:.2f} with {n} thread{'s' * (n != '1')}" for n, slope in slopes[-1].items())
        lines += ["", f"Slope of our time against users x items x size, both logarithmic: {said}."]
    return lines if rows else []


def _page(runs: Runs) -> list[str]:
    pages = [run["page"] for run in runs if run.get("page")]
    if not pages:
        return []
    seconds, goal = pages[-1]["seconds"], pages[-1]["goal_seconds"]
    said = f"median {statistics.median(seconds):.2f} s, slowest of {len(seconds)} {max(seconds):.2f} s"
    return ["", "### The page", "", f"First curve after pressing Train, goal {goal:g} s: {said}."]


if __name__ == "__main__":
    main()
