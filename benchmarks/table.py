"""Print the stored results as a Markdown table: ``python -m benchmarks.table``."""

from __future__ import annotations

import json

from benchmarks.measure import RESULTS


def main() -> None:
    """Print the newest row of every job."""
    runs = json.loads(RESULTS.read_text("utf-8"))
    newest = {(row["job"], row["peer"]): row for run in runs for row in run.get("rows", ())}
    print("| job | against | peer | ours | ratio | by CPU time | rounds | equality |")
    print("|---|---|---|---|---|---|---|---|")
    for row in newest.values():
        cells = [
            row["job"],
            row["peer"],
            f"{1000 * row['peer_seconds']:,.1f} ms",
            f"{1000 * row['our_seconds']:,.1f} ms",
            f"{row['ratio']:.2f}",
            f"{row['cpu_ratio']:.2f}",
            str(row["repetitions"]),
            row["equality"],
        ]
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
