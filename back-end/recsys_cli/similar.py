"""``refrain similar``: the artists nearest to one, by the vectors of a stored run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from recsys_cli.data_options import data_options
from recsys_cli.map import RUN_HELP, vectors_of
from recsys_cli.output import json_option, show, table
from recsys_core.artist_map import default_settings, similar_artists
from recsys_core.columns import Columns
from recsys_core.listening.artist_search import ArtistSearch

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.artist_map import ItemVectors

LONGEST = 1000


@click.command(short_help="List the artists nearest to one.")
@click.option(
    "--item", required=True, metavar="NAME", help="An artist, by name or id; case and accents do not matter."
)
@click.option("--run", "run_id", metavar="ID", help=RUN_HELP)
@click.option("--k", type=click.IntRange(1, LONGEST), default=10, show_default=True, help="How many.")
@click.option(
    "--min-listeners",
    type=click.IntRange(1),
    help="Leave out artists with fewer listeners.  [default: those of the map]",
)
@data_options
@json_option
def similar(
    item: str, run_id: str | None, k: int, min_listeners: int | None, json_to: str | None, **values: Any
) -> None:
    """List the artists whose vectors point the same way as that of an artist: 1 is the same, 0 unrelated."""
    vectors = vectors_of(run_id, values)
    asked = ArtistSearch(vectors.dataset).resolve(item)
    least = min_listeners or default_settings(vectors).min_listeners
    found = similar_artists(vectors, asked, k, among=vectors.chosen(least))
    show(_result(vectors, asked, least, found), _text(vectors, asked, least, found), json_to)


def _result(vectors: ItemVectors, asked: int, least: int, found: pd.DataFrame) -> dict[str, Any]:
    return {
        "item_id": vectors.dataset.items.to_id([asked]).tolist()[0],
        "name": str(vectors.dataset.names[asked]),
        "run_id": vectors.run_id,
        "model": vectors.model,
        "min_listeners": least,
        "similar": found.drop(columns="item_idx").to_dict("records"),
    }


def _text(vectors: ItemVectors, asked: int, least: int, found: pd.DataFrame) -> str:
    rows = [
        (one.rank, one.name, one.item_id, f"{one.cosine:.3f}", f"{one.listeners:,}")
        for one in found.itertuples(index=False)
    ]
    heads = (Columns.RANK, Columns.NAME, Columns.ITEM_ID, "cosine", "listeners")
    title = (
        f"Nearest to {vectors.dataset.names[asked]} by {vectors.model} (run {vectors.run_id}), "
        f"among artists with at least {least} listeners"
    )
    return "\n".join([title, "", table(heads, rows)])
