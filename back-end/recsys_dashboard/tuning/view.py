"""One study as the page shows it: waiting, being searched, at rest, damaged, or about other data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from recsys_core.errors import RefrainError
from recsys_core.tuning.pace import usual_trial_seconds
from recsys_core.tuning.taking import alive
from recsys_dashboard import cached
from recsys_dashboard.texts import text
from recsys_dashboard.tuning import desk, studies

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.runs.manifest import Manifest
    from recsys_core.tuning import HeatMap, StudyCard, StudySummary, Trial
    from recsys_dashboard.jobs.job import JobSnapshot


@dataclass(frozen=True, eq=False)
class StudyView:
    """A study's ``found`` so far and the newest job about it; ``job`` is None after a restart."""

    found: StudySummary
    job: JobSnapshot | None
    entry: desk.Entry | None

    @property
    def card(self) -> StudyCard:
        """Return what was asked, when, on which data."""
        return self.found.card

    @property
    def name(self) -> str:
        """Return the study's name, as in the address."""
        return self.card.name

    @property
    def live(self) -> bool:
        """Whether a job of this dashboard is waiting or at work on it."""
        return self.job is not None and self.job.live

    @property
    def errand(self) -> str:
        """Return ``tune`` or ``adopt`` while a job is live, else nothing."""
        return self.entry.errand if self.live and self.entry is not None else ""

    @cached_property
    def elsewhere(self) -> bool:
        """Whether another program, such as ``refrain tune``, is at work on it."""
        return not self.live and any(
            trial.state == "running" and alive(trial.worker) for trial in self.found.trials
        )

    @property
    def moving(self) -> bool:
        """Whether to look again."""
        return self.live or self.elsewhere

    @cached_property
    def counted(self) -> int:
        """How many trials are done or under way, those that were stopped or lost left out."""
        return sum(trial.counts and trial.state != "waiting" for trial in self.found.trials)

    @cached_property
    def waiting(self) -> int:
        """How many settings somebody has asked for that are still to be tried."""
        return sum(trial.state == "waiting" for trial in self.found.trials)

    @property
    def is_grid(self) -> bool:
        """Whether the study fills a grid of two parameters."""
        return bool(self.card.request.grid)

    @property
    def cells_left(self) -> int:
        """How many cells of a grid are still empty."""
        return max(0, len(self.card.request.cells()) - self.counted) if self.is_grid else 0

    @cached_property
    def running(self) -> Trial | None:
        """The trial under way, if one is."""
        going = [trial for trial in self.found.trials if trial.state == "running"]
        return going[-1] if going and self.moving else None

    @cached_property
    def trial_seconds(self) -> float | None:
        """What a trial of this study took so far, on average."""
        return usual_trial_seconds(self.found.trials)

    @cached_property
    def grid(self) -> HeatMap | None:
        """The grid as far as it is filled, None for a search."""
        return self.found.heat_map() if self.is_grid else None

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return a row per trial, those without a living worker as lost."""
        table = self.found.table()
        if len(table) and not self.moving:
            table["state"] = table["state"].replace("running", "lost")
        return table

    def runs(self) -> list[Manifest]:
        """Return the stored runs that were trained from this study, newest first."""
        return [one for one in cached.manifests() if (one.tuned_from or {}).get("study") == self.name]

    def trial(self, number: int | None) -> Trial | None:
        """Return the trial ``number``, if there is one."""
        return next((one for one in self.found.trials if one.number == number), None)


def view_of(name: str) -> StudyView:
    """Return the study ``name``; raises StudyError if it is missing or damaged."""
    jobs = desk.jobs_of(name)  # before its trials: a job that ends meanwhile is looked at once more
    found = studies.summary(name)
    job, entry = jobs[0] if jobs else (None, None)
    return StudyView(found, job, entry)


def opened(name: str) -> tuple[StudyView | None, str]:
    """Return the study ``name``, or None and the sentence that says why not."""
    if not studies.exists(name):
        return None, text("tuning.unknown", name=name)
    try:
        view = view_of(name)
        view.card.request.space()  # an older study may name what no model has any more
    except RefrainError as error:
        return None, str(error)
    return view, ""
