"""The same comparison on several splits: what is true of one may be luck of the draw."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from recsys_core.comparison.train_and_judge import BASELINE, ComparisonRequest, Event, compare
from recsys_core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from recsys_core.datasets import Dataset
    from recsys_core.runs import Run
    from recsys_core.runs.manifest import Manifest

FURTHER = "-seed-"


def compare_on_seeds(
    dataset: Dataset,
    request: ComparisonRequest,
    seeds: Sequence[int],
    *,
    created: str,
    comparison_id: str | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
    **rest: Any,
) -> list[Run]:
    """Return the runs of :func:`compare` on every split seed, in order of seeds.

    The first seed's comparison has ``comparison_id``, the others that with ``-seed-<seed>`` behind it (see
    :func:`seeds_of`). Events have ``seed``, ``seed_index`` and ``seeds`` besides. All else is passed on.

    Raises
    ------
    SettingsError
        If no seed is given or one twice.
    """
    if not seeds or len(set(seeds)) < len(seeds):
        raise SettingsError("split seeds: give at least one, and none twice.")
    runs: list[Run] = []
    for index, seed in enumerate(seeds):
        where = {"seed": seed, "seed_index": index, "seeds": len(seeds)}
        done = compare(
            dataset,
            request.replace(protocol=request.protocol.replace(seed=seed).to_dict()),
            created=created,
            comparison_id=comparison_id if index == 0 else id_on(comparison_id or "", seed),
            on_event=partial(_told, on_event, where),
            **rest,
        )
        comparison_id = comparison_id or done[0].manifest.comparison_id
        runs += done
    return runs


def seeds_of(comparison_id: str, runs: Sequence[Run]) -> list[Run]:
    """Return those of ``runs`` that belong to the comparison or to its further seeds."""
    return [run for run in runs if first_of(run.manifest.comparison_id) == comparison_id]


def first_of(comparison_id: str) -> str:
    """Return the id of the comparison that this one repeats on another seed; its own if it repeats none."""
    return comparison_id.partition(FURTHER)[0]


def id_on(comparison_id: str, seed: int) -> str:
    """Return the id of the comparison repeated on another split seed."""
    return f"{first_of(comparison_id)}{FURTHER}{seed}"


def request_again(manifests: Sequence[Manifest], seed: int, *, list_length: int) -> ComparisonRequest:
    """Return the request that trains the models of ``manifests`` as they were, on the split of ``seed``."""
    trained = [one for one in manifests if one.model != BASELINE]
    return ComparisonRequest.from_dict(
        {
            "models": [one.model for one in trained],
            "list_length": list_length,
            "protocol": manifests[0].protocol.replace(seed=seed).to_dict(),
            "settings": {one.model: one.parameters for one in trained if one.parameters},
            "epochs_of": {one.model: one.epochs for one in trained},
        }
    )


def whole_seeds(runs: Sequence[Run], models: Collection[str]) -> list[Run]:
    """Return those of ``runs`` whose split seed has all of ``models``, these models only, a run of each."""
    by_seed: dict[int, dict[str, Run]] = {}
    for run in runs:
        if run.manifest.model in models:
            by_seed.setdefault(run.manifest.protocol.seed, {})[run.manifest.model] = run
    return [run for own in by_seed.values() if set(own) == set(models) for run in own.values()]


def _told(on_event: Callable[[Event], None], where: dict[str, int], event: Event) -> None:
    on_event({**event, **where})
