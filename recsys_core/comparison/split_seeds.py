"""The same comparison on several splits: what is true of one may be luck of the draw."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from recsys_core.comparison.train_and_judge import ComparisonRequest, Event, compare
from recsys_core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recsys_core.datasets import Dataset
    from recsys_core.runs import Run


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
            comparison_id=comparison_id if index == 0 else f"{comparison_id}-seed-{seed}",
            on_event=partial(_told, on_event, where),
            **rest,
        )
        comparison_id = comparison_id or done[0].manifest.comparison_id
        runs += done
    return runs


def seeds_of(comparison_id: str, runs: Sequence[Run]) -> list[Run]:
    """Return those of ``runs`` that belong to the comparison or to its further seeds."""
    family = f"{comparison_id}-seed-"
    return [
        run
        for run in runs
        if run.manifest.comparison_id == comparison_id or run.manifest.comparison_id.startswith(family)
    ]


def _told(on_event: Callable[[Event], None], where: dict[str, int], event: Event) -> None:
    on_event({**event, **where})
