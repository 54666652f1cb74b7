"""Whose scores: a stored listener, a new one, or a stored one who has just said more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from recsys_core.listening.profile import Profile
from recsys_core.models.folding import Contributions

if TYPE_CHECKING:
    from recsys_core.listening.preferences import Suggestions

# "own": the model trained on this listener; "folded": a vector made of the artists named;
# "heard": the same, made of artists heard but not trained on; "charts": nothing is known
Basis = Literal["own", "folded", "heard", "charts"]
# one opinion counts as much as this share of a listener's history: a click has to be seen
SHARE_OF_HISTORY = 0.1


@dataclass(frozen=True, eq=False)
class Taste:
    """The artists that speak for a listener, int64 ``(n,)``, their weights, float64, and the scores' basis.

    ``history`` are the rows of a stored listener's training artists and ``counts`` what each counts in the
    model's own profile; ``says_more`` is True where opinions move the scores of a stored listener.
    """

    basis: Basis
    user_idx: int | None
    history: np.ndarray
    counts: np.ndarray
    items: np.ndarray
    weights: np.ndarray
    says_more: bool


def taste_of(suggestions: Suggestions, user_id: Any | None, profile: Profile | None = None) -> Taste:
    """Return the taste of a stored listener (``user_id``), of somebody new (None), with opinions on top.

    A listener none of whose artists the model was trained on is folded in from those they were heard
    with beyond the test, or gets the charts.

    Raises
    ------
    UnknownIdError
        If the listener or an artist of the profile is not in the data.
    """
    data, model = suggestions.dataset, suggestions.model
    user = None if user_id is None else int(data.users.to_idx([data.users.parse(user_id)])[0])
    named, said = (profile or Profile()).indices(data.items)
    history, counts = (np.zeros(0, np.int64), np.zeros(0)) if user is None else model.profile(user)
    heard = _row(suggestions.heard, user)
    known, weights = (history, counts) if len(history) else (heard, np.ones(len(heard)))
    silent = ~np.isin(known, named)
    weight = max(1.0, SHARE_OF_HISTORY * len(known)) if user is not None else 1.0
    items = np.concatenate([known[silent], named[said != 0]])
    weights = np.concatenate([weights[silent], weight * said[said != 0]])
    basis = _basis(len(history) > 0, len(items) > 0 and model.folds_in, user is not None and not len(named))
    return Taste(basis, user, history, counts, items, weights, bool(len(history) and (said != 0).any()))


def _row(matrix: Any, user: int | None) -> np.ndarray:
    """Return the artists of one listener, none for somebody new."""
    return np.zeros(0, np.int64) if user is None else matrix[user].indices.astype(np.int64)


def _basis(trained: bool, can_fold: bool, only_heard: bool) -> Basis:
    if trained:
        return "own"
    if not can_fold:
        return "charts"
    return "heard" if only_heard else "folded"


def scores_of(suggestions: Suggestions, taste: Taste) -> np.ndarray:
    """Return the scores of all artists, float64 ``(n_items,)``.

    A stored listener keeps the model's own scores; opinions add what they change in the folded-in ones,
    so that the list moves from where it stood.
    """
    model = suggestions.model
    if taste.basis == "charts":
        return suggestions.listeners.astype(np.float64)
    if taste.basis != "own":
        return model.fold_in(taste.items, taste.weights).astype(np.float64)
    own = model.scores(np.array([taste.user_idx]))[0].astype(np.float64)
    if not taste.says_more or not model.folds_in:
        return own
    before = model.fold_in(taste.history, taste.counts)
    return own + model.fold_in(taste.items, taste.weights) - before


def parts_of(suggestions: Suggestions, taste: Taste, targets: np.ndarray) -> Contributions:
    """Return what each of ``taste.items`` adds to each target's score; zeros where the model cannot say."""
    model = suggestions.model
    if taste.basis == "charts":
        return Contributions(np.zeros((len(targets), 0)), suggestions.listeners[targets].astype(np.float64))
    if not model.folds_in:
        return Contributions(np.zeros((len(targets), len(taste.items))), np.zeros(len(targets)))
    return model.contributions(taste.items, taste.weights, targets)
