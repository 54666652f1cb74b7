"""``refrain``: finds the command, and turns whatever goes wrong into one line and an exit code."""

from __future__ import annotations

import importlib
import sys
import warnings
from typing import TYPE_CHECKING, NoReturn

import click

from recsys_cli.output import one_line
from recsys_core.errors import CancelledError, RefrainError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    *("data", "compare", "tune", "recommend", "explain", "top", "map", "similar", "runs", "models", "report"),
    *("movies", "drift"),
    *("publish", "export", "assign", "logs", "simulate", "analyse", "loop"),
)
BAD_INPUT, INTERRUPTED = 2, 130


class Commands(click.Group):
    """The commands, each imported only when asked for: the help of one need not load the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command of the module of the same name."""
        return getattr(importlib.import_module(f"recsys_cli.{name}"), name) if name in COMMANDS else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="refrain", message="refrain %(version)s")
def refrain() -> None:
    """Build, understand and tune a music recommender.

    REFRAIN_DATA names a folder or zip with the Last.fm data, or a table of your own.
    REFRAIN_HOME moves what is written (downloads, runs) out of the project's data folder.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 2 bad input, 130 interrupted."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # an artist's name must not end the program
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; errors become one line on stderr."""
    try:
        # without standalone mode click hands errors over; it still ends quietly when a pipe closes
        code = refrain.main(arguments, prog_name="refrain", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        click.echo(help_wanted.format_message())
        return 0
    except click.ClickException as error:
        return _refuse(error.format_message())
    except (click.Abort, KeyboardInterrupt, CancelledError):
        return INTERRUPTED
    except RefrainError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename or 'The system'}: {error.strerror or error}.")


def _refuse(text: str) -> int:
    click.echo(one_line(f"refrain: {text}"), err=True)
    return BAD_INPUT
