"""``refrain drift``: does it help to let the quality of films change with time?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from recsys_cli.film_options import DEMO, film_options, load_films
from recsys_cli.output import json_option, show, table
from recsys_core.errors import DataError
from recsys_core.models.timesvd import held_out_table, planted_ratings

if TYPE_CHECKING:
    from recsys_core.datasets.interactions import Interactions


@click.command(short_help="Held-out error of seven kinds of drift.")
@film_options
@click.option(
    "--hold-out",
    "way",
    type=click.Choice(["time", "random"]),
    default="time",
    show_default=True,
    help="Hide the latest fifth of all ratings, or a random fifth.",
)
@click.option("--seed", type=click.INT, default=42, show_default=True, help="Seed of draws and intervals.")
@json_option
def drift(dataset: str, data_dir: str | None, way: str, seed: int, json_to: str | None) -> None:
    """Fit every kind of drift on ratings with times and compare it with a quality that never moves.

    Of the catalogues only MovieLens has such ratings; demo are simulated ones with planted drifts.
    """
    title, ratings = _ratings(dataset, data_dir)
    found = held_out_table(ratings, way, seed=seed)  # type: ignore[arg-type]  # click checked it
    rows = [_plain(row) for row in found.to_dict("records")]
    answer = {"dataset": title, "simulated": dataset == DEMO, "hold_out": way, "seed": seed, "families": rows}
    show(answer, _text(title, found), json_to)


def _ratings(dataset: str, data_dir: str | None) -> tuple[str, Interactions]:
    if dataset == DEMO:
        return "Simulated ratings with planted drifts", planted_ratings().ratings
    films = load_films(dataset, data_dir)
    if films.ratings is None:
        raise DataError(f"{films.source.title} has no ratings with times.", fix="Choose movielens or demo.")
    return films.source.title, films.ratings.interactions


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


def _text(title: str, found: pd.DataFrame) -> str:
    first = found.iloc[0]
    head = (
        f"{title}: {first['n_ratings']:,} held-out ratings by {first['n_people']:,} people, "
        f"{first['share_known']:.1%} of them by people with ratings in the training part"
    )
    rows = [
        (
            row.family,
            row.weights_an_item,
            "" if pd.isna(row.drift_penalty) else f"{row.drift_penalty:g}",
            f"{row.train_rmse:.4f}",
            f"{row.rmse:.4f}",
            f"{row.change:+.4f}",
            f"{row.change_low:+.4f} to {row.change_high:+.4f}",
            "" if pd.isna(row.p_holm) else f"{row.p_holm:.3f}",
        )
        for row in found.itertuples()
    ]
    heads = (
        "family",
        "numbers a film",
        "penalty",
        "train RMSE",
        "RMSE",
        "change",
        "95 % interval",
        "p (Holm)",
    )
    return "\n".join([head, "", table(heads, rows)])
