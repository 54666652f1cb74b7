"""``refrain compare``: train models on one split, judge them after every epoch, store the runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from recsys_cli.compare_report import comparison_result, comparison_text
from recsys_cli.data_options import asked_for, by_default, data_options, load
from recsys_cli.output import json_option, show
from recsys_cli.progress import Bar
from recsys_cli.training_options import (
    HELP,
    protocol_of,
    split_options,
    training_options,
)
from recsys_core.comparison import ComparisonRequest
from recsys_core.comparison import compare as compare_models
from recsys_core.comparison.idle_settings import idle_settings
from recsys_core.datasets import DatasetChoice
from recsys_core.models.registry import MODELS
from recsys_core.runs import Run, RunStore
from recsys_dashboard.settings import read_settings


@click.command(short_help="Train models and compare them.")
@data_options
@click.option(
    "--models",
    default="lightfm-warp,svd",
    show_default=True,
    help=f"Separated by commas, among {', '.join(MODELS)}.",
)
@click.option("--epochs", type=click.INT, default=10, show_default=True, help="Passes over the train pairs.")
@click.option("--list-length", type=click.INT, default=10, show_default=True, help="The k of precision@k.")
@split_options
@training_options
@click.option("--quiet", is_flag=True, help="No progress, no remarks.")
@json_option
@click.pass_context
def compare(context: click.Context, json_to: str | None, *, quiet: bool, **values: Any) -> None:
    """Train models on the same pairs, judge them after every epoch and store each as a run.

    The popularity baseline is always among them.
    """
    request = _request(values)
    choice = asked_for(values) or by_default(read_settings())
    if not quiet:
        _remark(context, request)
    runs = _train(choice, request, quiet=quiet)
    show(comparison_result(values["protocol"], runs), comparison_text(runs), json_to)


def _request(values: dict[str, Any]) -> ComparisonRequest:
    names = tuple(name.strip() for name in values["models"].split(",") if name.strip())
    parameters = {name: values[name] for name in HELP}
    return ComparisonRequest.from_dict(
        {
            **parameters,
            "models": names,
            "epochs": values["epochs"],
            "list_length": values["list_length"],
            "protocol": protocol_of(values).to_dict(),
        }
    )


def _remark(context: click.Context, request: ComparisonRequest) -> None:
    """Say which of the parameters typed in change nothing."""
    source = click.core.ParameterSource.COMMANDLINE
    for name in idle_settings(request.models, request.parameters()):
        if context.get_parameter_source(name) is not source:
            continue
        click.echo(f"Note: --{name.replace('_', '-')} has no effect on these models.", err=True)


def _train(choice: DatasetChoice, request: ComparisonRequest, *, quiet: bool) -> list[Run]:
    store = RunStore(read_settings().runs_dir)
    store.clean()
    with Bar(quiet=quiet) as bar:
        return compare_models(
            load(choice),
            request,
            created=datetime.now(UTC).isoformat(),
            choice=msgspec.to_builtins(choice),
            on_event=bar.epoch,
            on_run=lambda run: _keep(store, run),
            threads=request.threads,
        )


def _keep(store: RunStore, run: Run) -> None:
    store.save(run)
