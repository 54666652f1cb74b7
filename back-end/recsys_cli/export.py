"""``refrain export``: the lists of a run as JSON lines for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from recsys_cli.output import json_option, show
from recsys_cli.served_run import publication_of_run, run_options, warn_of_numbers
from recsys_online.publishing import write_lists


@click.command(short_help="Write a run's lists as JSON lines.")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@run_options
@json_option
def export(out: Path, json_to: str | None, **values: Any) -> None:
    """Write one line {"user", "tracks"} per listener to OUT, best first, heard artists left out."""
    publication, origin = publication_of_run(values)
    warn_of_numbers(write_lists(out, publication))
    users, k = publication.lists.shape
    result = {"file": str(out), "n_users": users, "k": k, **origin}
    show(result, f"{users:,} lists of up to {k} in {out}.", json_to)
