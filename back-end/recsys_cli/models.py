"""``refrain models``: every model, what can be set, what a search varies, and where it comes from."""

from __future__ import annotations

import inspect
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from recsys_cli.output import json_option, show, table
from recsys_core.models.registry import MODELS
from recsys_core.tuning.space import NOTHING_TO_TUNE, left_alone, limits_of, space_of

if TYPE_CHECKING:
    from recsys_core.models.base import Recommender
    from recsys_core.tuning.dimensions import Dimension

_YEAR = re.compile(r"\b(19|20)\d\d\b")


@click.command(short_help="List the models and their parameters.")
@json_option
def models(json_to: str | None) -> None:
    """List every model: what it is, its source, its parameters with limits, and what tuning tries."""
    found = [describe(name) for name in MODELS]
    show(found, "\n\n".join(map(_text, found)), json_to)


def describe(name: str) -> dict[str, Any]:
    """Return what is known of a model, in plain builtins."""
    model = MODELS[name]
    searched = {} if name in NOTHING_TO_TUNE else {one.name: one for one in space_of(name)}
    defaults, limits = model().settings.to_dict(), limits_of(model.settings_type)
    return {
        "name": name,
        "about": _paragraph(model),
        "source": sources(model),
        "learns_by_epochs": model.iterative,
        "parameters": [
            {
                "name": parameter,
                "default": default,
                "limits": limits[parameter],
                "searched": _range(searched[parameter]) if parameter in searched else None,
                "not_searched": None if parameter in searched else _why_not(name, parameter),
            }
            for parameter, default in defaults.items()
        ],
    }


def sources(model: type[Recommender]) -> list[str]:
    """Return the paragraphs of the model's and its module's description that name a publication."""
    texts = [inspect.getdoc(one) or "" for one in (model, *model.__mro__[1:-1])]
    texts += [sys.modules[model.__module__].__doc__ or ""]
    paragraphs = [" ".join(part.split()) for text in texts for part in text.split("\n\n")]
    return list(dict.fromkeys(part for part in paragraphs if _YEAR.search(part)))


def _paragraph(model: type[Recommender]) -> str:
    return " ".join((inspect.getdoc(model) or "").split("\n\n")[0].split())


def _range(one: Dimension) -> str:
    if one.kind == "choice":
        return ", ".join(map(str, one.choices))
    return f"{one.low:g} to {one.high:g}" + (" (log scale)" if one.log else "")


def _why_not(model: str, parameter: str) -> str:
    return left_alone(model, parameter) or NOTHING_TO_TUNE.get(model) or "it changes nothing for this model"


def _text(one: dict[str, Any]) -> str:
    how = "learns by epochs" if one["learns_by_epochs"] else "learns in one step"
    lines = [f"{one['name']} ({how})", f"  {one['about']}"]
    lines += [f"  Source: {source}" for source in one["source"] if source != one["about"]]
    if not one["parameters"]:
        return "\n".join([*lines, "  Nothing to set."])
    rows = [
        (
            row["name"],
            row["default"],
            row["limits"],
            row["searched"] or f"not searched: {row['not_searched']}",
        )
        for row in one["parameters"]
    ]
    block = table(["parameter", "default", "limits", "tuning tries"], rows)
    return "\n".join([*lines, *(f"  {line}" for line in block.splitlines())])
