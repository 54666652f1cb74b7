"""The options that say which data to use, the same for every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from recsys_core.datasets import (
    ColumnChoice,
    DatasetChoice,
    available_choices,
    guess_columns,
    load_dataset,
)
from recsys_core.datasets.named_path import named_path
from recsys_core.errors import DataError
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recsys_core.datasets import Dataset
    from recsys_dashboard.settings import Settings

COLUMNS = {
    "user": "who",
    "item": "what",
    "weight": "how much (without any, every row counts 1)",
    "time": "when",
}
_OPTIONS = (
    click.option("--dataset", type=click.Choice(["demo", "lastfm"]), help="Demo data or Last.fm 2011."),
    click.option("--data-dir", metavar="DIR", help="Folder or zip with the Last.fm files (or REFRAIN_DATA)."),
    click.option("--data", "data_file", metavar="FILE", help="Your own CSV, TSV or Parquet file."),
    *(
        click.option(
            f"--{role}-column",
            metavar="NAME",
            help=f"Column of --data that says {meaning}; guessed by name if left out.",
        )
        for role, meaning in COLUMNS.items()
    ),
)


def data_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name a data set; hand their values to :func:`asked_for`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked_for(values: Mapping[str, Any]) -> DatasetChoice | None:
    """Return the data set that the options name, or None if they name none."""
    name, folder, file = values["dataset"], values["data_dir"], values["data_file"]
    columns = {role: values[f"{role}_column"] for role in COLUMNS if values[f"{role}_column"] is not None}
    if file and (name or folder):
        raise click.UsageError("--data stands alone: leave out --dataset and --data-dir.")
    if columns and not file:
        raise click.UsageError(f"--{next(iter(columns))}-column belongs to --data FILE.")
    if name == "demo" and folder:
        raise click.UsageError("--data-dir belongs to the Last.fm data, not to the demo.")
    if file:
        return DatasetChoice("file", _absolute(file), _columns(file, columns))
    if name == "lastfm" and not folder:
        named = read_settings().data_dir
        return DatasetChoice("lastfm", str(named) if named else None)
    if folder:
        return DatasetChoice("lastfm", _absolute(folder))
    return DatasetChoice("demo") if name else None


def by_default(settings: Settings) -> DatasetChoice:
    """Return what ``REFRAIN_DATA`` names, else Last.fm if it was downloaded, else the demo."""
    named = str(settings.data_dir) if settings.data_dir else None
    found = available_choices(settings.data_root, settings.data_dir)
    first = next(one for one in found if one.name != "file" or one.path == named)
    if named and first.path is None:
        return DatasetChoice("lastfm", named)  # whose loading says what is missing there
    return first


def load(choice: DatasetChoice) -> Dataset:
    """Return the data set of ``choice``."""
    return load_dataset(choice, data_root=read_settings().data_root)


def _columns(file: str, given: Mapping[str, str]) -> ColumnChoice | None:
    """Return the guess for ``file`` with the ``given`` columns put in, None if none is given."""
    if not given:
        return None
    guess = guess_columns(named_path(file))
    user, item = given.get("user", guess.user), given.get("item", guess.item)
    if user is None or item is None:
        role = "user" if user is None else "item"
        fix = f"Name it with --{role}-column; the file has: {', '.join(guess.columns)}."
        raise DataError(f"No column looks like the {role}.", fix=fix, file=file)
    weight, time = given.get("weight", guess.weight), given.get("time", guess.timestamp)
    taken = {user, item}
    return ColumnChoice(
        user,
        item,
        weight if "weight" in given or weight not in taken else None,
        time if "time" in given or time not in taken else None,
        guess.separator,
        guess.header,
    )


def _absolute(path: str) -> str:
    return str(named_path(path).resolve())
