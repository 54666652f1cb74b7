"""Seconds of models that are soon trained, taken again alone: a moment's other work would be half of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.comparison.per_user import MODEL
from recsys_core.models.registry import create_model
from recsys_core.reporting.tables import FIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recsys_core.datasets import Dataset
    from recsys_core.runs import Run

SOON, TIMES = 5.0, 5


def timed_again(
    table: pd.DataFrame,
    runs: Sequence[Run],
    training: Dataset,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> pd.DataFrame:
    """Return ``tables.time_rows`` with the fewest seconds of further trainings where these are fewer.

    Models trained within :data:`SOON` seconds are trained :data:`TIMES` more times on ``training``, one after
    another, as the run of theirs among ``runs`` was; seconds to a milestone shrink in proportion.
    """
    manifests = {run.manifest.model: run.manifest for run in runs}
    fewest = []
    for model, seconds in zip(table[MODEL], table[FIT_SECONDS], strict=True):
        took = [float(seconds)]
        for _ in range(TIMES if seconds < SOON else 0):
            again = create_model(model, manifests[model].parameters)
            again.fit(training, epochs=manifests[model].epochs, clock=clock)
            took.append(again.fit_seconds)
        fewest.append(min(took))
    share = pd.Series(fewest, table.index) / table[FIT_SECONDS].where(table[FIT_SECONDS] > 0, 1)
    milestones = {name: table[name] * share for name in table if str(name).startswith("seconds to")}
    return table.assign(**milestones, **{FIT_SECONDS: fewest})
