"""Penalties chosen on ratings held out of the training part, in the way the test part was."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from recsys_core.errors import SettingsError
from recsys_core.models.timesvd.model import DriftModel, DriftSettings
from recsys_core.splitting import split_by_time, split_random

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.datasets.interactions import Interactions

Way = Literal["time", "random"]
WAYS: tuple[Way, ...] = get_args(Way)
LEVEL_PENALTIES = (2.0, 5.0, 10.0, 20.0)
DRIFT_PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)


def held_out(
    ratings: Interactions, way: Way, share: float = 0.2, seed: int = 42
) -> tuple[Interactions, Interactions]:
    """Return ``(rest, held out)``: the latest ``share`` of all ratings, or ratings drawn at random.

    Raises
    ------
    SettingsError
        If ``way`` is neither.
    """
    if way not in WAYS:
        raise SettingsError(f"There is no way {way!r} to hold out ratings. Choose among {', '.join(WAYS)}.")
    return split_by_time(ratings, share) if way == "time" else split_random(ratings, share, seed)


def chosen_settings(
    train: Interactions, family: str, way: Way, levels: DriftSettings | None = None, seed: int = 42
) -> DriftSettings:
    """Return the settings of ``family`` with the smallest error on a fifth of ``train``.

    Without ``levels`` the penalties of people and levels are searched, without drift; with them only the
    penalty of the drift is.
    """
    if levels is None:
        levels = DriftSettings()
        tried = [
            levels.replace(user_penalty=user, item_penalty=item)
            for user, item in product(LEVEL_PENALTIES, LEVEL_PENALTIES)
        ]
        levels = _best(train, tried, way, seed)
    if family == "static":
        return levels
    return _best(
        train, [levels.replace(family=family, drift_penalty=one) for one in DRIFT_PENALTIES], way, seed
    )


def errors(model: DriftModel, ratings: Interactions) -> np.ndarray:
    """Return predicted less given stars, float64 ``(n,)``."""
    assert ratings.timestamps is not None  # the model was fitted on others of them
    return model.predict(ratings.user_idx, ratings.item_idx, ratings.timestamps) - ratings.weights


def rmse(model: DriftModel, ratings: Interactions) -> float:
    """Return the root of the mean squared error, in stars."""
    return float(np.sqrt(np.mean(errors(model, ratings) ** 2)))


def _best(train: Interactions, tried: Iterable[DriftSettings], way: Way, seed: int) -> DriftSettings:
    rest, validation = held_out(train, way, seed=seed)
    return min(tried, key=lambda settings: rmse(DriftModel(settings).fit(rest), validation))
