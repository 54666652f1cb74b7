"""``refrain similar``: the artists nearest to one, by what a stored run learned of artists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import numpy as np

from recsys_cli.data_options import data_options
from recsys_cli.output import json_option, show, table
from recsys_cli.stored_run import RUN_HELP, judged_on, suggestions_of
from recsys_core.artist_map import ItemVectors, can_be_mapped, default_settings, similar_artists
from recsys_core.columns import Columns
from recsys_core.listening.artist_search import ArtistSearch
from recsys_core.listening.ranked_list import LISTENERS

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.listening.preferences import Suggestions

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
    help="Leave out artists with fewer listeners.  [default: those of the map, 1 without one]",
)
@data_options
@json_option
def similar(
    item: str, run_id: str | None, k: int, min_listeners: int | None, json_to: str | None, **values: Any
) -> None:
    """List the artists that a model takes for most alike.

    Models with a vector for each artist compare directions: a cosine of 1 is the same, 0 unrelated. EASE,
    neighbours and RP3beta say how strongly one artist speaks for another.
    """
    suggestions = suggestions_of(run_id, values, fit=lambda one: can_be_mapped(one.model))
    asked = ArtistSearch(suggestions.dataset).resolve(item)
    if can_be_mapped(suggestions.manifest.model):
        least, found = _by_vectors(suggestions, asked, k, min_listeners)
    else:
        least, found = _by_weights(suggestions, asked, k, min_listeners)
    show(_result(suggestions, asked, least, found), _text(suggestions, asked, least, found), json_to)


def _by_vectors(
    suggestions: Suggestions, asked: int, k: int, min_listeners: int | None
) -> tuple[int, pd.DataFrame]:
    """Return how many listeners were asked for, and the nearest by cosine."""
    run_id = suggestions.manifest.run_id
    vectors = ItemVectors.of_model(run_id, suggestions.model, suggestions.dataset)
    least = min_listeners or default_settings(vectors).min_listeners
    found = similar_artists(vectors, asked, k, among=vectors.chosen(least))
    return least, found.drop(columns="item_idx")


def _by_weights(
    suggestions: Suggestions, asked: int, k: int, min_listeners: int | None
) -> tuple[int, pd.DataFrame]:
    """Return the same by what the artist asked about says for others, in the model's own units."""
    data, least = suggestions.dataset, min_listeners or 1
    found = suggestions.model.similar_items(data.items.to_id([asked]), data.n_items)
    listeners = np.bincount(data.interactions.item_idx, minlength=data.n_items)
    found[LISTENERS] = listeners[data.items.to_idx(found[Columns.ITEM_ID])]
    found = found[(found[LISTENERS] >= least) & (found[Columns.SCORE] > 0)].head(k)
    found[Columns.RANK] = np.arange(1, len(found) + 1)
    found[Columns.NAME] = data.names_of(found[Columns.ITEM_ID])
    return least, found[[Columns.RANK, Columns.ITEM_ID, Columns.NAME, Columns.SCORE, LISTENERS]]


def _result(suggestions: Suggestions, asked: int, least: int, found: pd.DataFrame) -> dict[str, Any]:
    data, manifest = suggestions.dataset, suggestions.manifest
    return {
        "item_id": data.items.to_id([asked]).tolist()[0],
        "name": str(data.names[asked]),
        "run_id": manifest.run_id,
        "model": manifest.model,
        "dataset": manifest.dataset.name,
        "protocol": manifest.protocol.to_dict(),
        "min_listeners": least,
        "similar": found.to_dict("records"),
    }


def _text(suggestions: Suggestions, asked: int, least: int, found: pd.DataFrame) -> str:
    data, manifest = suggestions.dataset, suggestions.manifest
    heads = (Columns.RANK, Columns.NAME, Columns.ITEM_ID, *found.columns[-2:])
    rows = [
        (rank, name, item_id, f"{value:.3f}", f"{listeners:,}")
        for rank, item_id, name, value, listeners in found.itertuples(index=False)
    ]
    title = (
        f"Nearest to {data.names[asked]} by {manifest.model} (run {manifest.run_id}), "
        f"among artists with at least {least} {'listener' if least == 1 else 'listeners'}"
    )
    return "\n".join([title, f"Trained on {judged_on(manifest)}", "", table(heads, rows)])
