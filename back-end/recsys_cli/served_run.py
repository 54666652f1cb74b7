"""What ``refrain publish`` and ``refrain export`` share: the options that name a run, and its publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from recsys_cli.data_options import data_options
from recsys_cli.stored_run import RUN_HELP, suggestions_of
from recsys_dashboard.settings import worker_threads
from recsys_online.publishing import publication_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from recsys_online.index.publication import Publication

LONGEST = 1000


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--run``, ``--k`` and the options of the data set."""
    command = data_options(command)
    command = click.option(
        "--k", type=click.IntRange(1, LONGEST), default=100, show_default=True, help="How many a listener."
    )(command)
    return click.option("--run", "run_id", metavar="ID", help=RUN_HELP)(command)


def publication_of_run(values: dict[str, Any]) -> tuple[Publication, dict[str, Any]]:
    """Return the publication of the run that ``values`` name, and what the manifest says of its origin."""
    suggestions = suggestions_of(values["run_id"], values)
    source = suggestions.dataset.source
    publication = publication_of(
        suggestions.model, suggestions.dataset, values["k"], threads=worker_threads()
    )
    origin = {"title": source.title, "simulated": source.simulated, "run_id": suggestions.manifest.run_id}
    return publication, origin


def warn_of_numbers(files: Sequence[Path]) -> None:
    """Say on standard error that ids were replaced by numbers, and which ``files`` hold the ids."""
    if files:
        click.echo(
            "Ids that are no whole numbers from 0 on were replaced by numbers, which the service's addresses "
            f"need: {' and '.join(map(str, files))} say which number stands for which id.",
            err=True,
        )
