"""Per-user values of stored runs side by side: what every honest comparison is computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.runs import Run
    from recsys_core.runs.manifest import Manifest
    from recsys_core.splitting import Split

MODEL, USER = "model", "user_id"


def per_user_values(runs: Iterable[Run], metric: str, *, part: str = "test") -> pd.DataFrame:
    """Return a column per model and a row per user, each value the user's mean over the split seeds.

    A user may have held-out items under one seed and not under another; the seeds of a user are then those
    that all models share.

    Raises
    ------
    DataError
        If a metric is missing, or models were not judged on the same splits of one data set.
    """
    runs = list(runs)
    _check_protocols([run.manifest for run in runs])
    columns: dict[str, dict[int, pd.Series]] = {}
    for run in runs:
        seeds = columns.setdefault(run.manifest.model, {})
        seeds[run.manifest.protocol.seed] = _values(run, metric, part)
    _check_seeds(columns)
    return pd.DataFrame({model: _over_seeds(seeds) for model, seeds in columns.items()}).dropna()


def per_seed_means(runs: Iterable[Run], metric: str, *, part: str = "test") -> pd.DataFrame:
    """Return a row per split seed and a column per model: the mean over that seed's users."""
    means: dict[str, dict[int, float]] = {}
    for run in runs:
        value = float(np.nanmean(_values(run, metric, part)))
        means.setdefault(run.manifest.model, {})[run.manifest.protocol.seed] = value
    return pd.DataFrame(means).rename_axis("seed").sort_index()


def of_split(runs: Iterable[Run], parts: Split) -> list[Run]:
    """Return ``runs``, all made on ``parts``.

    Raises
    ------
    DataError
        If one was made on another data set or another split of it.
    """
    checked = list(runs)
    for run in checked:
        manifest = run.manifest
        if manifest.dataset.fingerprint != parts.dataset.fingerprint or manifest.protocol != parts.protocol:
            raise DataError(f"Run {manifest.run_id} was made on another split.", fix="Give the split it has.")
    return checked


def _values(run: Run, metric: str, part: str) -> pd.Series:
    if metric not in run.per_user:
        known = ", ".join(name for name in run.per_user if name not in ("part", USER))
        raise DataError(f"Run {run.manifest.run_id} has no metric {metric!r}. It has: {known}.")
    rows = run.per_user[run.per_user["part"] == part]
    return rows.set_index(USER)[metric]


def _over_seeds(seeds: dict[int, pd.Series]) -> pd.Series:
    return pd.concat(list(seeds.values())).groupby(level=0).mean()


def _check_protocols(manifests: list[Manifest]) -> None:
    """Refuse what only seems to be of the same split: a seed means nothing under another protocol."""
    if not manifests:
        raise DataError("There is no run to compare.")
    first = manifests[0]
    for one in manifests:
        if one.dataset.fingerprint != first.dataset.fingerprint:
            raise DataError("The runs were made on different data sets.", fix="Compare runs of one data set.")
        if one.protocol.replace(seed=0) != first.protocol.replace(seed=0):
            raise DataError(
                f"Runs {first.run_id} and {one.run_id} hold out test pairs in different ways.",
                fix="Compare runs of one protocol.",
            )


def _check_seeds(columns: dict[str, dict[int, pd.Series]]) -> None:
    seeds = {model: sorted(found) for model, found in columns.items()}
    if len({tuple(found) for found in seeds.values()}) > 1:
        told = "; ".join(f"{model}: {', '.join(map(str, found))}" for model, found in seeds.items())
        raise DataError(
            f"The models were judged on different split seeds ({told}).", fix="Train the missing."
        )
