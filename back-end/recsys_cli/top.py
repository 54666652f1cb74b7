"""``refrain top``: the most listened artists against the most recommended, and how attention is spread."""

from __future__ import annotations

from typing import Any

import click

from recsys_cli.data_options import data_options
from recsys_cli.output import json_option, show
from recsys_cli.stored_run import RUN_HELP, suggestions_of
from recsys_cli.top_report import top_result, top_text
from recsys_core.listening.popularity_lists import LENGTH, baseline_lists, top_lists
from recsys_core.listening.popularity_rerank import METHODS, candidates
from recsys_core.listening.popularity_story import tell
from recsys_core.listening.popularity_tradeoff import cost
from recsys_core.runs import RunStore
from recsys_dashboard.settings import read_settings

WAYS = ("listeners", "plays")


@click.command(short_help="Most listened against most recommended.")
@click.option("--run", "run_id", metavar="ID", help=RUN_HELP)
@click.option(
    "--n", "k", type=click.IntRange(1, LENGTH), default=5, show_default=True, help="Artists in each list."
)
@click.option(
    "--show",
    "shown",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    help="Artists in both charts.",
)
@click.option(
    "--by", type=click.Choice(WAYS), default=WAYS[0], show_default=True, help="How to count listening."
)
@click.option(
    "--rerank", "method", type=click.Choice(METHODS), default=METHODS[0], show_default=True,
    help="How to make lists more diverse.",
)  # fmt: skip
@click.option(
    "--strength",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="How much of that, 0 none, 1 all.",
)
@data_options
@json_option
def top(run_id: str | None, k: int, shown: int, json_to: str | None, **values: Any) -> None:
    """Compare what is listened to most with what a stored run recommends most.

    Every listener is given the --n best artists not known to be heard. The spread of these lists over
    the catalogue stands beside that of listening and of the charts alone (the most popular unheard).
    """
    found = suggestions_of(run_id, values)
    dataset, manifest, parts = found.dataset, found.manifest, found.split
    lists = top_lists(RunStore(read_settings().runs_dir), manifest.run_id, dataset)
    chosen = candidates(lists, parts)
    way = {"method": values["method"], "strength": values["strength"]}
    story = tell(dataset, chosen, k=k, by=values["by"], baseline=baseline_lists(parts), **way)
    price = cost(chosen, dataset.n_items, **way, k=k)
    result = {
        "run_id": manifest.run_id,
        "model": manifest.model,
        "dataset": manifest.dataset.name,
        "protocol": manifest.protocol.to_dict(),
        "n": k,
        "by": values["by"],
        **way,
        **top_result(story, price, shown),
    }
    show(result, top_text(manifest, result), json_to)
