"""``refrain logs``: recount and ship what the service logged."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from recsys_cli.output import json_option, show
from recsys_online.events.segment import LogError
from recsys_online.events.verify import LogReport
from recsys_online.events.verify import verify as recount
from recsys_online.settings import read_settings

FOLDER = click.option(
    "--logs", "folder", type=click.Path(file_okay=False, path_type=Path), help="Folder of the log."
)


@click.group(short_help="Recount and ship the event log.")
def logs() -> None:
    """Recount and ship the event log."""


@logs.command()
@FOLDER
@json_option
def verify(folder: Path | None, json_to: str | None) -> None:
    """Recount the log: every sequence whole, every seal right? Ends with an error if something is missing."""
    report = recount(folder or read_settings().log_dir)
    show({**msgspec.to_builtins(report), "whole": report.whole}, _text(report), json_to)
    if not report.whole:
        raise LogError("The log is not whole; the counts above say what is missing.")


def _text(report: LogReport) -> str:
    return "\n".join(
        [
            f"{report.events:,} events of {report.writers} writers in {report.segments} files "
            f"({report.open_segments} still open), {report.sessions_ended:,} sessions ended.",
            f"Holes {report.holes}, damaged lines {report.damaged}, torn ends {report.torn}, "
            f"copies {report.duplicates}, dropped by a full disk {report.dropped}, "
            f"wrong seals {len(report.bad_seals)}.",
        ]
    )
