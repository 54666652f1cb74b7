"""``refrain tune``: search for the best settings of a model; stop and go on whenever you like."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec

from recsys_cli.data_options import asked_for, by_default, data_options, load
from recsys_cli.interruption import ctrl_c
from recsys_cli.main import INTERRUPTED
from recsys_cli.output import json_option, show
from recsys_cli.progress import Bar
from recsys_cli.training_options import split_options
from recsys_cli.tune_options import asked_request, assignments, search_options
from recsys_cli.tune_report import study_result, study_text
from recsys_core.datasets import DatasetChoice
from recsys_core.runs import RunStore
from recsys_core.runs.default_model import default_of, write_default
from recsys_core.tuning import Budget, StudyStore, StudySummary, run_study, train_best
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.runs import Run
    from recsys_core.tuning import TuningStudy

USUAL_TRIALS = 30


@click.command(short_help="Search for the best settings of a model.")
@search_options
@data_options
@split_options
@click.option("--quiet", is_flag=True, help="No progress, no remarks.")
@json_option
@click.pass_context
def tune(context: click.Context, json_to: str | None, *, quiet: bool, **values: Any) -> int:
    """Try settings of a model, judge each on the validation part, and keep every trial in a study.

    The test part is not looked at. Ctrl-C ends the search and loses nothing but the trial under way; the
    same command, or `refrain tune --study NAME`, goes on. --trials counts all of the study, --minutes this
    sitting.
    """
    store = StudyStore(read_settings().studies_dir)
    name, request, stored = asked_request(context, store, values)
    choice = asked_for(values) or stored or by_default(read_settings())
    name = name or f"{request.model}-{choice.name}"
    dataset = load(choice)
    study = store.open_or_create(name, request, dataset, created=_now(), choice=msgspec.to_builtins(choice))
    for setting in values["wanted"]:
        wanted = assignments(setting.split(","), "--try")
        if not study.asked_before(wanted):  # by an earlier sitting
            study.ask_for(wanted)
    why = _search(study, dataset, values, quiet=quiet) if _to_search(study, values) else "trials"
    adopted = _adopt(study, dataset, choice, quiet=quiet) if values["adopt"] and why != "stopped" else None
    summary = StudySummary.of(study)
    show(study_result(summary, why, adopted), study_text(summary, why, adopted), json_to)
    if why != "stopped":
        return 0
    if not quiet:
        click.echo(
            f"Stopped; every finished trial is kept. Go on with: refrain tune --study {name}", err=True
        )
    return INTERRUPTED


def _to_search(study: TuningStudy, values: dict[str, Any]) -> bool:
    """Return whether to try anything: a study with a best trial may be adopted as it is."""
    budget = values["trials"] is not None or values["minutes"] is not None
    return budget or not values["adopt"] or study.best() is None


def _search(study: TuningStudy, dataset: Dataset, values: dict[str, Any], *, quiet: bool) -> str:
    trials, minutes = values["trials"], values["minutes"]
    if trials is None and minutes is None and not study.request.grid:
        trials = USUAL_TRIALS
    with Bar(quiet=quiet) as bar, ctrl_c() as stopped:
        return run_study(
            study,
            dataset,
            Budget.from_dict({"trials": trials, "minutes": minutes}),
            workers=values["workers"],
            threads=values["threads"],
            on_event=bar.trial,
            should_stop=lambda: bool(stopped),
        )


def _adopt(study: TuningStudy, dataset: Dataset, choice: DatasetChoice, *, quiet: bool) -> str:
    settings = read_settings()
    store = RunStore(settings.runs_dir)
    store.clean()
    with Bar(quiet=quiet) as bar, ctrl_c(at_once=True) as stopped:
        run = train_best(
            study,
            dataset,
            created=_now(),
            choice=msgspec.to_builtins(choice),
            on_event=bar.epoch,
            on_run=lambda one: _keep(store, one),
            should_stop=lambda: bool(stopped),
        )
    write_default(settings.default_model, default_of(run.manifest, chosen=_now()))
    return run.manifest.run_id


def _keep(store: RunStore, run: Run) -> None:
    store.save(run)


def _now() -> str:
    return datetime.now(UTC).isoformat()
