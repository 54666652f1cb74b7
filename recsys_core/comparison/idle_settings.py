"""Which settings of a comparison do nothing for the models that were chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recsys_core.models.lightfm import LightFMSettings
from recsys_core.models.registry import create_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EPOCHS = "epochs"


def idle_settings(models: Iterable[str], parameters: Mapping[str, Any]) -> list[str]:
    """Return the names of settings that none of ``models`` uses, ``epochs`` among them.

    ``parameters`` are those of the request: which rate or schedule acts depends on the schedule chosen.

    Examples
    --------
    >>> idle_settings(["svd"], {})[:2]
    ['epochs', 'learning_rate']
    """
    used: set[str] = set()
    for name in models:
        model = create_model(name, parameters)
        used |= set(model.settings_type.__struct_fields__) - set(model.without_effect())
        used |= {EPOCHS} if model.iterative else set()
    return [name for name in (EPOCHS, *LightFMSettings.__struct_fields__) if name not in used]
