"""What a search may vary in each model: read off its settings, with ranges from one small table."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from recsys_core.errors import SettingsError
from recsys_core.models.registry import MODELS, create_model
from recsys_core.tuning.dimensions import Dimension, choice, number, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recsys_core.settings import Settings

# none at all is a choice of its own: only without any do the quickest kernels train
PENALTIES = (0.0, 1e-6, 1e-5, 1e-4)
# a range is narrower than the limits of the setting: what was ever worth trying, with room to either side
RANGES: dict[str, Dimension] = {
    one.name: one
    for one in (
        whole("embedding_size", 8, 256),
        number("learning_rate", 0.005, 0.3),
        whole("k", 1, 8, log=False),
        whole("n", 8, 40),
        whole("max_sampled", 5, 500),
        choice("user_alpha", PENALTIES),
        choice("item_alpha", PENALTIES),
        number("rho", 0.8, 0.99, log=False),
        number("epsilon", 1e-8, 1e-4),
        number("tag_strength", 0.1, 8),
        number("tagger_strength", 0.1, 8),
        number("friend_strength", 0.1, 8),
        number("tagged", 0.05, 3),
        number("per_listener", 0.1, 100),
        number("user_power", 0, 1, log=False),
        number("item_power", 0, 1, log=False),
    )
}
# the same name may mean another thing elsewhere
OWN_RANGES: dict[tuple[str, str], Dimension] = {
    ("svd", "embedding_size"): whole("embedding_size", 4, 128),
    ("als", "alpha"): number("alpha", 0.5, 100),
    ("als", "regularisation"): number("regularisation", 0.01, 300),
    ("als-tags", "alpha"): number("alpha", 0.5, 100),
    ("als-tags", "regularisation"): number("regularisation", 0.1, 1000),
    ("ease-tags", "regularisation"): number("regularisation", 1, 10_000),
    ("lightfm-hybrid", "tags"): whole("tags", 20, 3000),
    ("fast-hybrid", "tags"): whole("tags", 20, 3000),
    ("hybrid", "ease"): number("ease", 0.005, 2),
    ("hybrid", "als"): number("als", 0.005, 2),
    ("hybrid", "tags"): number("tags", 0.005, 2),
    ("hybrid", "friends"): number("friends", 0.002, 1),
    ("hybrid", "warp_size"): whole("warp_size", 16, 128),
    ("hybrid", "warp_epochs"): whole("warp_epochs", 10, 100),
    ("hybrid", "als_epochs"): whole("als_epochs", 3, 20),
    ("hybrid", "regularisation"): number("regularisation", 20, 5000),
    ("quick-hybrid", "tags"): number("tags", 0.02, 3),
    ("quick-hybrid", "friends"): number("friends", 0.005, 1),
    ("quick-hybrid", "regularisation"): number("regularisation", 1, 10_000),
    ("ensemble", "epochs"): whole("epochs", 10, 100),
    ("implicit-bpr", "regularisation"): number("regularisation", 1e-4, 0.3),
    ("ease", "regularisation"): number("regularisation", 1, 10_000),
    ("item-knn", "neighbours"): whole("neighbours", 10, 2000),
    ("item-knn", "shrinkage"): number("shrinkage", 0.1, 300),
    ("rp3beta", "alpha"): number("alpha", 0.3, 2, log=False),
    ("rp3beta", "beta"): number("beta", 0, 1, log=False),
    ("rp3beta", "neighbours"): whole("neighbours", 20, 5000),
}
# settings that no search varies, and why
LEFT_ALONE: dict[str, str] = {
    "seed": "chance is not a parameter: a lucky seed is no better model",
    "threads": "changes the time, not the result",
    "parts": "keeps a listener's own tags out of what is predicted for them; it is no matter of taste",
    "repeats": "more trainings taken together are hardly ever worse, they only take longer",
    "plain_size": "a training without features is tuned by itself, as fast-warp",
    "sample_weight": "whether many plays count more is a question of what is wanted, not of how to get it",
}
OWN_LEFT_ALONE: dict[tuple[str, str], str] = {
    ("hybrid", "warp"): "only proportions count: the other members are weighed against this one",
    ("ensemble", "validation_share"): "the ensemble learns its weights there; it is part of its protocol",
}
# models without anything to search, and why
NOTHING_TO_TUNE: dict[str, str] = {
    "popularity": "it has no parameters",
    "random": "it has no parameter but its seed",
}


def space_of(model: str) -> tuple[Dimension, ...]:
    """Return the dimensions of ``model``, those that others depend on (choices) first.

    Some act under some choices only: see :func:`active`.

    Raises
    ------
    SettingsError
        If there is no such model, it has nothing to tune, or a setting has neither range nor reason.
    """
    if model not in MODELS:
        raise SettingsError(f"There is no model {model!r}. Choose among {', '.join(MODELS)}.")
    if model in NOTHING_TO_TUNE:
        raise SettingsError(f"{model} has nothing to tune: {NOTHING_TO_TUNE[model]}.")
    hints = get_type_hints(MODELS[model].settings_type, include_extras=True)
    found = [_dimension(model, name, hint) for name, hint in hints.items() if not left_alone(model, name)]
    found = [one for one in found if ever_acts(model, one, found)]
    return tuple(sorted(found, key=lambda one: one.kind != "choice"))


def left_alone(model: str, setting: str) -> str:
    """Return why no search varies ``setting`` of ``model``; empty if one does, or if it never acts."""
    return OWN_LEFT_ALONE.get((model, setting)) or LEFT_ALONE.get(setting, "")


def tunable_models() -> list[str]:
    """Return the names of the models that have something to tune."""
    return [name for name in MODELS if name not in NOTHING_TO_TUNE]


def active(model: str, dimension: Dimension, chosen: Mapping[str, Any]) -> bool:
    """Return whether ``dimension`` changes anything once ``chosen`` is set: the model itself says so."""
    return dimension.name not in create_model(model, chosen).without_effect()


def _dimension(model: str, name: str, hint: Any) -> Dimension:
    known = OWN_RANGES.get((model, name)) or RANGES.get(name)
    if known is not None:
        return known
    if get_origin(hint) is Literal:
        return choice(name, get_args(hint))
    if hint is bool:
        return choice(name, (False, True))
    raise SettingsError(f"The setting {name} of {model} has no range to search and no reason to have none.")


def ever_acts(
    model: str, dimension: Dimension, others: Iterable[Dimension], fixed: Mapping[str, Any] | None = None
) -> bool:
    """Return whether some choice of the others lets ``dimension`` act, with ``fixed`` held still."""
    held = dict(fixed or {})
    options = [{one.name: value} for one in others if one.kind == "choice" for value in one.choices]
    return any(active(model, dimension, {**chosen, **held}) for chosen in [{}, *options])


def limits_of(settings_type: type[Settings]) -> dict[str, str]:
    """Return the limits of each setting in words a program can be held to, such as ``1 to 512``."""
    hints = get_type_hints(settings_type, include_extras=True)
    return {name: _limits(hint) for name, hint in hints.items()}


def _limits(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return ", ".join(map(str, get_args(hint)))
    if get_origin(hint) in (Union, UnionType):
        return " or ".join(_limits(one) for one in get_args(hint))
    if get_origin(hint) is Annotated:
        own, *metas = get_args(hint)
        return " ".join(filter(None, [_limits(own), *map(_bounds, metas)]))
    names = {int: "whole number", float: "number", bool: "true or false", str: "text", type(None): "nothing"}
    return names.get(hint, str(hint))


def _bounds(meta: Any) -> str:
    parts = []
    for attribute, words in (("ge", "from {}"), ("gt", "above {}"), ("le", "to {}"), ("lt", "below {}")):
        if (bound := getattr(meta, attribute, None)) is not None:
            parts.append(words.format(f"{bound:g}" if bound < 1e6 else bound))
    return " ".join(parts)
