"""The name ``best`` in a list of models: the default model with the settings it was found with."""

from __future__ import annotations

from typing import Any

from recsys_core.errors import SettingsError
from recsys_core.runs.default_model import BEST, DefaultModel, read_default
from recsys_dashboard.settings import read_settings


def with_best(names: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, Any], DefaultModel | None]:
    """Return ``names`` with ``best`` spelled out, what a request then needs besides, and the default itself.

    Raises
    ------
    SettingsError
        If ``best`` is named and no model was made the default.
    """
    if BEST not in names:
        return names, {}, None
    default = read_default(read_settings().default_model)
    if default is None:
        raise SettingsError(
            "No model was made the default yet, so there is no best. Find one with: refrain tune --adopt."
        )
    spelled = tuple(dict.fromkeys(default.model if name == BEST else name for name in names))
    own = {"settings": {default.model: default.parameters}, "epochs_of": {default.model: default.epochs}}
    return spelled, own, default
