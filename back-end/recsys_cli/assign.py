"""``refrain assign``: which treatment each user gets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
import msgspec

from recsys_cli.output import json_option, show, table
from recsys_core.errors import SettingsError
from recsys_online.experiments import Experiment

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 1_000_000
_ID = re.compile(r"[0-9]{1,19}")


@click.command(short_help="Show which treatment users get in an experiment.")
@click.option("--name", required=True, help="Name of the experiment.")
@click.option("--split", type=click.IntRange(2, 10), default=2, show_default=True, help="Number of arms.")
@click.option("--users", required=True, metavar="0-19", help="User ids: ranges and single ones, by commas.")
@json_option
def assign(name: str, split: int, users: str, json_to: str | None) -> None:
    """Print the treatment of each user, C for the control, as the service assigns it (version 1)."""
    experiment = _experiment(name, split)
    rows = [{"user": user, "treatment": str(experiment.assign(user))} for user in _users(users)]
    text = table(["user", "treatment"], [(str(row["user"]), row["treatment"]) for row in rows])
    show({"experiment": name, "split": split, "assignments": rows}, text, json_to)


def _experiment(name: str, split: int) -> Experiment:
    try:
        return msgspec.convert({"name": name, "split": split}, Experiment).checked()
    except (msgspec.ValidationError, UnicodeEncodeError):
        raise SettingsError(
            "--name: a name has 1 to 100 letters of the Latin alphabet, digits, dots, lines and underscores."
        ) from None


def _users(words: str) -> Iterator[int]:
    for part in words.split(","):
        first, dash, last = part.strip().partition("-")
        if not (_ID.fullmatch(first) and (not dash or _ID.fullmatch(last))):
            raise SettingsError(f"--users: {part!r} is no user id and no range like 0-19.")
        start, end = int(first), int(last or first)
        if not start <= end < start + MOST:
            raise SettingsError(f"--users: {part!r} holds nobody, or more than {MOST:,}.")
        yield from range(start, end + 1)
