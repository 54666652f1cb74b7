"""Print the stored results as Markdown tables: ``python -m benchmarks.table``."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.goals import Runs
from benchmarks.measure import RESULTS

HEAD = "| job | against | peer | ours | ratio | by CPU time | rounds | day | equality |"
RULE = "|---|---|---|---|---|---|---|---|---|"


def main() -> None:
    """Print the newest row of every job."""
    print("\n".join(lines(json.loads(RESULTS.read_text("utf-8")))))


def lines(runs: Runs) -> list[str]:
    """Return, line by line, a table for each data set and processor: the newest row of every job there."""
    written = []
    for place in dict.fromkeys(_place(run) for run in runs if run.get("rows")):
        here = [run for run in runs if run.get("rows") and _place(run) == place]
        newest = {(row["job"], row["peer"]): (run, row) for run in here for row in run["rows"]}
        written += [f"### {place[0]}", "", _machine([run for run, _ in newest.values()]), "", HEAD, RULE]
        written += [*(_line(*found) for found in newest.values()), ""]
    return written[:-1]


def _place(run: dict[str, Any]) -> tuple[str, str]:
    return run["data"], run["processor"]


def _machine(runs: Runs) -> str:
    """Return what the rows were measured on, and how busy it was."""
    newest = max(runs, key=lambda run: run["measured_at"])
    versions = ", ".join(f"{name} {version}" for name, version in newest["versions"].items())
    loads = sorted(run["load"] for run in runs if run["load"] is not None)
    busy = f", load {loads[0]:g} to {loads[-1]:g}" if loads else ""
    return f"{newest['processor']}, {newest['cores']} cores{busy}; {versions}."


def _line(run: dict[str, Any], row: dict[str, Any]) -> str:
    memory = row.get("our_megabytes")
    cells = [
        row["job"],
        row["peer"],
        f"{1000 * row['peer_seconds']:,.1f} ms",
        f"{1000 * row['our_seconds']:,.1f} ms",
        f"{row['ratio']:.2f}",
        f"{row['cpu_ratio']:.2f}",
        str(row["repetitions"]),
        run["measured_at"][:10],
        row["equality"] + ("" if memory is None else f"; {memory:.0f} MB over the data"),
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
