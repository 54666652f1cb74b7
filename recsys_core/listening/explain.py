"""Why an artist is suggested: what each of the listener's own artists adds to the score, summing to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from recsys_core.columns import Columns
from recsys_core.listening.taste import parts_of, scores_of

if TYPE_CHECKING:
    from recsys_core.listening.ranked_list import RankedList

Cause = Literal["own", "despite", "anybody", "beyond", "untold"]
ADDS, BEYOND = "adds", "(beyond their artists)"
ROUNDING = 1e-5  # of the terms' sizes


@dataclass(frozen=True, eq=False)
class Explanation:
    """Scores taken apart: ``parts.sum(axis=1) + anybody + rest + level == scores``.

    Parameters
    ----------
    targets, items
        Rows of the artists explained and of those that explain, int64 ``(t,)`` and ``(n,)``.
    parts
        What each own artist adds, float64 ``(t, n)``; below 0 speaks against.
    anybody
        What the average listener's score of each target is, float64 ``(t,)``.
    rest
        What the model knows of this listener beyond a sum over their artists, float64 ``(t,)``: 0 where the
        model is such a sum, as item neighbours and EASE are, and for somebody new.
    level
        A constant of this listener, the same for every artist: it orders nothing.
    scores
        The model's scores, float64 ``(t,)``.
    told
        Whether the scores could be taken apart: without that all is ``rest``.
    """

    names: np.ndarray
    targets: np.ndarray
    items: np.ndarray
    parts: np.ndarray
    anybody: np.ndarray
    rest: np.ndarray
    level: float
    scores: np.ndarray
    told: bool = True

    @property
    def own(self) -> np.ndarray:
        """What all own artists add together, float64 ``(t,)``."""
        return self.parts.sum(axis=1)

    @property
    def says_why(self) -> bool:
        """Whether any own artist adds anything."""
        return bool(np.any(self.parts))

    def cause(self, at: int) -> Cause:
        """Return what speaks for target ``at``.

        "own" artists; "anybody", what it scores for all alike; something else, "despite" own artists that
        speak against it or "beyond" them; "untold" where the scores cannot be taken apart.
        """
        if not self.told:
            return "untold"
        if self.supporters(at):
            return "own"
        if self.own[at] < 0:
            return "despite"
        return "anybody" if self.anybody[at] > 0 and not self.rest[at] else "beyond"

    def strongest(self, at: int, n: int) -> np.ndarray:
        """Return the columns of at most ``n`` own artists that speak for target ``at``, strongest first."""
        order = np.argsort(-self.parts[at], kind="stable")[:n]
        return order[self.parts[at][order] > 0]

    def supporters(self, at: int) -> int:
        """Return how many own artists speak for target ``at``."""
        return int((self.parts[at] > 0).sum())

    def share_of_strongest(self, at: int, n: int) -> float:
        """Return the share of the ``n`` strongest own artists in all that speak for target ``at``, 0 to 1."""
        speaking = self.parts[at][self.parts[at] > 0]
        return float(self.parts[at, self.strongest(at, n)].sum() / speaking.sum()) if len(speaking) else 0.0

    def reasons(self, at: int) -> pd.DataFrame:
        """Return ``name, adds`` of every own artist for target ``at``, what speaks most for it first."""
        order = np.argsort(-self.parts[at], kind="stable")
        return pd.DataFrame({Columns.NAME: self.names[self.items[order]], ADDS: self.parts[at][order]})

    def first(self, n: int) -> Explanation:
        """Return the explanation of the first ``n`` targets only."""
        return replace(
            self,
            targets=self.targets[:n],
            parts=self.parts[:n],
            anybody=self.anybody[:n],
            rest=self.rest[:n],
            scores=self.scores[:n],
        )

    def table(self) -> pd.DataFrame:
        """Return ``artist, because_of, adds`` in long form with all other terms; adds sum to the score."""
        rows = [
            (self.names[target], name, adds)
            for at, target in enumerate(self.targets)
            for name, adds in [*self.reasons(at).itertuples(index=False), *self.other_terms(at).items()]
        ]
        return pd.DataFrame(rows, columns=["artist", "because_of", ADDS])

    def other_terms(self, at: int) -> dict[str, float]:
        """Return what does not come from own artists, by name."""
        return {
            "(any listener)": float(self.anybody[at]),
            BEYOND: float(self.rest[at]),
            "(level of this listener)": self.level,
        }


def explain(ranked: RankedList, targets: np.ndarray) -> Explanation:
    """Return why ``targets`` (rows of artists) score what they score on a list.

    Factor models give a stored listener a vector that is no sum over artists. For them ``parts`` take apart
    the score of a new listener with the same artists, and ``rest`` is what is left to the model's own.
    """
    suggestions, taste = ranked.suggestions, ranked.taste
    found = parts_of(suggestions, taste, targets)
    gap = ranked.scores - _folded(ranked)
    level = float(gap.mean()) if taste.basis == "own" else 0.0
    level = 0.0 if abs(level) <= ROUNDING * float(np.abs(ranked.scores).mean()) else level
    rest = ranked.scores[targets] - found.totals - level
    # scores are float32: what is left of their last digits is no finding
    size = np.abs(found.parts).sum(axis=1) + np.abs(found.offset) + abs(level)
    rest[np.abs(rest) <= ROUNDING * size] = 0.0
    return Explanation(
        names=suggestions.dataset.names,
        targets=targets,
        items=taste.items,
        parts=found.parts,
        anybody=found.offset,
        rest=rest,
        level=level,
        scores=found.totals + rest + level,
        told=suggestions.model.folds_in or taste.basis == "charts",
    )


def _folded(ranked: RankedList) -> np.ndarray:
    """Return the scores that ``parts`` sum to, for all artists, float64 ``(n_items,)``."""
    model, taste = ranked.suggestions.model, ranked.taste
    if taste.basis == "charts":
        return scores_of(ranked.suggestions, taste)
    if not model.folds_in:
        return np.zeros(len(ranked.scores))
    return model.fold_in(taste.items, taste.weights).astype(np.float64)
