"""Verdicts of a comparison, on one split or several: text, JSON, or a file for a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from recsys_cli.compare_report import comparison_result
from recsys_cli.output import table
from recsys_core.comparison.export import FORMATS
from recsys_core.comparison.verdicts import seeds_table, verdict_table, verdicts_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from recsys_core.runs import Run


def shown_metrics(list_length: int) -> list[str]:
    """Return the metrics that verdicts are given for."""
    return ["auc", f"precision@{list_length}", f"recall@{list_length}", f"ndcg@{list_length}"]


def several_result(protocol: str, runs: Sequence[Run]) -> dict[str, Any]:
    """Return the result of the first split, with ``seeds``, ``over_seeds`` and ``verdicts`` by metric."""
    seeds = list(dict.fromkeys(run.manifest.protocol.seed for run in runs))
    first = [run for run in runs if run.manifest.protocol.seed == seeds[0]]
    metrics = [name for name in first[0].manifest.metrics["test"] if name not in ("mrr", "map")]
    return {
        **comparison_result(protocol, first),
        "seeds": seeds,
        "over_seeds": {metric: _records(seeds_table(runs, metric)) for metric in metrics},
        "verdicts": {metric: _records(verdict_table(runs, metric)) for metric in metrics},
    }


def several_text(runs: Sequence[Run]) -> str:
    """Return the mean of each model over the splits, and whether the best could be so by luck."""
    first = runs[0].manifest
    seeds = list(dict.fromkeys(run.manifest.protocol.seed for run in runs))
    length = next(int(name.partition("@")[2]) for name in first.metrics["test"] if "@" in name)
    blocks = [f"{first.dataset.title}: {len(seeds)} splits, seeds {', '.join(map(str, seeds))}"]
    for metric in shown_metrics(length):
        over, verdict = seeds_table(runs, metric).set_index("model"), verdict_table(runs, metric)
        rows = [
            (
                row.model,
                f"{row.mean:.4f} ±{(row.high - row.low) / 2:.4f}",
                f"{over.loc[row.model, 'deviation']:.4f}",
                f"{over.loc[row.model, 'firsts']} of {len(seeds)}",
                f"{row.mean_rank:.2f}",
                "" if np.isnan(row.behind) else f"{row.behind:.4f}",
                "" if np.isnan(row.p_holm) else f"{row.p_holm:.4f}",
            )
            for row in verdict.itertuples()
        ]
        heads = ["model", metric, "between splits", "first", "mean place", "behind the best", "p (Holm)"]
        blocks.append(table(heads, rows))
    return "\n\n".join(blocks)


def writer(path: str | None, list_length: int) -> Callable[[Sequence[Run]], None]:
    """Return what writes the verdicts of all shown metrics to ``path``; refuse a bad path at once."""
    if path is None:
        return lambda _runs: None
    target = Path(path)
    ending = target.suffix.removeprefix(".")
    if ending not in FORMATS or not target.absolute().parent.is_dir():
        raise click.UsageError(f"--table: a .csv, .md or .tex file in a folder that exists, not {path!r}.")

    def write(runs: Sequence[Run]) -> None:
        target.write_text(FORMATS[ending](verdicts_at(runs, shown_metrics(list_length))), encoding="utf-8")

    return write


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {name: value.item() if isinstance(value, np.generic) else value for name, value in row.items()}
        for row in plain.to_dict("records")
    ]
