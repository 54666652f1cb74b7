"""Which stored run speaks when nobody names one: the same on every page and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.runs.manifest import Manifest


def best_run(manifests: Sequence[Manifest], default: str | None = None) -> Manifest:
    """Return the run called ``default`` if it is there, else the LightFM run of best test AUC.

    Without any LightFM run it is the best of all; the first of equals.

    Raises
    ------
    RunError
        If there is no run at all.
    """
    if not manifests:
        raise RunError("There is no run of this data yet. Train one with: refrain compare.")
    if chosen := [one for one in manifests if one.run_id == default]:
        return chosen[0]
    lightfm = [one for one in manifests if one.model.startswith("lightfm")]
    return max(lightfm or manifests, key=auc_of)


def auc_of(manifest: Manifest) -> float:
    """Return the mean AUC on the held-out pairs, 0 to 1."""
    return manifest.metrics["test"]["auc"]["mean"]
