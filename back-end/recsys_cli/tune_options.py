"""The options of a search, and the request they make together with what a stored study already says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from recsys_cli.training_options import SPLIT_OPTIONS, protocol_of
from recsys_core.datasets import DatasetChoice
from recsys_core.tuning import TuningRequest
from recsys_core.tuning.request import GRID_RATES, GRID_SIZES, VALIDATION_SHARE
from recsys_core.tuning.space import tunable_models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from recsys_core.tuning import StudyStore

_OPTIONS = (
    click.option("--model", help=f"One of {', '.join(tunable_models())}; a stored study knows its own."),
    click.option(
        "--study", "study_name", metavar="NAME", help="Name to go on by; model and data if left out."
    ),
    click.option("--trials", type=click.INT, help="Stop when the study has as many; 30 if nothing is said."),
    click.option("--minutes", type=click.FLOAT, help="Stop after so many minutes of this sitting."),
    click.option(
        "--objective",
        "objectives",
        default="ndcg@10",
        show_default=True,
        help="auc, mrr, map, precision@k, recall@k, ndcg@k; several by commas, such as auc,seconds.",
    ),
    click.option(
        "--epochs", type=click.INT, default=30, show_default=True, help="Longest training of a trial."
    ),
    click.option("--sampler", type=click.Choice(["tpe", "random", "grid"]), default="tpe", show_default=True),
    click.option(
        "--pruning",
        type=click.Choice(["median", "hyperband", "none"]),
        default="median",
        show_default=True,
        help="How trials that fall behind are given up early.",
    ),
    click.option("--sizes", metavar="8,16,...", help="Grid: taste-profile sizes (embedding size)."),
    click.option("--rates", metavar="0.01,...", help="Grid: learning rates."),
    click.option("--fix", "fixed", metavar="NAME=VALUE", multiple=True, help="Hold a parameter still."),
    click.option(
        "--try",
        "wanted",
        metavar="NAME=VALUE,...",
        multiple=True,
        help="Try this setting first; it counts as a trial.",
    ),
    click.option(
        "--validation-share",
        type=click.FLOAT,
        default=VALIDATION_SHARE,
        show_default=True,
        help="Share of all pairs that trials are judged on.",
    ),
    click.option(
        "--seed", type=click.INT, default=42, show_default=True, help="Seed of search and training."
    ),
    click.option("--workers", type=click.INT, default=1, show_default=True, help="Trials at a time."),
    click.option("--threads", type=click.INT, default=1, show_default=True, help="Threads of judging."),
    click.option(
        "--adopt", is_flag=True, help="Train the best on all but the test part; make it the default."
    ),
)
_OF_SEARCH = ("model", "objectives", "epochs", "sampler", "pruning", "seed")


def search_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a search; hand their values to :func:`asked_request`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked_request(
    context: click.Context, store: StudyStore, values: dict[str, Any]
) -> tuple[str | None, TuningRequest, DatasetChoice | None]:
    """Return the study's name (None: make one up), its request, and the data a stored study names.

    Of a stored study only what was typed in is held against it: ``refrain tune --study NAME`` goes on.
    """
    name = values["study_name"]
    card = next((one for one in store.list() if one.name == name), None) if name else None
    if card is None:
        if values["model"] is None:
            raise click.UsageError("Name a --model, or a --study that exists.")
        return name, TuningRequest.from_dict(_fields(values, None)), None
    typed = {one for one in values if context.get_parameter_source(one) is _TYPED}
    changed = {**card.request.to_dict(), **_fields(values, typed)}
    choice = card.dataset.choice
    return name, TuningRequest.from_dict(changed), msgspec.convert(choice, DatasetChoice | None)


_TYPED = click.core.ParameterSource.COMMANDLINE


def _fields(values: dict[str, Any], typed: set[str] | None) -> dict[str, Any]:
    """Return the fields of the request that the options give; with ``typed`` only those typed in."""
    split_typed = typed is None or typed & {*SPLIT_OPTIONS, "protocol", "split_seed", "validation_share"}
    fields = {name: values[name] for name in _OF_SEARCH if typed is None or name in typed}
    if "objectives" in fields:
        fields["objectives"] = [one.strip() for one in fields["objectives"].split(",") if one.strip()]
    if typed is None or "fixed" in typed:
        fields["fixed"] = assignments(values["fixed"], "--fix")
    if values["sampler"] == "grid" and (typed is None or typed & {"sizes", "rates"}):
        sizes, rates = _numbers(values, "sizes", int), _numbers(values, "rates", float)
        fields["grid"] = {"embedding_size": sizes or GRID_SIZES, "learning_rate": rates or GRID_RATES}
    if split_typed:
        share = values["validation_share"]
        fields["protocol"] = protocol_of(values).replace(validation_share=share).to_dict()
    return fields


def _numbers(values: Mapping[str, Any], option: str, kind: type[int] | type[float]) -> list[float]:
    try:
        return [kind(one) for one in (values[option] or "").split(",") if one.strip()]
    except ValueError:
        raise click.UsageError(f"--{option}: numbers separated by commas, not {values[option]!r}.") from None


def assignments(texts: Iterable[str], option: str) -> dict[str, Any]:
    """Return the names and values of texts such as ``embedding_size=64``; ``option`` is who said so."""
    return dict(_assignment(one, option) for one in texts)


def _assignment(text: str, option: str) -> tuple[str, Any]:
    """Return the name and value of ``embedding_size=64``; what is no JSON is text."""
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"{option}: write NAME=VALUE, not {text!r}.")
    try:
        return name.strip(), msgspec.json.decode(value)
    except msgspec.DecodeError:
        return name.strip(), value.strip()
