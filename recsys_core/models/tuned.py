"""The settings that tuning found, model by model: the data file ``tuned.toml`` beside this."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from recsys_core.models.registry import MODELS

TUNED_SEED = 42
"""The split seed of Last.fm 2011 within whose train part the settings were searched."""
_FILE = Path(__file__).with_suffix(".toml")
_EPOCHS, _UNTUNED = "epochs", "untuned"


class Tuned(NamedTuple):
    """All settings of a model, and how many epochs it trains; ``found`` is False if nobody searched."""

    parameters: dict[str, Any]
    epochs: int
    found: bool


@cache
def tuned_settings() -> dict[str, Tuned]:
    """Return the tuned settings of every model by name: its own defaults but for what the file says.

    Every setting is spelled out, so that none is taken from what a comparison has in common.
    """
    listed = tomllib.loads(_FILE.read_text("utf-8"))
    untuned = set(listed.pop(_UNTUNED))
    found = {}
    for name, model in MODELS.items():
        own = dict(listed.get(name, {}))
        epochs = int(own.pop(_EPOCHS, 1))
        settings = model.settings_type.from_dict(own).to_dict()
        found[name] = Tuned(settings, epochs, name not in untuned)
    return found


def as_tuned(models: tuple[str, ...], *, seed: int = 42, threads: int = 1) -> dict[str, Any]:
    """Return ``settings`` and ``epochs_of`` of a comparison request, of those ``models`` that were tuned."""
    tuned = {name: one for name, one in tuned_settings().items() if name in models and one.found}
    common = {"seed": seed, "threads": threads}
    return {
        "settings": {
            name: {**one.parameters, **{key: common[key] for key in common if key in one.parameters}}
            for name, one in tuned.items()
            if one.parameters
        },
        "epochs_of": {name: one.epochs for name, one in tuned.items() if MODELS[name].iterative},
    }
