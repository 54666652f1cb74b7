"""What was measured besides ratios, as lines of ``docs/performance.md``: none before the first run."""

from __future__ import annotations

import re
import statistics
from typing import Any

from benchmarks.goals import GROWTH, LEAST_MORE, LISTENING, LOOP, TRAINING, Runs, occasion, on_data_of
from benchmarks.training_growth import GRIDS

YES, NO = "yes", "**no**"
OVER_THE_DATA, ALL_TOLD = 100, 8192
"""Megabytes: what judging ten million pairs may take over the data, training on them with the data."""
PEAK = re.compile(r"peak of the process ([\d,]+) MB")
CASE = re.compile(r"evaluate, (\w+) pairs, size (\d+)")
SHARED = "2 threads made to share"


def sharing(runs: Runs) -> list[str]:
    """Return what two threads cost that may not work alone, in processor time of one."""
    rows = _newest_rows(TRAINING, runs, lambda row: row["job"].endswith(SHARED))
    if not rows:
        return []
    costs = sorted(1 / row["cpu_ratio"] for row in rows)
    said = f"{costs[0]:.1f} to {costs[-1]:.1f} times the processor time of one for the same epoch of Last.fm"
    lines = ["", "### Two threads that may not work alone", ""]
    return [*lines, f"Made to share the tables throughout, two threads of training take {said}."]


def limits(runs: Runs) -> list[str]:
    """Return what an epoch of WARP is spent on, as last measured by each processor."""
    newest = {
        (run["processor"], one["job"]): one
        for run in on_data_of(TRAINING, runs)
        for one in run.get("limits", ())
    }
    lines = [
        "",
        "### What an epoch of WARP is spent on",
        "",
        "One epoch replayed as it was, then only its arithmetic, on rows that stay in the first cache, then "
        "only its fetching and writing back of rows, in milliseconds; items are those scored for an example.",
        "",
        "| processor | job | items | replayed | arithmetic | rows | lightfm | lightfm over rows alone |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (processor, job), one in newest.items():
        names = ("epoch", "computing", "moving", "peer")
        cells = " | ".join(f"{1000 * one[name]:.1f}" for name in names)
        ratio = one["peer"] / one["moving"]
        lines.append(f"| {processor} | {job} | {1 + one['draws']:.1f} | {cells} | {ratio:.1f} |")
    return lines if newest else []


def growth(runs: Runs) -> list[str]:
    """Return time and memory of an evaluation, case by case, and how time grows."""
    rows = _newest_rows(GROWTH, runs, lambda row: CASE.match(row["job"]) and row["our_megabytes"] is not None)
    slopes = [run["slopes"] for run in on_data_of(GROWTH, runs) if run.get("slopes")]
    lines = [
        "",
        "### Evaluation as data grow",
        "",
        "| job | seconds | thousand million operations a second | memory over the data, MB "
        "| of LightFM's sample, MB |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        cells = f"{row['our_seconds']:.2f} | {_operations(row):.0f} | {row['our_megabytes']:.0f}"
        lines.append(f"| {row['job']} | {cells} | {row['peer_megabytes']:.0f} |")
    if slopes:
        said = ", ".join(f"{slope:.2f} with {n} thread{'s' * (n != '1')}" for n, slope in slopes[-1].items())
        lines += ["", f"Slope of our time against users x items x size, both logarithmic: {said}."]
    return lines if rows else []


def _operations(row: dict[str, Any]) -> float:
    """Return the multiplications and additions of all scores, in thousand million a second."""
    grid, size = CASE.match(row["job"]).groups()  # type: ignore[union-attr]
    n_users, n_items, _ = GRIDS[grid]
    return 2 * n_users * n_items * int(size) / row["our_seconds"] / 1e9


def memory(runs: Runs) -> list[str]:
    """Return the most memory that ten million pairs took on any day, beside what they may take."""
    most: dict[tuple[str, str, int], float] = {}
    for run in on_data_of(GROWTH, runs):
        for row in run.get("rows", ()):
            if "10M" in row["job"] and row.get("our_megabytes") is not None:
                key = (row["job"], "over the data", OVER_THE_DATA)
                most[key] = max(most.get(key, 0), row["our_megabytes"])
            elif "10M" in row["job"] and (peak := PEAK.search(row["equality"])):
                key = (row["job"], "with the data, LightFM beside ours", ALL_TOLD)
                most[key] = max(most.get(key, 0), float(peak[1].replace(",", "")))
    lines = [
        "",
        "### Memory at ten million pairs",
        "",
        "| job | megabytes | goal, at most | most on any day | reached |",
    ]
    lines.append("|---|---|---|---|---|")
    for (job, what, limit), found in most.items():
        lines.append(f"| {job} | {what} | {limit:,} | {found:,.0f} | {YES if found <= limit else NO} |")
    return lines if most else []


def quality(runs: Runs) -> list[str]:
    """Return the newest comparison of the trainers' quality, loss by loss and metric by metric."""
    newest = {
        (one["job"], one["metric"]): one
        for run in on_data_of(TRAINING, runs)
        for one in run.get("quality", ())
    }
    lines = [
        "",
        "### Quality of the trainers",
        "",
        "Means over the seeds, and two one-sided tests of whether their difference is less than the standard "
        "deviation among LightFM's own seeds: p below 0.05 says yes.",
        "",
        "| job | metric | lightfm | ours | difference | less than | p |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in newest.values():
        means = f"{one['lightfm']:.4f} | {one['ours']:.4f} | {one['difference']:+.4f} | {one['margin']:.4f}"
        lines.append(f"| {one['job']} | {one['metric']} | {means} | {one['p_value']:.1g} |")
    return lines if newest else []


def page(runs: Runs) -> list[str]:
    """Return how long the first curve of the page took, day by day."""
    days = {occasion(run): run["page"] for run in on_data_of(LOOP, runs) if run.get("page")}
    lines = ["", "### The page", "", "First curve after pressing Train, in seconds.", ""]
    lines += ["| day | goal | median | slowest | rounds | reached |", "|---|---|---|---|---|---|"]
    for (day, _), found in days.items():
        seconds, goal = found["seconds"], found["goal_seconds"]
        middle = statistics.median(seconds)
        cells = (
            f"{goal:g} | {middle:.2f} | {max(seconds):.2f} | {len(seconds)} | {YES if middle <= goal else NO}"
        )
        lines.append(f"| {day} | {cells} |")
    return lines if days else []


def listening(runs: Runs) -> list[str]:
    """Return how much longer listeners stayed than under Random, seed by seed, in the newest run."""
    newest = [run for run in runs if run["data"].startswith(LISTENING) and run.get("listening")][-1:]
    lines = ["", "### Listening time", ""]
    lines += [f"Per session against Random, in per cent; {run['data']}." for run in newest]
    lines += ["", "| recommender | seed | goal, at least | longer by | 95 % interval | reached |"]
    lines.append("|---|---|---|---|---|---|")
    for one in (one for run in newest for one in run["listening"]):
        least, effect = LEAST_MORE[one["recommender"]], one["effect_percent"]
        lower, upper = one["interval_percent"]
        said = YES if lower >= least else "by the estimate" if effect >= least else NO
        cells = f"+{least} | {effect:+.1f} | {lower:+.1f} to {upper:+.1f} | {said}"
        lines.append(f"| {one['recommender']} | {one['seed']} | {cells} |")
    return lines if newest else []


def _newest_rows(group: str, runs: Runs, wanted: Any) -> list[dict[str, Any]]:
    """Return the last row of every job on the data of ``group`` that ``wanted`` says yes to."""
    rows = {row["job"]: row for run in on_data_of(group, runs) for row in run.get("rows", ()) if wanted(row)}
    return list(rows.values())
