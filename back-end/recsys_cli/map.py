"""``refrain map``: where a run's artists lie, which groups they form, and how far to believe it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from recsys_cli.data_options import data_options
from recsys_cli.map_options import changes_of, map_options
from recsys_cli.output import json_option, show, table
from recsys_cli.progress import Bar
from recsys_cli.stored_run import judged_on, suggestions_of
from recsys_core.artist_map import (
    ItemVectors,
    MapStore,
    build_map,
    can_be_mapped,
    default_settings,
    export_projector,
)
from recsys_core.runs import RunStore
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    from recsys_core.artist_map import ArtistMap
    from recsys_core.runs.manifest import Manifest

RUN_HELP = "A stored run of a factor model; the best of the data if left out."


@click.command(short_help="Map a run's artists and name their groups.")
@click.option("--run", "run_id", metavar="ID", help=RUN_HELP)
@map_options
@click.option(
    "--projector",
    metavar="DIR",
    help="Also write the vectors for TensorBoard's Embedding Projector (tensorboard --logdir DIR).",
)
@click.option("--quiet", is_flag=True, help="No progress.")
@data_options
@json_option
def map(
    run_id: str | None, projector: str | None, json_to: str | None, *, quiet: bool, **values: Any
) -> None:
    """Lay out the artists of a stored run so that close points share listeners, and name the groups.

    A map is kept with its run and made once. The JSON names the Parquet file of all coordinates.
    """
    suggestions = suggestions_of(run_id, values, fit=lambda one: can_be_mapped(one.model))
    manifest = suggestions.manifest
    vectors = ItemVectors.of_model(manifest.run_id, suggestions.model, suggestions.dataset)
    settings = default_settings(vectors, **changes_of(values))
    maps = MapStore(RunStore(read_settings().runs_dir))
    with Bar(quiet=quiet) as bar:
        made = maps.get(
            vectors.run_id,
            settings,
            lambda: build_map(
                vectors,
                settings,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                on_event=bar.mapped,
                threads=os.cpu_count() or 1,
            ),
        )
    files = [str(path) for path in export_projector(made, vectors, Path(projector))] if projector else []
    coordinates = str(maps.path(vectors.run_id, settings))
    where = {"dataset": manifest.dataset.name, "protocol": manifest.protocol.to_dict()}
    result = {**msgspec.to_builtins(made.card), **where, "coordinates": coordinates, "projector": files}
    show(result, _text(made, manifest, coordinates, files), json_to)


def _text(made: ArtistMap, manifest: Manifest, coordinates: str, files: list[str]) -> str:
    card, facts, quality = made.card, made.card.facts, made.card.quality
    heads = ("group", "artists", "name", "tags", "typical artists")
    rows = [
        (one.label, f"{one.size:,}", one.name, ", ".join(one.words), ", ".join(one.artists[:3]))
        for one in card.clusters
    ]
    lines = [
        f"Map of {card.model} (run {card.run_id}): {facts.n_shown:,} of {facts.n_items:,} artists, "
        f"those with at least {card.settings.min_listeners} listeners, "
        f"who have {facts.share_of_listening:.0%} of all pairs",
        f"Trained on {judged_on(manifest)}; map seed {card.settings.seed}",
        f"Trustworthiness {quality.trustworthiness:.3f} of 1 ({quality.trust_neighbours} neighbours); "
        f"{quality.n_clusters} groups, {quality.unclustered:.0%} of artists in none; "
        f"DBCV {_figure(quality.density_validity)}",
        f"Groups against main tags (AMI, {quality.n_tagged:,} artists): {_figure(quality.tag_agreement)}; "
        f"against other seeds (ARI): {', '.join(_figure(one) for one in quality.seed_agreement)}",
        "",
        table(heads, rows),
        "",
        f"Coordinates: {coordinates}",
    ]
    return "\n".join([*lines, *(f"Wrote {file}" for file in files)])


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
