"""The runs a report speaks of: taken from the store where they are, trained where they are missing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from recsys_core.comparison import BASELINE, ComparisonRequest, compare
from recsys_core.errors import SettingsError
from recsys_core.models.registry import MODELS
from recsys_core.models.tuned import as_tuned, tuned_settings
from recsys_core.runs.manifest import code_digest, versions
from recsys_core.settings import Settings
from recsys_core.splitting import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_core.comparison import Event
    from recsys_core.datasets import Dataset
    from recsys_core.runs import Run, RunStore
    from recsys_core.runs.manifest import Manifest

TOO_SLOW = {
    "lightfm-hybrid": "left out, as LightFM's own trainer takes minutes for features; no search of its own: "
    "it takes what was found for `fast-hybrid`, which learns the same objective, in one training"
}
MODELS_REPORTED = tuple(
    name
    for name, one in tuned_settings().items()
    if one.found and name not in (*TOO_SLOW, BASELINE, "random")
)


class ReportPlan(Settings, frozen=True, kw_only=True):
    """Which models are compared on which split seeds; each with the settings tuning found for it."""

    models: Annotated[tuple[str, ...], Meta(min_length=1)] = MODELS_REPORTED
    seeds: Annotated[tuple[int, ...], Meta(min_length=1)] = (42, 11, 12, 13, 14)
    list_length: Annotated[int, Meta(ge=1, le=1000)] = 10
    threads: Annotated[int, Meta(ge=1, le=64)] = 1

    def request(self, seed: int, models: tuple[str, ...] | None = None) -> ComparisonRequest:
        """Return the comparison on one split seed, of all models or of ``models``."""
        names = models or self.models
        return ComparisonRequest.from_dict(
            {
                "models": names,
                "list_length": self.list_length,
                "threads": self.threads,
                "protocol": PROTOCOLS["driver"].replace(seed=seed).to_dict(),
                **as_tuned(names, threads=self.threads),
            }
        )


def gather(
    dataset: Dataset,
    plan: ReportPlan,
    store: RunStore,
    *,
    created: str,
    choice: dict[str, Any] | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
) -> list[Run]:
    """Return a run per model and seed of ``plan``, baseline included; what is missing is trained and stored.

    Raises
    ------
    SettingsError
        For an unknown model or a seed given twice.
    """
    plan = plan.checked()
    unknown = next((name for name in plan.models if name not in MODELS), None)
    if unknown is not None:
        raise SettingsError(f"There is no model {unknown!r}. Choose among {', '.join(MODELS)}.")
    if len(set(plan.seeds)) < len(plan.seeds):
        raise SettingsError("split seeds: give none twice.")
    runs = []
    for seed in plan.seeds:
        comparison_id = _comparison_id(dataset, plan, seed)
        known = _known(store, plan.request(seed), comparison_id)
        missing = tuple(name for name in dict.fromkeys((BASELINE, *plan.models)) if name not in known)
        if missing:
            compare(
                dataset,
                plan.request(seed, missing),
                created=created,
                choice=choice,
                comparison_id=comparison_id,
                on_event=on_event,
                on_run=lambda run: _keep(store, run),
                threads=plan.threads,
            )
            known = _known(store, plan.request(seed), comparison_id)
        wanted = dict.fromkeys((BASELINE, *plan.models))
        runs += [store.load(known[name].run_id) for name in wanted if name in known]
    return runs


def _known(store: RunStore, request: ComparisonRequest, comparison_id: str) -> dict[str, Manifest]:
    """Return by model the newest run of this comparison made with the settings of ``request``.

    Only by the packages and the code of today: what older ones made may have other figures.
    """
    found: dict[str, Manifest] = {}
    for one in store.list():
        if one.comparison_id != comparison_id or one.model in found or not _by_this_code(one):
            continue
        wanted = {**request.parameters(one.model), "threads": one.parameters.get("threads")}
        same = all(value == wanted[name] for name, value in one.parameters.items() if name in wanted)
        if same and one.epochs == request.epochs_for(one.model):
            found[one.model] = one
    return found


def _by_this_code(run: Manifest) -> bool:
    """Return whether the code and the packages that made ``run`` are those of this process."""
    return run.code == code_digest() and run.versions == versions()


def _comparison_id(dataset: Dataset, plan: ReportPlan, seed: int) -> str:
    parts = (dataset.fingerprint, plan.list_length, PROTOCOLS["driver"].to_dict())
    digest = hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:10]
    return f"report-{digest}-seed-{seed}"


def _keep(store: RunStore, run: Run) -> None:
    store.save(run)
