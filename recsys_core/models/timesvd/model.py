"""Stars as the sum of a mean, a person's habit, an item's level and its drift; learned by least squares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from msgspec import Meta

from recsys_core.errors import NotFittedError
from recsys_core.models.timesvd.basis import Basis
from recsys_core.models.timesvd.clock import SECONDS_A_DAY, Clock, days_of
from recsys_core.models.timesvd.families import family_named
from recsys_core.models.timesvd.least_squares import Items, solve_people
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from recsys_core.datasets.interactions import Interactions
    from recsys_core.models.timesvd.families import Family

ROUNDS = 4  # of picking variants; picks hardly change after two

Penalty = Annotated[float, Meta(gt=0, le=1e9)]


class DriftSettings(Settings, frozen=True, kw_only=True):
    """Which family, and how strongly people, levels and drifts are pulled towards zero.

    A penalty of 5 weighs as much as five ratings that say "nothing special".
    """

    family: str = "static"
    user_penalty: Penalty = 5.0
    item_penalty: Penalty = 5.0
    drift_penalty: Penalty = 20.0


class DriftModel:
    """``mu + b_u + b_i + a_i . (phi(t) - mean of phi over the item's ratings)``.

    Because of the mean, ``b_i`` is the item's level over its ratings, and an item rated once cannot drift.
    """

    def __init__(self, settings: DriftSettings | None = None) -> None:
        self.settings = (settings or DriftSettings()).checked()
        self.family: Family = family_named(self.settings.family)
        self._basis: Basis | None = None
        self._mean = 0.0
        self._users = self._weights = np.zeros(0)

    def fit(self, ratings: Interactions) -> Self:
        """Learn from ``ratings``: weights are stars, every rating has its time.

        Raises
        ------
        DataError
            If there is no rating, or they have no times.
        """
        days, clock = days_of(ratings), Clock.of(ratings)
        self._mean = float(ratings.weights.mean())
        basis = self._basis_of(np.full(ratings.shape[1], self.family.shapes // 2), ratings, clock)
        side = self._side(basis, ratings, days)
        users = self._people(side, ratings)
        for _ in range(ROUNDS if self.family.shapes > 1 else 0):
            picked = self._picked(ratings, clock, ratings.weights - self._mean - users[ratings.user_idx])
            if np.array_equal(picked, basis.shape):
                break
            basis = self._basis_of(picked, ratings, clock)
            side = self._side(basis, ratings, days)
            users = self._people(side, ratings)
        self._basis, self._users = basis, users
        self._weights = side.solve(ratings.weights - self._mean - users[ratings.user_idx])
        return self

    def predict(self, user_idx: np.ndarray, item_idx: np.ndarray, seconds: np.ndarray) -> np.ndarray:
        """Return the stars expected of people for items at times (seconds since 1970), float64 ``(n,)``.

        Who or what was not rated in training counts as average.
        """
        stars = self.quality(item_idx, np.asarray(seconds) / SECONDS_A_DAY)
        return stars + self._users[user_idx]

    def quality(self, item_idx: np.ndarray | int, days: np.ndarray) -> np.ndarray:
        """Return the stars an average person gives at ``days`` since 1970, float64 ``(n,)``.

        Raises
        ------
        NotFittedError
            Before training.
        """
        basis = self._learned()
        days = np.asarray(days, np.float64)
        items = np.broadcast_to(item_idx, days.shape)
        columns = basis.with_level(days, items)
        return self._mean + np.einsum("nk,nk->n", columns, self._weights[items])

    def habits(self, user_idx: np.ndarray) -> np.ndarray:
        """Return by how many stars people rate above or below the average, float64 ``(n,)``.

        Raises
        ------
        NotFittedError
            Before training.
        """
        self._learned()
        return self._users[user_idx]

    @property
    def weights_an_item(self) -> int:
        """How many numbers an item learns: its level, its drift, and the variant if there are several."""
        return 1 + self.family.size + (self.family.shapes > 1)

    def _learned(self) -> Basis:
        if self._basis is None:
            raise NotFittedError("The drift has not been learned: call fit first.")
        return self._basis

    def _basis_of(self, shape: np.ndarray, ratings: Interactions, clock: Clock) -> Basis:
        return Basis.of(self.family, clock, shape, days_of(ratings), ratings.item_idx)

    def _side(self, basis: Basis, ratings: Interactions, days: np.ndarray) -> Items:
        size = 1 + self.family.size
        penalty = np.zeros((size, size))
        penalty[0, 0] = self.settings.item_penalty
        penalty[1:, 1:] = self.settings.drift_penalty * self.family.penalty()
        z = basis.with_level(days, ratings.item_idx)
        return Items.of(z, ratings.item_idx, ratings.shape[1], penalty)

    def _people(self, side: Items, ratings: Interactions) -> np.ndarray:
        target = ratings.weights - self._mean
        return solve_people(side, ratings.user_idx, ratings.shape[0], target, self.settings.user_penalty)

    def _picked(self, ratings: Interactions, clock: Clock, left: np.ndarray) -> np.ndarray:
        """Return each item's best variant, people as they are."""
        days, n_items = days_of(ratings), ratings.shape[1]
        gains = []
        for shape in range(self.family.shapes):
            basis = self._basis_of(np.full(n_items, shape), ratings, clock)
            gains.append(self._side(basis, ratings, days).explained(left))
        return np.argmax(gains, axis=0)
