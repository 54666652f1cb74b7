"""The options that say which films to use, the same for every command about films."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from recsys_core.datasets.named_path import named_path
from recsys_core.movies.choice import CATALOGUES, MovieChoice, available_movies, load_movies
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_core.movies.schema import Movies

DEMO = "demo"
_OPTIONS = (
    click.option(
        "--dataset",
        type=click.Choice(list(CATALOGUES)),
        default=DEMO,
        show_default=True,
        help="The catalogue of films.",
    ),
    click.option(
        "--data-dir",
        metavar="DIR",
        help="Folder, file or zip with its files (or REFRAIN_DATA, or downloaded).",
    ),
)


def film_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name a catalogue; hand their values to :func:`load_films`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def load_films(dataset: str, data_dir: str | None) -> Movies:
    """Return the catalogue that the options name."""
    settings = read_settings()
    if dataset == DEMO and data_dir:
        raise click.UsageError("--data-dir belongs to a real catalogue: name it with --dataset.")
    choice = MovieChoice(dataset, str(named_path(data_dir).resolve()) if data_dir else None)  # type: ignore[arg-type] # click checked the name
    if choice.path is None:
        found = available_movies(settings.data_root, settings.data_dir)
        choice = next((one for one in found if one.name == dataset), choice)
    return load_movies(choice, data_root=settings.data_root)
