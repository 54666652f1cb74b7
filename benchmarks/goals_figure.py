"""Goals and what was measured as plain SVG: a dot each on a logarithmic axis, a tick where the goal lies."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from benchmarks.goals import Goal

LEFT, RIGHT, WIDTH, ROW, HEAD, TOP = 330, 24, 900, 17, 34, 56
LOWEST, HIGHEST = 0.3, 600.0
MARKS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f } .small { font-size: 11px } .head { font-weight: 600 }
.grid { stroke: #d0d7de } .goal { stroke: #57606a; stroke-width: 2 } .met { fill: #0969da }
.missed { fill: #fff; stroke: #bc4c00; stroke-width: 2.5 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .grid { stroke: #30363d } .goal { stroke: #9198a1 } .met { fill: #4493f8 }
.missed { fill: #0d1117; stroke: #f0883e } }
"""


def figure(goals: list[Goal], runs: list[dict[str, Any]]) -> str:
    """Return the SVG of all goals that were measured, the newest ratio by the clock of each."""
    found = [(goal, list(goal.ratios(runs).values())) for goal in goals if goal.least]
    measured = [(goal, ratios[-1][0]) for goal, ratios in found if ratios]
    body, y = [], TOP
    for group in dict.fromkeys(goal.group for goal, _ in measured):
        y += HEAD
        body.append(f'<text class="head" x="8" y="{y - 8}">{escape(group)}</text>')
        for goal, ratio in (one for one in measured if one[0].group == group):
            body += _row(goal, ratio, y)
            y += ROW
    height = y + 16
    return "\n".join([_opening(height), f"<style>{STYLE}</style>", *_axis(height), *body, "</svg>", ""])


def _opening(height: int) -> str:
    said = "Times faster than the peer: measured and meant"
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{said}">'


def _axis(height: int) -> list[str]:
    said = "Peer's time over ours. Dot: measured (hollow: short of the goal). Tick: the goal."
    lines = [f'<text x="8" y="20">{escape(said)}</text>']
    for mark in MARKS:
        x = _x(mark)
        lines.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{height - 10}"/>')
        lines.append(f'<text class="small" x="{x:.1f}" y="{TOP - 12}" text-anchor="middle">{mark:g} x</text>')
    return lines


def _row(goal: Goal, ratio: float, y: int) -> list[str]:
    label, middle, tick = escape(f"{goal.job}: {goal.peer}"), y + ROW / 2 - 2, _x(goal.least)
    kind = "met" if ratio >= goal.least else "missed"
    place = f'cx="{_x(ratio):.1f}" cy="{middle}" r="4.5"'
    return [
        f'<text class="small" x="8" y="{y + 10}">{label}</text>',
        f'<line class="goal" x1="{tick:.1f}" x2="{tick:.1f}" y1="{middle - 6}" y2="{middle + 6}"/>',
        f'<circle class="{kind}" {place}><title>{ratio:.2f} x</title></circle>',
    ]


def _x(ratio: float) -> float:
    share = math.log(min(max(ratio, LOWEST), HIGHEST) / LOWEST) / math.log(HIGHEST / LOWEST)
    return LEFT + share * (WIDTH - LEFT - RIGHT)
