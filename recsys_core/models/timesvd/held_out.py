"""Does a drift foretell stars? Every family on held-out ratings, beside the quality that never moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.models.timesvd.choose import Way, chosen_settings, errors, held_out
from recsys_core.models.timesvd.families import FAMILIES
from recsys_core.models.timesvd.model import DriftModel
from recsys_core.rng import as_generator
from recsys_core.statistics import holm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recsys_core.datasets.interactions import Interactions

BASE = "static"
RESAMPLES, LEVEL = 1000, 0.05
TABLE_COLUMNS = (
    *("family", "weights_an_item", "drift_penalty", "train_rmse", "rmse"),
    *("change", "change_low", "change_high", "p_holm", "n_ratings", "n_people", "share_known"),
)


def held_out_table(
    ratings: Interactions,
    way: Way = "time",
    *,
    families: Sequence[str] = tuple(FAMILIES),
    share: float = 0.2,
    seed: int = 42,
    on_step: Callable[[int, int], None] = lambda done, total: None,
) -> pd.DataFrame:
    """Return a row per family, the static one first: error in stars on held-out ratings, and its change.

    Columns ``TABLE_COLUMNS``. ``change`` is the family's RMSE less the static one's, below zero where the
    drift helps, with a 95 % interval by drawing people (not ratings) with replacement; ``p_holm`` is the
    p-value corrected for asking of several families. ``share_known`` is the share of held-out ratings by
    people who are in the training part too. Penalties are chosen inside the training part; the static
    levels' are shared by all.

    Parameters
    ----------
    way
        "time" holds out the latest ``share`` of all ratings, "random" ratings drawn at random.
    on_step
        Called with the number of families done and to do.
    """
    train, test = held_out(ratings, way, share, seed)
    levels = chosen_settings(train, BASE, way, seed=seed)
    order = [BASE, *(one for one in families if one != BASE)]
    squared, rows = {}, []
    for done, family in enumerate(order):
        on_step(done, len(order))
        settings = chosen_settings(train, family, way, levels, seed)
        model = DriftModel(settings).fit(train)
        squared[family] = errors(model, test) ** 2
        trained = float(np.sqrt(np.mean(errors(model, train) ** 2)))
        penalty = np.nan if family == BASE else settings.drift_penalty
        rows.append((family, model.weights_an_item, penalty, trained))
    on_step(len(order), len(order))
    table = pd.DataFrame(rows, columns=list(TABLE_COLUMNS[:4]))
    return table.assign(
        rmse=[float(np.sqrt(squared[one].mean())) for one in order],
        **_changes(squared, test.user_idx, seed),
        n_ratings=len(test),
        n_people=len(np.unique(test.user_idx)),
        share_known=float(np.isin(test.user_idx, train.user_idx).mean()),
    )


def beyond_luck(table: pd.DataFrame) -> np.ndarray:
    """Return -1 for each row of :func:`held_out_table` better than no drift, 1 if worse, else 0, ``(n,)``."""
    clear = (table["p_holm"] < LEVEL).to_numpy()
    return np.where(clear, np.sign(table["change"]), 0).astype(np.int64)


def _changes(squared: dict[str, np.ndarray], people: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Return change, low, high and corrected p-value of every family against the first."""
    _, person = np.unique(people, return_inverse=True)
    sums = np.stack([np.bincount(person, weights=one) for one in squared.values()], axis=1)
    n_people = len(sums)
    drawn = as_generator(seed).multinomial(n_people, np.full(n_people, 1 / n_people), size=RESAMPLES)
    ratings = np.bincount(person)
    resampled = np.sqrt((drawn @ sums) / (drawn @ ratings)[:, None])
    apart = resampled - resampled[:, :1]
    low, high = np.quantile(apart, [LEVEL / 2, 1 - LEVEL / 2], axis=0)
    observed = np.sqrt(sums.sum(axis=0) / ratings.sum())
    return {
        "change": observed - observed[0],
        "change_low": low,
        "change_high": high,
        "p_holm": _corrected(apart),
    }


def _corrected(apart: np.ndarray) -> np.ndarray:
    """Return two-sided p-values of resampled changes ``(resamples, n)``, fit to be read together.

    The first column is the reference itself and has none (NaN).
    """
    below, above = (apart <= 0).sum(axis=0) + 1, (apart >= 0).sum(axis=0) + 1
    p_values = np.minimum(1.0, 2 * np.minimum(below, above) / (len(apart) + 1))
    p_values[0] = np.nan
    return np.array(list(holm({str(place): one for place, one in enumerate(p_values)}).values()))
