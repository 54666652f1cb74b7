"""The table of docs/survey.md and of the page that teaches: one model of each family, judged on one split.

Trains each with the settings tuning found, judges it on the driver's split with seed 42, and writes the
figures with their intervals to ``recsys_core/lessons/measured.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from recsys_core.datasets import load_lastfm
from recsys_core.lessons.measured import FILE, METRICS, MODELS, Measured, measured
from recsys_core.reporting import ReportPlan, gather
from recsys_core.runs import RunStore

COMMAND = "python -m benchmarks.survey --data-dir PATH"
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "survey.md"
BEGIN, END = ("<!-- written by benchmarks.survey: begin -->", "<!-- written by benchmarks.survey: end -->")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("REFRAIN_DATA"), help="Last.fm files")
    parser.add_argument("--store", type=Path, help="where runs are kept, to go on after an interruption")
    options = parser.parse_args()
    dataset = load_lastfm(options.data_dir)
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(options.store or Path(folder))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        plan = ReportPlan(models=MODELS, seeds=(42,))
        runs = gather(dataset, plan, store, created=now, on_event=lambda _event: None)
    first = runs[0].manifest
    rows = []
    for run in runs:
        test = run.manifest.metrics["test"]
        row = {"model": run.manifest.model, "seconds": round(run.manifest.seconds["fit"], 2)}
        for metric in METRICS:
            row |= {metric: {end: round(float(test[metric][end]), 5) for end in ("mean", "low", "high")}}
        rows.append(row)
        print(row)
    rows.sort(key=lambda row: -row["ndcg@10"]["mean"])
    said = {
        "command": COMMAND,
        "measured": now[:10],
        "dataset": dataset.source.title,
        "listeners": dataset.n_users,
        "artists": dataset.n_items,
        "train": first.n_train,
        "test": first.n_test,
        "judged": first.n_test_users,
        "seed": 42,
        "models": rows,
    }
    FILE.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    measured.cache_clear()
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8"), measured()), encoding="utf-8")


def with_table(document: str, found: Measured) -> str:
    """Return the document with the table of ``found`` between its marks."""
    before, _, rest = document.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table_of(found)}\n{END}{rest.partition(END)[2]}"


def table_of(found: Measured) -> str:
    """Return what is recommended and why, how it was measured, and the table, as Markdown."""
    lines = [
        *chosen(found),
        "",
        f"{found.dataset}, {found.listeners:,} listeners, {found.artists:,} artists; the driver's split, "
        f"seed {found.seed}: {found.train:,} plays to train on, {found.test:,} to test, "
        f"{found.judged:,} listeners judged; measured on {found.measured}. Intervals: 95 %, bootstrap over "
        "listeners. Seconds of training on two virtual cores, not exclusive: good for comparing only.",
        "",
        f"```sh\n{found.command}\n```",
        "",
        "| model | precision@10 | recall@10 | NDCG@10 | AUC | seconds |",
        "|---|---|---|---|---|---|",
    ]
    for one in found.models:
        figures = (one.precision, one.recall, one.ndcg, one.auc)
        cells = [f"{figure.mean:.4f} ({figure.low:.4f} to {figure.high:.4f})" for figure in figures]
        lines.append(f"| `{one.model}` | {' | '.join(cells)} | {one.seconds:.2f} |")
    return "\n".join(lines) + "\n"


def chosen(found: Measured) -> list[str]:
    """Return which of the models is recommended, and what speaks for another."""
    best, popular, simple = found.models[0], found.of("popularity"), found.of("ease")
    lead = "its interval lies above every other's" if _clear(found) else "another's interval reaches into its"
    return [
        f"**Recommended: `{best.model}`.** Of ten suggestions {10 * best.precision.mean:.2f} were really "
        f"listened to (charts: {10 * popular.precision.mean:.2f}), its NDCG@10 is the highest, and {lead}. "
        f"Its price is time and parts: {best.seconds:.0f} s of training. `{simple.model}`, a single formula, "
        f"makes {10 * simple.precision.mean:.2f} in {simple.seconds:.2f} s. Quickest of all are the charts, "
        "which know nothing about anybody.",
    ]


def _clear(found: Measured) -> bool:
    """Return whether the first is so far ahead that no interval reaches its own."""
    best, *others = found.models
    return all(best.ndcg.low > one.ndcg.high for one in others)


if __name__ == "__main__":
    main()
