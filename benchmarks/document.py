"""Write the figure and the tables of ``docs/performance.md`` and of the README here from the stored results.

``python -m benchmarks.document`` writes; what stands between the documents' markers is never edited by hand.
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import table
from benchmarks.findings import NO, YES, growth, limits, listening, memory, page, quality, sharing
from benchmarks.goals import GOALS, Goal, Occasion, Runs
from benchmarks.goals_figure import figure
from benchmarks.measure import RESULTS

DOCS = Path(__file__).parents[1] / "docs"
DOCUMENT, FIGURE = DOCS / "performance.md", DOCS / "performance.svg"
README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- written by benchmarks.document: begin -->", "<!-- written by benchmarks.document: end -->"


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
    columns = sorted({column for goal in GOALS for column in goal.ratios(runs)})
    names = named(columns)
    measured = "; ".join(f"{day}, {where}" for day, where in columns)
    lines = [
        f"Measured on {measured}; the last run of a day counts. "
        "Ratios are the peer's time over ours: by the clock, then by processor time."
    ]
    for group in dict.fromkeys(goal.group for goal in GOALS):
        lines += ["", f"### {group}", "", f"| job | against | goal | {' | '.join(names)} | reached |"]
        lines.append(f"|---|---|---|{'---|' * len(columns)}---|")
        lines += [_line(goal, columns, runs) for goal in GOALS if goal.group == group]
    found = (limits, sharing, growth, memory, quality, page, listening)
    return [*lines, *(line for one in found for line in one(runs))]


def named(columns: list[Occasion]) -> list[str]:
    """Return the days, each with its processor if there are several."""
    several = len({where for _, where in columns}) > 1
    return [f"{day}, {where}" if several else day for day, where in columns]


def _line(goal: Goal, columns: list[Occasion], runs: Runs) -> str:
    ratios = goal.ratios(runs)
    cells = [_pair(ratios[column]) if column in ratios else "" for column in columns]
    least = f"{goal.least:.3g}" if goal.least else "none"
    return (
        f"| {goal.job} | {goal.peer} | {least} | {' | '.join(cells)} | {verdict(goal, [*ratios.values()])} |"
    )


def _pair(ratios: tuple[float, float]) -> str:
    wall, cpu = (f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}" for ratio in ratios)
    return f"{wall} / {cpu}"


def verdict(goal: Goal, ratios: list[tuple[float, float]]) -> str:
    """Return whether the goal was reached, which takes every day on which it was measured."""
    if not ratios:
        return "not measured"
    if not goal.least:
        return ""
    said = [_reached(wall >= goal.least, cpu >= goal.least) for wall, cpu in ratios]
    return said[0] if len(set(said)) == 1 else f"on {said.count(YES)} of {len(said)} days"


def _reached(wall: bool, cpu: bool) -> str:
    if wall and cpu:
        return YES
    return "by processor time" if cpu else "by the clock" if wall else NO


if __name__ == "__main__":
    main()
