"""How near the explained list is to the model's own: measured on listeners the model was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from recsys_core.listening.preferences import Suggestions

LISTENERS, FEWEST = 60, 3  # listeners asked at most; training artists that each must have


@dataclass(frozen=True)
class Nearness:
    """Means over ``listeners``: artists kept among the first ``k`` (0 to 1), and Spearman's correlation."""

    k: int
    listeners: int
    overlap: float
    correlation: float


def nearness_of(suggestions: Suggestions, k: int = 10) -> Nearness | None:
    """Return how near folding in a trained listener's artists comes to the model's own list.

    Asked are at most ``LISTENERS`` trained listeners, evenly spread over the ids. None where the model cannot
    fold in, or nobody has enough artists.
    """
    model = suggestions.model
    able = np.flatnonzero(np.diff(model.seen.indptr) >= FEWEST)
    if not model.folds_in or not len(able):
        return None
    asked = able[np.unique(np.linspace(0, len(able) - 1, LISTENERS).astype(int))]
    found = np.array([_agreement(suggestions, int(user), k) for user in asked])
    overlap, correlation = found.mean(axis=0)
    return Nearness(k, len(asked), float(overlap), float(correlation))


def _agreement(suggestions: Suggestions, user: int, k: int) -> tuple[float, float]:
    model = suggestions.model
    items, counts = model.profile(user)
    own, again = model.scores(np.array([user]))[0], model.fold_in(items, counts)
    orders = [np.argsort(-np.delete(one, items), kind="stable") for one in (own, again)]
    places = [np.argsort(order) for order in orders]
    most = min(k, len(orders[0]))
    shared = len(np.intersect1d(orders[0][:most], orders[1][:most])) / most if most else 1.0
    return shared, float(np.corrcoef(places[0], places[1])[0, 1]) if len(places[0]) > 1 else 1.0
