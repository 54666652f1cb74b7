"""Stored runs in a manager's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_dashboard.texts import moment, number, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.runs.manifest import Manifest

BASELINES = frozenset({"popularity", "random"})


def latest(manifests: Sequence[Manifest], count: int) -> list[Manifest]:
    """Return the ``count`` newest runs that learned something, baselines only if there is nothing else."""
    learned = [manifest for manifest in manifests if manifest.model not in BASELINES]
    return list(learned or manifests)[:count]


def hits_of_ten(manifest: Manifest) -> float | None:
    """Return how many of ten suggestions test listeners really play: ten times the test precision."""
    means = {name: metric["mean"] for name, metric in manifest.metrics["test"].items()}
    found = [mean for name, mean in means.items() if name.startswith("precision@")]
    return 10 * found[0] if found else None


def run_name(model: str, run_id: str) -> str:
    """Return the model's name and the end of its run's id, which tells two runs of one model apart."""
    return text("badge.run", model=text(f"model.{model}"), run=run_id[-4:])


def run_line(manifest: Manifest) -> str:
    """Return one line on a run: model, quality, time."""
    return text(
        "home.recent_line",
        model=text(f"model.{manifest.model}"),
        hits=number(hits_of_ten(manifest), 2),
        when=moment(manifest.created),
    )
