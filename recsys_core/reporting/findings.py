"""All that a report says, computed once; its sections only put it into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recsys_core.comparison.evidence import kept_evidence, together
from recsys_core.comparison.history import list_length_of
from recsys_core.comparison.per_user import per_seed_means
from recsys_core.comparison.verdicts import verdict_table
from recsys_core.reporting.goals import OBJECTIVES, goal_rows
from recsys_core.reporting.misses import found_rows
from recsys_core.reporting.pace import timed_again
from recsys_core.reporting.reach import reach
from recsys_core.reporting.tables import time_rows
from recsys_core.splitting import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from recsys_core.comparison.evidence import Evidence
    from recsys_core.datasets import Dataset
    from recsys_core.reporting.reach import Reach
    from recsys_core.runs import Run, RunStore
    from recsys_core.splitting import Split


@dataclass(frozen=True, eq=False)
class Findings:
    """Tables of a report.

    Parameters
    ----------
    runs, first
        All runs; those of the first split, best first by the decisive metric.
    parts
        The first split.
    k
        List length.
    verdicts
        By metric, the decisive one last: :func:`recsys_core.comparison.verdicts.verdict_table`.
    seconds
        :func:`recsys_core.reporting.tables.time_rows`, quick models timed again.
    reached
        By split seed, the first split's first.
    goals, evidence, finders
        Of ``goals.goal_rows``, ``comparison.evidence`` and ``misses.found_rows``, the latter two of the first
        split.
    """

    runs: Sequence[Run]
    first: Sequence[Run]
    parts: Split
    k: int
    verdicts: dict[str, pd.DataFrame]
    seconds: pd.DataFrame
    reached: dict[int, Reach]
    goals: list[dict[str, object]]
    evidence: Evidence
    finders: pd.DataFrame

    @property
    def decisive(self) -> str:
        """The metric that decides which model is best."""
        return list(self.verdicts)[-1]

    @property
    def seeds(self) -> list[int]:
        """The split seeds, the one told in full first."""
        return list(self.reached)


def findings(runs: Sequence[Run], dataset: Dataset, store: RunStore, *, threads: int = 1) -> Findings:
    """Return what there is to say of ``runs``, of :func:`recsys_core.reporting.gather`."""
    protocols = list({run.manifest.protocol.seed: run.manifest.protocol for run in runs}.values())
    splits = {one.seed: split(dataset, one) for one in protocols}
    parts, k = splits[protocols[0].seed], list_length_of(runs[0].manifest)
    metrics = ("auc", f"precision@{k}", f"recall@{k}", f"ndcg@{k}")
    verdicts = {metric: verdict_table(runs, metric) for metric in metrics}
    first = _best_first(runs, protocols[0].seed, list(verdicts[metrics[-1]]["model"]))
    seconds = timed_again(time_rows(runs, metrics), first, parts.training)
    means = {metric: per_seed_means(runs, metric) for metric in metrics}
    objective = next((run for run in first if run.manifest.model.startswith(OBJECTIVES)), first[-1])
    return Findings(
        runs=runs,
        first=first,
        parts=parts,
        k=k,
        verdicts=verdicts,
        seconds=seconds,
        reached={seed: reach(one, k) for seed, one in splits.items()},
        goals=goal_rows(dataset.source.name, means, protocols[0].seed, seconds, k),
        evidence=together(kept_evidence(store, run, parts, k=k, threads=threads) for run in first),
        finders=found_rows(first[0], objective, parts, k=k, threads=threads),
    )


def _best_first(runs: Sequence[Run], seed: int, order: list[str]) -> list[Run]:
    own = [run for run in runs if run.manifest.protocol.seed == seed]
    return sorted(own, key=lambda run: order.index(run.manifest.model))
