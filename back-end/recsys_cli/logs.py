"""``refrain logs``: recount, ship and compact what the service logged."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from recsys_cli.output import STDOUT, json_option, show
from recsys_cli.progress import Bar
from recsys_online.events.orphans import seal_orphans
from recsys_online.events.segment import LogError
from recsys_online.events.verify import LogReport
from recsys_online.events.verify import verify as recount
from recsys_online.settings import read_settings
from recsys_online.shipping import sync_log

PLACE = click.option("--logs", "place", metavar="URL", help="A folder, s3://, hdfs:// or webhdfs://.")
FOLDER = click.option(
    "--logs", "folder", type=click.Path(file_okay=False, path_type=Path), help="Folder of the log."
)


@click.group(short_help="Recount, ship and compact the event log.")
def logs() -> None:
    """Recount, ship and compact the event log."""


@logs.command()
@PLACE
@json_option
def verify(place: str | None, json_to: str | None) -> None:
    """Recount the log: every sequence whole, every seal right? Ends with an error if something is missing."""
    report = recount(place or read_settings().log_dir)
    show({**msgspec.to_builtins(report), "whole": report.whole}, _text(report), json_to)
    if not report.whole:
        raise LogError("The log is not whole; the counts above say what is missing.")


@logs.command()
@FOLDER
@click.option("--to", "url", required=True, metavar="URL", help="A folder, hdfs://, webhdfs:// or s3://.")
@click.option("--delete", is_flag=True, help="Remove local segments that are whole at URL.")
@json_option
def sync(folder: Path | None, url: str, delete: bool, json_to: str | None) -> None:
    """Bring every finished part of the log to URL, each once, compared byte for byte."""
    folder = folder or read_settings().log_dir
    seal_orphans(folder)
    with Bar(quiet=json_to == STDOUT) as bar:
        shipped = sync_log(
            folder, url, delete=delete, on_segment=lambda _one, place, of: bar.count(place, of)
        )
    words = f"{_count(len(shipped), 'segment')} brought to {url}." if shipped else f"Nothing new for {url}."
    show(msgspec.to_builtins(shipped), words, json_to)


@logs.command()
@FOLDER
@json_option
def compact(folder: Path | None, json_to: str | None) -> None:
    """Write every finished part of the log as Parquet too: checked, and less than a tenth of the size."""
    from recsys_online.analysis.compaction import compact_log  # noqa: PLC0415  (loads pyarrow, which is slow)

    folder = folder or read_settings().log_dir
    with Bar(quiet=json_to == STDOUT) as bar:
        done = compact_log(folder, on_segment=bar.count)
    before, after = (sum(sizes) for sizes in zip(*(one[1:] for one in done), strict=True)) if done else (0, 0)
    words = f"{_count(len(done), 'segment')} compacted, {before / 2**20:,.1f} to {after / 2**20:,.1f} MB."
    show([one._asdict() for one in done], words if done else "Nothing new to compact.", json_to)


def _text(report: LogReport) -> str:
    lines = [
        f"{_count(report.events, 'event')} of {_count(report.writers, 'writer')} in "
        f"{_count(report.segments, 'file')} ({report.open_segments:,} still open), "
        f"{_count(report.sessions_ended, 'session')} ended.",
        f"Holes {report.holes:,}, damaged lines {report.damaged:,}, torn ends {report.torn:,}, "
        f"copies {report.duplicates:,}, dropped by a full disk {report.dropped:,}, "
        f"wrong seals {len(report.bad_seals):,}.",
    ]
    if report.shipped:
        lines.append(f"{_count(report.shipped, 'record')} more brought elsewhere and removed here.")
    if report.older:
        lines.append(f"{_count(report.older, 'event')} of the older service, which numbered nothing.")
    lines += [f"Not what was sealed: {name}" for name in report.bad_seals]
    lines += [f"Damaged inside, kept as it is: {name}" for name in report.set_aside]
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
