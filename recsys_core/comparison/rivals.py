"""One planned question put to a comparison: does the best LightFM beat plain truncated SVD?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.comparison.per_user import per_user_values
from recsys_core.models.registry import MODELS
from recsys_core.statistics import PairedDifference, paired_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.runs import Run

SVD = "svd"
LIGHTFM = tuple(name for name in MODELS if name.startswith("lightfm-"))
RESAMPLES = 10_000


class Duel(NamedTuple):
    """Two models on the same users: means, and how much ``first`` exceeds ``second``."""

    first: str
    second: str
    first_mean: float
    second_mean: float
    difference: PairedDifference
    n_users: int


def duel(runs: Sequence[Run], first: str, second: str, metric: str) -> Duel:
    """Return how much the model ``first`` exceeds ``second`` by ``metric``, paired over users.

    One question asked beforehand: its p-value is not corrected for others.
    """
    users = per_user_values([run for run in runs if run.manifest.model in (first, second)], metric)
    one, other = (users[name].to_numpy(np.float64) for name in (first, second))
    difference = paired_difference(one, other, resamples=RESAMPLES)
    return Duel(first, second, float(one.mean()), float(other.mean()), difference, len(users))


def lightfm_against_svd(runs: Sequence[Run], metric: str) -> Duel | None:
    """Return the duel of the LightFM with the highest mean and TruncatedSVD, None if either is missing."""
    models = {run.manifest.model for run in runs}
    rivals = [name for name in LIGHTFM if name in models]
    if not rivals or SVD not in models:
        return None
    users = per_user_values([run for run in runs if run.manifest.model in rivals], metric)
    return duel(runs, max(rivals, key=lambda name: float(users[name].mean())), SVD, metric)
