"""The options of a map, read off the settings that validate them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from recsys_core.artist_map import MapSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HELP = {
    "method": "umap (our own code), umap-learn (the library's) or pca (at once).",
    "min_listeners": "Leave out artists with fewer listeners.",
    "neighbours": "How many artists make a neighbourhood.",
    "min_distance": "How close points may come, 0 to 0.99.",
    "metric": "cosine or euclidean.",
    "min_cluster_size": "A group has at least so many artists.",
    "epochs": "Passes of the layout.",
    "seed": "Seed of the layouts.",
}
BY_DATA = ("min_listeners", "min_cluster_size", "epochs")
_TYPES = {int: click.INT, float: click.FLOAT}


def map_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option per setting of a map; hand their values to :func:`changes_of`."""
    for field in reversed(msgspec.structs.fields(MapSettings)):
        by_data = field.name in BY_DATA
        command = click.option(
            f"--{field.name.replace('_', '-')}",
            field.name,
            type=_TYPES.get(type(field.default), click.STRING),
            default=None if by_data else field.default,
            show_default="fits the data" if by_data else True,
            help=HELP[field.name],
        )(command)
    return command


def changes_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the options set."""
    return {name: values[name] for name in HELP if values[name] is not None}
