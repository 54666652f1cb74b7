"""``refrain runs``: list, show and delete what was trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from recsys_cli.compare_report import metrics_table, model_result
from recsys_cli.output import json_option, show, table
from recsys_core.runs import RunStore
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    from recsys_core.runs.manifest import Manifest


class ListByDefault(click.Group):
    """``refrain runs`` and ``refrain runs --json -`` list."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``list`` where no subcommand is named."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=ListByDefault, short_help="List, show and delete stored runs.")
def runs() -> None:
    """List, show and delete stored runs; without a subcommand: list."""


@runs.command("list")
@json_option
def list_runs(json_to: str | None) -> None:
    """List all runs, newest first."""
    store = _store()
    store.clean()
    found = store.list()
    rows = [
        (one.run_id, one.created[:19], one.dataset.title, one.epochs, f"{_auc(one):.4f}") for one in found
    ]
    text = table(["run", "created", "data", "epochs", "test auc"], rows)
    show([_brief(one) for one in found], text if found else "No run is stored yet.", json_to)


@runs.command("show")
@click.argument("run_id")
@json_option
def show_run(run_id: str, json_to: str | None) -> None:
    """Show what is known of a run."""
    run = _store().load(run_id)
    one = run.manifest
    figures = "\n".join(
        f"{name}: {value}" for name, value in {**one.parameters, **one.protocol.to_dict()}.items()
    )
    text = f"{one.run_id}, {one.dataset.title}, {one.created}\n\n{metrics_table([one])}\n\n{figures}"
    show({"manifest": msgspec.to_builtins(one), **model_result(run)}, text, json_to)


@runs.command("delete")
@click.argument("run_ids", metavar="RUN_ID...", nargs=-1, required=True)
def delete_runs(run_ids: tuple[str, ...]) -> None:
    """Delete runs for good."""
    for run_id in run_ids:
        _store().delete(run_id)
        click.echo(f"Deleted {run_id}.")


def _store() -> RunStore:
    return RunStore(read_settings().runs_dir)


def _auc(manifest: Manifest) -> float:
    return manifest.metrics["test"]["auc"]["mean"]


def _brief(manifest: Manifest) -> dict[str, object]:
    return {
        "run_id": manifest.run_id,
        "comparison_id": manifest.comparison_id,
        "created": manifest.created,
        "model": manifest.model,
        "dataset": manifest.dataset.name,
        "epochs": manifest.epochs,
        "test": manifest.metrics["test"],
    }
