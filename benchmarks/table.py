"""Print the stored results as a Markdown table: ``python -m benchmarks.table``."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.measure import RESULTS


def main() -> None:
    """Print the newest row of every job."""
    print("\n".join(lines(json.loads(RESULTS.read_text("utf-8")))))


def lines(runs: list[dict[str, Any]]) -> list[str]:
    """Return the table of the newest row of every job, line by line."""
    newest = {(row["job"], row["peer"]): (run, row) for run in runs for row in run.get("rows", ())}
    head = "| job | against | peer | ours | ratio | by CPU time | rounds | day | equality |"
    return [head, "|---|---|---|---|---|---|---|---|---|", *(_line(*found) for found in newest.values())]


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
