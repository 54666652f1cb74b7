"""What a study is asked to do, checked once for every door."""

from __future__ import annotations

from itertools import product
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from recsys_core.errors import SettingsError
from recsys_core.models.registry import MODELS, create_model
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings
from recsys_core.splitting import PROTOCOLS, Protocol
from recsys_core.tuning.dimensions import Dimension, spanning
from recsys_core.tuning.space import active, ever_acts, space_of

SECONDS = "seconds"
WHOLE_LIST, AT_K = ("auc", "mrr", "map"), ("precision", "recall", "ndcg")
VALIDATION_SHARE = 0.16  # of all pairs: a fifth of what the test part leaves, as the test part is of all
LONGEST_LIST = 1000
GRID_SIZES, GRID_RATES = (8, 16, 32, 64, 128), (0.01, 0.02, 0.05, 0.1, 0.2)


class Budget(Settings, frozen=True, kw_only=True):
    """When a study has done enough: trials in all, minutes of this sitting, or whichever comes first.

    Trials that were stopped or lost do not count. A trial under way when the time is up is finished.
    """

    trials: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    minutes: Annotated[float, Meta(gt=0, le=10_000)] | None = None


class TuningRequest(Settings, frozen=True, kw_only=True):
    """One search: for which model, by which objectives, how.

    Parameters
    ----------
    objectives
        Metrics on the validation part (``auc``, ``mrr``, ``map``, ``precision@k``, ``recall@k``, ``ndcg@k``),
        larger is better; ``seconds`` of training may be one of several, smaller is better. With more than one
        no trial is given up early.
    epochs
        The longest a trial trains; its best epoch on the validation part counts.
    pruning
        Give up trials that do worse after some epochs than others did (Optuna's median or Hyperband rule).
    fixed
        Parameters held still.
    grid
        With the sampler ``grid``: values by parameter; all others keep their defaults.
    protocol
        How validation and test parts are held out; the test part is never looked at.
    """

    model: str
    objectives: Annotated[tuple[str, ...], Meta(min_length=1, max_length=3)] = ("ndcg@10",)
    epochs: Annotated[int, Meta(ge=2, le=1000)] = 30
    sampler: Literal["tpe", "random", "grid"] = "tpe"
    pruning: Literal["median", "hyperband", "none"] = "median"
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42
    fixed: dict[str, Any] = msgspec.field(default_factory=dict)
    grid: dict[str, tuple[Any, ...]] = msgspec.field(default_factory=dict)
    protocol: Protocol = msgspec.field(
        default_factory=lambda: PROTOCOLS["driver"].replace(validation_share=VALIDATION_SHARE)
    )

    def space(self) -> tuple[Dimension, ...]:
        """Return what this search varies."""
        if self.sampler == "grid":
            return tuple(spanning(name, values) for name, values in self.grid.items())
        whole = [one for one in space_of(self.model) if one.name not in self.fixed]
        return tuple(one for one in whole if ever_acts(self.model, one, whole, self.fixed))

    def cells(self) -> list[dict[str, Any]]:
        """Return the settings of a grid, the first parameter varying slowest: smallest values first."""
        names = list(self.grid)
        return [dict(zip(names, values, strict=True)) for values in product(*map(sorted, self.grid.values()))]

    @property
    def list_length(self) -> int:
        """The k of the first objective that has one; 10 if none has."""
        return next((int(name.partition("@")[2]) for name in self.objectives if "@" in name), 10)

    def list_lengths(self) -> tuple[int, ...]:
        """Return the k of all metrics looked at: 10 and those of the objectives."""
        own = {int(name.partition("@")[2]) for name in self.objectives if "@" in name}
        return tuple(sorted({10, *own}))

    def parameters(self, chosen: dict[str, Any]) -> dict[str, Any]:
        """Return the settings of a trial: what is held still, the study's seed, and what was ``chosen``."""
        return {"seed": self.seed, **self.fixed, **chosen}


def check_request(request: TuningRequest) -> TuningRequest:
    """Return ``request`` if model, objectives, fixed parameters and grid fit each other.

    Raises
    ------
    SettingsError
        If they do not, saying which.
    """
    request = request.checked()
    space_of(request.model)  # says why if there is nothing to tune
    _check_objectives(request.objectives)
    if not request.protocol.validation_share:
        raise SettingsError("validation_share: tuning needs a validation part, so it must be above 0.")
    _check_parameters(request)
    return request


def _check_objectives(objectives: tuple[str, ...]) -> None:
    for name in objectives:
        metric, _, k = name.partition("@")
        at_k = metric in AT_K and k.isascii() and k.isdigit() and 1 <= int(k) <= LONGEST_LIST
        if not (at_k or name in WHOLE_LIST or name == SECONDS):
            allowed = ", ".join([*WHOLE_LIST, *(f"{one}@10" for one in AT_K), SECONDS])
            raise SettingsError(f"There is no objective {name!r}. Choose among {allowed} (any list length).")
    if len(set(objectives)) < len(objectives):
        raise SettingsError("objectives: each may be named once.")
    if objectives[0] == SECONDS:
        raise SettingsError("objectives: name a quality first; seconds alone would reward learning nothing.")


def _check_parameters(request: TuningRequest) -> None:
    known = set(MODELS[request.model].settings_type.__struct_fields__)
    wrong = [name for name in (*request.fixed, *request.grid) if name not in known]
    if wrong:
        raise SettingsError(
            f"{request.model} has no parameter {wrong[0]!r}. It has: {', '.join(sorted(known))}."
        )
    create_model(request.model, request.fixed)
    if bool(request.grid) != (request.sampler == "grid"):
        raise SettingsError("grid: values are given for the sampler grid, and only for it.")
    if not all(request.grid.values()) or set(request.grid) & set(request.fixed):
        raise SettingsError("grid: every parameter needs at least one value and may not be fixed as well.")
    for cell in request.cells() if request.grid else ():
        _check_cell(request, cell)
    if not request.space():
        raise SettingsError(f"fixed: nothing of {request.model} is left to vary.")


def _check_cell(request: TuningRequest, cell: dict[str, Any]) -> None:
    chosen = request.parameters(cell)
    idle = [one.name for one in request.space() if not active(request.model, one, chosen)]
    if idle:
        raise SettingsError(f"grid: {idle[0]} changes nothing for {request.model} under these settings.")


def size_and_rate_grid(
    model: str,
    *,
    sizes: tuple[int, ...] = GRID_SIZES,
    rates: tuple[float, ...] = GRID_RATES,
    **values: Any,
) -> TuningRequest:
    """Return the request of a grid of taste-profile sizes (k) by learning rates, no cell given up early."""
    grid = {"embedding_size": tuple(sizes), "learning_rate": tuple(rates)}
    return check_request(
        TuningRequest.from_dict(
            {"pruning": "none", **values, "model": model, "sampler": "grid", "grid": grid}
        )
    )
