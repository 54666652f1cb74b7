"""Seven ways quality may move: each family is a handful of functions of time that an item weighs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.interpolate import BSpline
from scipy.special import expit

from recsys_core.errors import SettingsError
from recsys_core.models.timesvd.clock import YEAR

if TYPE_CHECKING:
    from recsys_core.models.timesvd.clock import Clock


class Family(ABC):
    """Functions of time ``phi(t)``; an item's drift is their sum, weighed by what it learned.

    ``shapes`` counts the variants among which each item picks its own (how fast a decay is, when a step
    comes): what a sum cannot express is tried out.
    """

    name: ClassVar[str]
    shapes: ClassVar[int] = 1

    @property
    @abstractmethod
    def size(self) -> int:
        """How many functions there are."""

    @abstractmethod
    def columns(self, days: np.ndarray, items: np.ndarray, shape: np.ndarray, clock: Clock) -> np.ndarray:
        """Return the functions at some times of some items, float64 ``(n, size)``.

        Parameters
        ----------
        days, items, shape
            Days since 1970, item rows and the variant of each, all of shape ``(n,)``.
        """

    def penalty(self) -> np.ndarray:
        """Return the matrix P of the penalty ``a' P a`` on an item's weights, float64 ``(size, size)``."""
        return np.eye(self.size)


class Static(Family):
    """No drift: one quality for all times, which every other family has to beat."""

    name = "static"

    @property
    def size(self) -> int:
        """None."""
        return 0

    def columns(self, days: np.ndarray, items: np.ndarray, shape: np.ndarray, clock: Clock) -> np.ndarray:
        """Return an empty table."""
        return np.zeros((len(days), 0))


class Bins(Family):
    """A level for each of ten equal stretches of time, neighbours held together (Koren 2009, section 3.1)."""

    name = "bins"
    n_bins = 10
    # neighbouring bins share most of what they know: the data have gaps
    smoothness = 0.3

    @property
    def size(self) -> int:
        """Ten."""
        return self.n_bins

    def columns(self, days: np.ndarray, items: np.ndarray, shape: np.ndarray, clock: Clock) -> np.ndarray:
        """Return a one in the column of the bin; after the end the last bin goes on."""
        place = np.floor(_position(days, clock) * self.n_bins).astype(np.int64)
        return np.eye(self.n_bins)[np.clip(place, 0, self.n_bins - 1)]

    def penalty(self) -> np.ndarray:
        """Return size and steps between neighbours, penalised together."""
        steps = np.diff(np.eye(self.n_bins), axis=0)
        return np.eye(self.n_bins) + self.smoothness * steps.T @ steps


class Linear(Family):
    """So many stars more or less every year since the item was first rated."""

    name = "linear"

    @property
    def size(self) -> int:
        """One."""
        return 1

    def columns(self, days: np.ndarray, items: np.ndarray, shape: np.ndarray, clock: Clock) -> np.ndarray:
        """Return the years since the item's first rating."""
        return _age(days, items, clock)[:, None]


class Decay(Family):
    """Novelty (or a bad start) that fades: ``exp(-age / tau)``, each item with its own pace."""

    name = "decay"
    years = (0.1, 0.3, 1.0, 3.0)
    shapes = len(years)

    @property
    def size(self) -> int:
        """One."""
        return 1

    def columns(self, days: np.ndarray, items: np.ndarray, shape: np.ndarray, clock: Clock) -> np.ndarray:
        """Return what is left of the novelty, 1 at the first rating."""
        return np.exp(-_age(days, items, clock) / np.array(self.years)[shape])[:, None]


class Step(Family):
    """One moment after which the item counts for more, or less: ``sigmoid((t - tau) / width)``."""

    name = "step"
    places = np.linspace(0.1, 0.9, 13)
    shapes = len(places)
    width = 0.02  # of the time the item has been rated

    @property
    def size(self) -> int:
        """One."""
        return 1

    def columns(self, days: np.ndarray, items: np.ndarray, shape: np.ndarray, clock: Clock) -> np.ndarray:
        """Return 0 before the moment and 1 after it; the moment is a part of the item's rated time."""
        rated = np.maximum(clock.last - clock.first, 1.0)[items]
        place = (days - clock.first[items]) / rated
        return expit((place - self.places[shape]) / self.width)[:, None]


class Season(Family):
    """The same course every year: two harmonics of a Fourier series (Christmas films)."""

    name = "season"
    harmonics = 2

    @property
    def size(self) -> int:
        """A sine and a cosine for each harmonic."""
        return 2 * self.harmonics

    def columns(self, days: np.ndarray, items: np.ndarray, shape: np.ndarray, clock: Clock) -> np.ndarray:
        """Return sines and cosines of the time of the year."""
        angles = 2 * np.pi / YEAR * days[:, None] * np.arange(1, self.harmonics + 1)
        return np.hstack([np.sin(angles), np.cos(angles)])


class Splines(Family):
    """A smooth curve: eight cubic B-splines, bends penalised (Eilers & Marx 1996, "P-splines")."""

    name = "splines"
    n_splines = 8
    bends = 0.3

    @property
    def size(self) -> int:
        """Eight."""
        return self.n_splines

    def columns(self, days: np.ndarray, items: np.ndarray, shape: np.ndarray, clock: Clock) -> np.ndarray:
        """Return the splines; before the start and after the end the curve keeps its last value."""
        n_pieces = self.n_splines - 3
        knots = np.arange(-3, n_pieces + 4) / n_pieces
        inside = np.clip(_position(days, clock), 0.0, 1.0 - 1e-9)
        return BSpline.design_matrix(inside, knots, 3).toarray()

    def penalty(self) -> np.ndarray:
        """Return size and second differences, penalised together."""
        bends = np.diff(np.eye(self.n_splines), n=2, axis=0)
        return np.eye(self.n_splines) + self.bends * bends.T @ bends


FAMILIES: dict[str, Family] = {
    one.name: one for one in (Static(), Bins(), Linear(), Decay(), Step(), Season(), Splines())
}


def family_named(name: str) -> Family:
    """Return the family called ``name``; raises SettingsError if there is none."""
    if name not in FAMILIES:
        raise SettingsError(f"There is no family of drifts {name!r}. Choose among {', '.join(FAMILIES)}.")
    return FAMILIES[name]


def _position(days: np.ndarray, clock: Clock) -> np.ndarray:
    """Return where in the time of all ratings a day lies, 0 to 1."""
    return (days - clock.start) / clock.span


def _age(days: np.ndarray, items: np.ndarray, clock: Clock) -> np.ndarray:
    """Return years since the item's first rating, never negative."""
    return np.maximum(days - clock.first[items], 0.0) / YEAR
