"""``refrain data``: what is in a data set, and what happened to every row on the way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from recsys_cli.data_options import asked_for, by_default, data_options, load
from recsys_cli.output import json_option, show, table
from recsys_cli.progress import Bar
from recsys_core.datasets import DatasetChoice, download_lastfm
from recsys_core.datasets.choice import DOWNLOADS
from recsys_core.datasets.summary import facts
from recsys_core.runs.manifest import card_of
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset


@click.command(short_help="Describe a data set, or fetch Last.fm.")
@data_options
@click.option("--download", is_flag=True, help="Fetch the official Last.fm archive first.")
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
def data(json_to: str | None, *, download: bool, quiet: bool, **values: Any) -> None:
    """Say what is in a data set: rows read, kept and dropped and why, size and spread.

    Without options: what REFRAIN_DATA names, else Last.fm if downloaded, else the demo.
    """
    asked = asked_for(values)
    if download and asked not in (None, DatasetChoice("lastfm", None)):
        raise click.UsageError("--download fetches Last.fm: leave out the options that name other data.")
    if download:
        asked = DatasetChoice("lastfm", _fetch(quiet=quiet))
    dataset = load(asked or by_default(read_settings()))
    show(_result(dataset), _text(dataset), json_to)


def _fetch(*, quiet: bool) -> str:
    with Bar(quiet=quiet) as bar:
        return str(download_lastfm(read_settings().data_root / DOWNLOADS, on_progress=bar.downloaded))


def _result(dataset: Dataset) -> dict[str, Any]:
    source, card = dataset.source, msgspec.to_builtins(card_of(dataset))
    del card["choice"]
    return {
        "dataset": card,
        "origin": source.origin,
        "licence": source.licence,
        "citation": source.citation,
        "facts": msgspec.to_builtins(facts(dataset)),
        "files": [{**msgspec.to_builtins(report), "kept": report.kept} for report in dataset.report.files],
    }


def _text(dataset: Dataset) -> str:
    source, figures = dataset.source, facts(dataset)
    simulated = " (simulated listeners)" if source.simulated else ""
    lines = [
        f"{source.title}{simulated}: {figures.n_users:,} users x {figures.n_items:,} items, "
        f"{figures.n_pairs:,} pairs, density {figures.density:.2%}",
        f"Items per user: median {figures.median_items_per_user:g}, most {figures.largest_items_per_user:,}",
        f"Users per item: median {figures.median_users_per_item:g}; {figures.items_with_one_user:,} items "
        f"have one user; the top 1 % of items has {figures.share_of_top_percent:.1%} of all pairs",
        f"Weights: {figures.smallest_weight:g} to {figures.largest_weight:g}, "
        f"sum {figures.total_weight:,.0f}; times: {'yes' if figures.has_times else 'no'}",
    ]
    about = (("From", source.origin), ("Licence", source.licence), ("Cite", source.citation))
    lines += [f"{head}: {text}" for head, text in about if text]
    return "\n".join([*lines, "", _rows_table(dataset), *_notes(dataset)])


def _rows_table(dataset: Dataset) -> str:
    rows = [
        (
            report.file,
            f"{report.read:,}",
            f"{report.kept:,}",
            f"{count:,}",
            reason,
            report.first_lines.get(reason, ""),
        )
        for report in dataset.report.files
        for reason, count in (report.dropped or {"": 0}).items()
    ]
    return table(["file", "read", "kept", "dropped", "why", "first line"], rows)


def _notes(dataset: Dataset) -> list[str]:
    return [f"{report.file}: {note}" for report in dataset.report.files for note in report.notes]
