"""``refrain compare``: train models on one split, judge them after every epoch, store the runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from recsys_cli.best_model import with_best
from recsys_cli.compare_report import comparison_result, comparison_text
from recsys_cli.data_options import asked_for, by_default, data_options, load
from recsys_cli.interruption import ctrl_c
from recsys_cli.output import json_option, show
from recsys_cli.progress import Bar
from recsys_cli.seeds_report import several_result, several_text, writer
from recsys_cli.training_options import (
    HELP,
    protocol_of,
    split_options,
    training_options,
)
from recsys_core.comparison import ComparisonRequest
from recsys_core.comparison.idle_settings import idle_settings
from recsys_core.comparison.split_seeds import compare_on_seeds
from recsys_core.datasets import DatasetChoice
from recsys_core.models.registry import MODELS, create_model
from recsys_core.models.tuned import as_tuned
from recsys_core.runs import Run, RunStore
from recsys_core.runs.default_model import DefaultModel
from recsys_dashboard.settings import read_settings


@click.command(short_help="Train models and compare them.")
@data_options
@click.option(
    "--models",
    default="lightfm-warp,svd",
    show_default=True,
    help=f"Separated by commas, among {', '.join(MODELS)}; best is the default model as tuned.",
)
@click.option("--tuned", is_flag=True, help="Take the settings and epochs that tuning on Last.fm 2011 found.")
@click.option("--epochs", type=click.INT, default=10, show_default=True, help="Passes over the train pairs.")
@click.option("--list-length", type=click.INT, default=10, show_default=True, help="The k of precision@k.")
@split_options
@click.option("--split-seeds", metavar="42,43,...", help="Compare on several splits; replaces --split-seed.")
@training_options
@click.option("--table", "table_to", metavar="FILE", help="Write the verdicts to a .csv, .md or .tex file.")
@click.option("--quiet", is_flag=True, help="No progress, no remarks.")
@json_option
@click.pass_context
def compare(context: click.Context, json_to: str | None, *, quiet: bool, **values: Any) -> None:
    """Train models on the same pairs, judge them after every epoch and store each as a run.

    The popularity baseline is always among them. A parameter given here goes to every model that has it; one
    that is not given is what --tuned says, or the model's own default (those shown are LightFM's).
    """
    request, default = _request(context, values)
    seeds = _seeds(values["split_seeds"], request)
    write = writer(values["table_to"], request.list_length)
    choice = asked_for(values) or by_default(read_settings())
    if not quiet:
        _remark(context, request, default)
    runs = _train(choice, request, seeds, default, quiet=quiet)
    write(runs)
    result, text = (several_result, several_text) if len(seeds) > 1 else (comparison_result, comparison_text)
    show(result(values["protocol"], runs), text(runs), json_to)


def _request(context: click.Context, values: dict[str, Any]) -> tuple[ComparisonRequest, DefaultModel | None]:
    asked = tuple(name.strip() for name in values["models"].split(",") if name.strip())
    names, best, default = with_best(asked)
    own = _own_settings(names, values, _typed(context))
    request = ComparisonRequest.from_dict(
        {
            **{name: values[name] for name in HELP},
            **{kind: {**found, **best.get(kind, {})} for kind, found in own.items()},
            "models": names,
            "epochs": values["epochs"],
            "list_length": values["list_length"],
            "protocol": protocol_of(values).to_dict(),
        }
    )
    return request, default


def _own_settings(
    names: tuple[str, ...], values: dict[str, Any], typed: set[str]
) -> dict[str, dict[str, Any]]:
    """Return ``settings`` and ``epochs_of`` of the request: every model's own, but for what was typed in."""
    tuned = as_tuned(names) if values["tuned"] else {"settings": {}, "epochs_of": {}}
    given = {name: values[name] for name in HELP if name in typed}
    known = [name for name in names if name in MODELS]  # the comparison names what there is not
    settings = {
        name: create_model(name, {**tuned["settings"].get(name, {}), **given}).settings.to_dict()
        for name in known
    }
    return {"settings": settings, "epochs_of": {} if "epochs" in typed else tuned["epochs_of"]}


def _typed(context: click.Context) -> set[str]:
    source = click.core.ParameterSource.COMMANDLINE
    return {name for name in context.params if context.get_parameter_source(name) is source}


def _seeds(text: str | None, request: ComparisonRequest) -> list[int]:
    try:
        return [int(one) for one in text.split(",")] if text else [request.protocol.seed]
    except ValueError:
        raise click.UsageError(f"--split-seeds: whole numbers separated by commas, not {text!r}.") from None


def _remark(context: click.Context, request: ComparisonRequest, default: DefaultModel | None) -> None:
    """Say what best is, and which of the parameters typed in change nothing."""
    if default is not None:
        click.echo(
            f"Note: best is {default.model}, {default.epochs} epochs, as in {default.run_id}.", err=True
        )
    typed = _typed(context)
    for name in idle_settings(request.models, request.parameters()):
        if name in typed:
            click.echo(f"Note: --{name.replace('_', '-')} has no effect on these models.", err=True)


def _train(
    choice: DatasetChoice,
    request: ComparisonRequest,
    seeds: list[int],
    default: DefaultModel | None,
    *,
    quiet: bool,
) -> list[Run]:
    store = RunStore(read_settings().runs_dir)
    store.clean()
    with Bar(quiet=quiet) as bar, ctrl_c(at_once=True) as stopped:
        return compare_on_seeds(
            load(choice),
            request,
            seeds,
            created=datetime.now(UTC).isoformat(),
            choice=msgspec.to_builtins(choice),
            on_event=bar.epoch,
            on_run=lambda run: _keep(store, run),
            should_stop=lambda: bool(stopped),
            threads=request.threads,
            tuned_from={default.model: default.tuned_from} if default and default.tuned_from else None,
        )


def _keep(store: RunStore, run: Run) -> None:
    store.save(run)
