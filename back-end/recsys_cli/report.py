"""``refrain report``: the answer on one data set and the evidence behind it, as a document with figures."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from recsys_cli.data_options import asked_for, by_default, data_options, load
from recsys_cli.progress import Bar
from recsys_core.reporting import MODELS_REPORTED, ReportPlan, gather, tried, write_report
from recsys_core.runs import RunStore
from recsys_dashboard.settings import read_settings

SEEDS = "42,11,12,13,14"


@click.command(short_help="Write the results on a data set as a document.")
@data_options
@click.option(
    "--out",
    help="The Markdown file; figures and numbers go beside it. Default: docs/results.md for Last.fm, "
    "docs/results-NAME.md for other data.",
)
@click.option(
    "--models", default=",".join(MODELS_REPORTED), help="Separated by commas; default: all that are tuned."
)
@click.option(
    "--split-seeds", default=SEEDS, show_default=True, help="Splits to judge on; the first is told in full."
)
@click.option(
    "--threads", type=click.INT, default=1, show_default=True, help="Threads of training and evaluation."
)
@click.option("--quiet", is_flag=True, help="No progress.")
def report(
    out: str | None, models: str, split_seeds: str, threads: int, *, quiet: bool, **values: Any
) -> None:
    """Compare tuned models on several splits and write what came out, one page of answer first.

    Runs that are stored already are not trained again.
    """
    choice = asked_for(values) or by_default(read_settings())
    target = Path(out or default_place(choice.name))
    if target.suffix != ".md" or not target.absolute().parent.is_dir():
        raise click.UsageError(f"--out: a .md file in a folder that exists, not {str(target)!r}.")
    plan = ReportPlan.from_dict({"models": _names(models), "seeds": _seeds(split_seeds), "threads": threads})
    dataset, store = load(choice), RunStore(read_settings().runs_dir)
    store.clean()
    with Bar(quiet=quiet) as bar:
        runs = gather(
            dataset,
            plan,
            store,
            created=datetime.now(UTC).isoformat(),
            choice=msgspec.to_builtins(choice),
            on_event=bar.epoch,
        )
    command = f"refrain report --dataset {choice.name} --split-seeds {split_seeds} --threads {threads}"
    if models != ",".join(MODELS_REPORTED):
        command += f" --models {models}"
    for path in write_report(runs, dataset, store, target, command=command, threads=threads):
        click.echo(path)


def default_place(dataset: str) -> str:
    """Return where a report goes: only that on Last.fm is the one the other documents speak of."""
    return "docs/results.md" if dataset == tried.DATASET else f"docs/results-{dataset}.md"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _seeds(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(one) for one in text.split(","))
    except ValueError:
        raise click.UsageError(f"--split-seeds: whole numbers separated by commas, not {text!r}.") from None
