"""One comparison as the page shows it, waiting, running or long finished."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.comparison.past import past_comparisons
from recsys_core.comparison.progress import Progress
from recsys_core.comparison.table import results_table
from recsys_core.errors import RunError
from recsys_dashboard import cached

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.runs import Run
    from recsys_core.runs.manifest import Manifest
    from recsys_dashboard.jobs.job import JobSnapshot


@dataclass(frozen=True, eq=False)
class ComparisonView:
    """Curves of all models trained so far, runs of those that finished and were stored.

    ``job`` is None for a comparison that another start of the dashboard made; ``problems`` are
    sentences about stored runs that cannot be opened.
    """

    comparison_id: str
    job: JobSnapshot | None
    manifests: tuple[Manifest, ...]
    runs: tuple[Run, ...]
    problems: tuple[str, ...]
    progress: Progress = field(default_factory=Progress)

    @property
    def live(self) -> bool:
        """Whether it is still waiting or running."""
        return self.job is not None and self.job.live

    @property
    def curves(self) -> dict[str, pd.DataFrame]:
        """Return curves by model, the baseline first; a model that failed half way keeps what it had."""
        return self.progress.curves() or {run.manifest.model: run.curve for run in self.runs}

    @property
    def epochs(self) -> int:
        """The longest training, planned or done."""
        done = [len(curve) for curve in self.curves.values()]
        return max([1, *done, *self.progress.plan.values()])

    @property
    def judged(self) -> dict[str, pd.DataFrame]:
        """Return the curves to compare: all of them while live, then those of finished models only."""
        finished = {run.manifest.model for run in self.runs}
        return {model: curve for model, curve in self.curves.items() if self.live or model in finished}

    @property
    def fruitless(self) -> bool:
        """Whether it ended before any model but the baseline was done."""
        return not self.live and set(self.judged) <= {BASELINE}

    @property
    def unfinished(self) -> set[str]:
        """Return the models still in training, or stopped half way."""
        done = {*self.progress.finished, *(run.manifest.model for run in self.runs)}
        return set(self.curves) - done

    def table(self) -> pd.DataFrame:
        """Return the results table of judged models, with intervals once the comparison has ended."""
        if not self.runs:
            return results_table(self.judged)
        return _finished_table(self.comparison_id, tuple(self.judged), self)


def view_of(comparison_id: str) -> ComparisonView | None:
    """Return what is known of a comparison, or None if that is nothing."""
    job = cached.job_queue().snapshot(comparison_id)
    job = job if job is not None and job.task == "compare" else None
    stored = past_comparisons(one for one in cached.manifests() if one.comparison_id == comparison_id)
    deleted = job is not None and job.state == "done" and not stored
    if deleted or (job is None and not stored):
        return None
    manifests = stored[0].manifests if stored else ()
    runs, problems = ((), ()) if job is not None and job.live else _opened(manifests)
    progress = Progress.from_events(job.events) if job is not None else Progress()
    return ComparisonView(comparison_id, job, manifests, runs, problems, progress)


def _opened(manifests: tuple[Manifest, ...]) -> tuple[tuple[Run, ...], tuple[str, ...]]:
    runs, problems = [], []
    for manifest in manifests:
        try:
            runs.append(cached.run(manifest.run_id))
        except RunError as error:
            problems.append(str(error))
    return tuple(runs), tuple(problems)


@st.cache_resource(max_entries=16, show_spinner=False)
def _finished_table(comparison_id: str, models: tuple[str, ...], _view: ComparisonView) -> pd.DataFrame:
    """Bootstrapping takes a moment, and a finished comparison never changes."""
    return results_table(_view.judged, _view.runs)
