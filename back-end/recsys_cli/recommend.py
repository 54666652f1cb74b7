"""``refrain recommend``: what a stored run would suggest to one listener."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from recsys_cli.data_options import asked_for, by_default, data_options, load
from recsys_cli.output import json_option, show, table
from recsys_core.columns import Columns
from recsys_core.datasets import DatasetChoice
from recsys_core.errors import RunError
from recsys_core.listening.preferences import Suggestions
from recsys_core.runs import RunStore
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.runs import Run
    from recsys_core.runs.manifest import Manifest

LONGEST = 1000


@click.command(short_help="Recommend artists to one listener.")
@click.argument("user")
@click.option(
    "--run", "run_id", metavar="ID", help="A stored run; the best of the newest comparison if left out."
)
@click.option("--k", type=click.IntRange(1, LONGEST), default=10, show_default=True, help="How many.")
@data_options
@json_option
def recommend(user: str, run_id: str | None, k: int, json_to: str | None, **values: Any) -> None:
    """Recommend to USER, an id of the data set, what a stored run puts first among the unheard.

    A hit is an artist the listener really played, held out when the run was trained.
    """
    store = RunStore(read_settings().runs_dir)
    run = store.load(run_id or best_of_newest(store.list()).run_id)
    suggestions = Suggestions(run, load(asked_for(values) or _data_of(run)))
    found = suggestions.suggest(user, k)
    known = suggestions.dataset.users.parse(user)
    show(_result(known, run.manifest, found), _text(known, run.manifest, found), json_to)


def best_of_newest(manifests: list[Manifest]) -> Manifest:
    """Return the run with the highest test AUC of the comparison made last."""
    if not manifests:
        raise RunError("There is no run yet. Train one with: refrain compare.")
    newest = [one for one in manifests if one.comparison_id == manifests[0].comparison_id]
    return max(newest, key=lambda one: one.metrics["test"]["auc"]["mean"])


def _data_of(run: Run) -> DatasetChoice:
    choice = run.manifest.dataset.choice
    try:
        return by_default(read_settings()) if choice is None else msgspec.convert(choice, DatasetChoice)
    except msgspec.ValidationError:
        raise RunError(
            f"Run {run.manifest.run_id} does not say where its data are: name them with --data-dir or --data."
        ) from None


def _result(user: Any, manifest: Manifest, found: pd.DataFrame) -> dict[str, Any]:
    return {
        "user_id": user,
        "run_id": manifest.run_id,
        "model": manifest.model,
        "dataset": manifest.dataset.name,
        "recommendations": found.to_dict("records"),
    }


def _text(user: Any, manifest: Manifest, found: pd.DataFrame) -> str:
    heard = f"listener {user}, {manifest.dataset.title}, by {manifest.model} (run {manifest.run_id})"
    if found.empty:
        return f"Nothing left to recommend to {heard}."
    rows = [
        (rank, name, item_id, f"{score:.3f}", "hit" if hit else "")
        for rank, item_id, name, score, hit in found.itertuples(index=False)
    ]
    heads = (Columns.RANK, Columns.NAME, Columns.ITEM_ID, Columns.SCORE, Columns.HIT)
    return "\n".join([f"For {heard}", "", table(heads, rows)])
