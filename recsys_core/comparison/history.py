"""What past comparisons were made with, and in what they differ."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from recsys_core.comparison.train_and_judge import BASELINE
from recsys_core.models.lightfm import LightFMSettings
from recsys_core.models.registry import MODELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.comparison.past import PastComparison
    from recsys_core.runs.manifest import Manifest

DATA, EPOCHS, LIST_LENGTH = "data", "epochs", "list_length"
_COMMON = LightFMSettings.__struct_fields__
_PROTOCOL = ("method", "scaling", "test_share", "held_out", "validation_share")


def settings_used(manifests: Sequence[Manifest]) -> dict[str, Any]:
    """Return the settings of one comparison by name: data, split, and what its models share.

    ``epochs`` is of those that learn by epochs. Where models had different values of a setting, all of them
    stand in a tuple, in order of training.
    """
    first = manifests[0]
    used: dict[str, Any] = {DATA: first.dataset.title, LIST_LENGTH: list_length_of(first)}
    protocol = first.protocol.to_dict()
    used |= {name: protocol[name] for name in _PROTOCOL if protocol.get(name) is not None}
    found: dict[str, list[Any]] = defaultdict(list)
    for one in manifests:
        if one.model == BASELINE:
            continue
        for name, value in one.parameters.items():
            if name in _COMMON and name != "seed":
                found[name].append(value)
        found[EPOCHS] += [one.epochs] if MODELS[one.model].iterative else []
    used |= {name: _one_or_all(values) for name, values in found.items() if values}
    return {**used, "seed": first.protocol.seed}


def differences(pasts: Sequence[PastComparison]) -> dict[str, dict[str, Any]]:
    """Return by comparison id the settings in which not all of ``pasts`` agree; absent ones left out."""
    used = {past.comparison_id: settings_used(past.manifests) for past in pasts}
    names = list(dict.fromkeys(name for one in used.values() for name in one))
    unlike = [name for name in names if len({str(one.get(name)) for one in used.values()}) > 1]
    return {key: {name: one[name] for name in unlike if name in one} for key, one in used.items()}


def list_length_of(manifest: Manifest) -> int:
    """Return the k of precision@k in the figures of a run."""
    name = next(name for name in manifest.metrics["test"] if name.startswith("precision@"))
    return int(name.partition("@")[2])


def _one_or_all(values: list[Any]) -> Any:
    distinct = list(dict.fromkeys(values))
    return distinct[0] if len(distinct) == 1 else tuple(distinct)
