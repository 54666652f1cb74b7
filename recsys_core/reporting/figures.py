"""Figures of a report as plain SVG, readable on a light and on a dark page."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from recsys_core.comparison.quality_in_time import pareto_front

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

WIDTH, LEFT, RIGHT, TOP, ROW = 860, 170, 90, 52, 24
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f } .small { font-size: 11px } .head { font-weight: 600 }
.grid { stroke: #d0d7de } .bar { stroke: #0969da; stroke-width: 2.5 } .dot { fill: #0969da }
.front { stroke: #0969da; stroke-opacity: .3; stroke-width: 8; fill: none } .other { fill: #8c959f }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .grid { stroke: #30363d } .bar { stroke: #4493f8 } .dot { fill: #4493f8 }
.front { stroke: #4493f8 } .other { fill: #9198a1 } }
"""
_PLOT = 330  # height of the figure of quality and time
_APART = 15  # pixels between names


def intervals_figure(table: pd.DataFrame, title: str) -> str:
    """Return a dot with its interval per row of ``model, mean, low, high``, in the order of the table."""
    low, high = float(table["low"].min()), float(table["high"].max())
    low, high = low - 0.04 * (high - low), high + 0.04 * (high - low)
    height = TOP + ROW * len(table) + 12
    body = _grid(_ticks(low, high), (low, high), height)
    for row, one in enumerate(table.itertuples()):
        y = TOP + ROW * row + ROW / 2
        ends = [_across(value, low, high) for value in (one.low, one.high)]
        body += [
            f'<text x="8" y="{y + 4:.1f}">{escape(str(one.model))}</text>',
            f'<line class="bar" x1="{ends[0]:.1f}" x2="{ends[1]:.1f}" y1="{y}" y2="{y}"/>',
            f'<circle class="dot" cx="{_across(one.mean, low, high):.1f}" cy="{y}" r="4.5"/>',
            f'<text class="small" x="{WIDTH - RIGHT + 14}" y="{y + 4:.1f}">{one.mean:.4f}</text>',
        ]
    return _svg(height, title, body)


def time_figure(table: pd.DataFrame, title: str) -> str:
    """Return a point per row of ``model, seconds, mean``; seconds are logarithmic, the front is marked."""
    seconds = [math.log10(max(float(value), 0.01)) for value in table["seconds"]]
    low, high = min(seconds) - 0.1, max(seconds) + 0.1
    bottom, top = float(table["mean"].min()), float(table["mean"].max())
    bottom, top = bottom - 0.06 * (top - bottom + 1e-9), top + 0.06 * (top - bottom + 1e-9)
    height = TOP + _PLOT + 34
    decades = [(float(at), f"{10.0**at:g} s") for at in range(math.ceil(low), math.floor(high) + 1)]
    body = _grid(decades, (low, high), height - 26)
    points = [
        (_across(x, low, high), TOP + _PLOT * (top - y) / (top - bottom))
        for x, y in zip(seconds, table["mean"], strict=True)
    ]
    front = pareto_front(table["seconds"].to_numpy(), table["mean"].to_numpy())
    on = sorted(point for point, best in zip(points, front, strict=True) if best)
    body.append(f'<polyline class="front" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in on)}"/>')
    names = zip(table["model"], table["mean"], points, _apart(points), front, strict=True)
    for model, mean, (x, y), at, best in names:
        kind = "dot" if best else "other"
        body += [
            f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="5"><title>{mean:.4f}</title></circle>',
            f'<text class="small" x="{x + 9:.1f}" y="{at + 4:.1f}">{escape(str(model))} {mean:.3f}</text>',
        ]
    return _svg(height, title, body)


def _apart(points: Sequence[tuple[float, float]]) -> list[float]:
    """Return heights of names beside ``points``, moved down where one above is near."""
    placed: list[tuple[float, float]] = []
    heights = [0.0] * len(points)
    for index in sorted(range(len(points)), key=lambda one: points[one][1]):
        x, y = points[index]
        for other_x, other_y in sorted(placed, key=lambda one: one[1]):
            if abs(other_x - x) < 130 and abs(other_y - y) < _APART:
                y = other_y + _APART
        placed.append((x, y))
        heights[index] = y
    return heights


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    step = 10 ** math.floor(math.log10(max(high - low, 1e-9)))
    step = next(step * part for part in (0.1, 0.2, 0.5, 1, 2) if (high - low) / (step * part) <= 7)
    first = math.ceil(low / step)
    digits = max(0, -math.floor(math.log10(step)))
    count = math.floor(high / step) - first + 1
    return [((first + at) * step, f"{(first + at) * step:.{digits}f}") for at in range(count)]


def _grid(marks: Sequence[tuple[float, str]], ends: tuple[float, float], height: float) -> list[str]:
    lines = []
    for value, words in marks:
        x = _across(value, *ends)
        lines.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{height - 8:.0f}"/>')
        lines.append(f'<text class="small" x="{x:.1f}" y="{TOP - 12}" text-anchor="middle">{words}</text>')
    return lines


def _across(value: float, low: float, high: float) -> float:
    return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)


def _svg(height: float, title: str, body: Sequence[str]) -> str:
    size = f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
    said = escape(title, quote=True)
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{said}">'
    head = f'<text class="head" x="8" y="20">{escape(title)}</text>'
    return "\n".join([opening, f"<style>{_STYLE}</style>", head, *body, "</svg>", ""])
