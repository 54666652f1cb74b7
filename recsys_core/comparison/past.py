"""Stored runs put together again as the comparisons they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recsys_core.comparison.split_seeds import first_of
from recsys_core.comparison.train_and_judge import BASELINE
from recsys_core.models.registry import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.runs.manifest import Manifest


@dataclass(frozen=True)
class PastComparison:
    """Runs that share a comparison id, in the order in which models are trained: baseline first."""

    comparison_id: str
    manifests: tuple[Manifest, ...]

    @property
    def created(self) -> str:
        """When it was started, ISO 8601."""
        return self.manifests[0].created

    @property
    def trained(self) -> tuple[Manifest, ...]:
        """The runs of models other than the baseline; none if training failed or was cancelled early."""
        return tuple(manifest for manifest in self.manifests if manifest.model != BASELINE)

    @property
    def best(self) -> Manifest:
        """The run with the highest mean test AUC."""
        return max(self.manifests, key=lambda manifest: manifest.metrics["test"]["auc"]["mean"])


def without_repeats(found: Iterable[PastComparison]) -> list[PastComparison]:
    """Return the comparisons but those that repeat another of them on a further split seed."""
    listed = list(found)
    known = {one.comparison_id for one in listed}
    return [
        one
        for one in listed
        if first_of(one.comparison_id) == one.comparison_id or first_of(one.comparison_id) not in known
    ]


def past_comparisons(manifests: Iterable[Manifest]) -> list[PastComparison]:
    """Return the comparisons that ``manifests`` belong to, newest first."""
    grouped: dict[str, list[Manifest]] = {}
    for manifest in manifests:
        grouped.setdefault(manifest.comparison_id, []).append(manifest)
    order = [BASELINE, *MODELS]
    found = [
        PastComparison(key, tuple(sorted(runs, key=lambda run: order.index(run.model))))
        for key, runs in grouped.items()
    ]
    return sorted(found, key=lambda one: (one.created, one.comparison_id), reverse=True)
