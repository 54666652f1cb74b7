"""Simulated ratings of films whose quality moves in a known way: to test the models, and to show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.datasets.interactions import Interactions
from recsys_core.models.timesvd.clock import SECONDS_A_DAY, YEAR
from recsys_core.models.timesvd.families import FAMILIES, family_named
from recsys_core.rng import as_generator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BEGIN, YEARS = 10_957.0, 8.0  # 1 January 2000, in days
MIDDLE, HABITS, LEVELS, NOISE = 3.2, 0.3, 0.3, 0.6
SCALE = (0.5, 5.0)


@dataclass(frozen=True, eq=False)
class Planted:
    """Ratings in half stars, and what was planted: ``kinds`` of each item, and its course."""

    ratings: Interactions
    kinds: tuple[str, ...]
    courses: tuple[Callable[[np.ndarray], np.ndarray], ...]

    def truth(self, item: int, days: np.ndarray) -> np.ndarray:
        """Return the stars that an average person would give, before rounding, at ``days`` since 1970."""
        return self.courses[item](np.asarray(days, np.float64))


def planted_ratings(
    kinds: Sequence[str] = tuple(FAMILIES),
    rng: int | np.random.Generator = 7,
    *,
    n_items: int = 42,
    n_users: int = 500,
    ratings_an_item: int = 300,
) -> Planted:
    """Return eight years of simulated ratings; item ``i`` drifts as ``kinds[i % len(kinds)]`` says.

    ``min(5, max(.5, round to a half (course(t) + habit + noise)))`` with habits N(0, .3²) of the people and
    noise N(0, .6²); each person rates an item once, at a time uniform from its appearance to the end.
    """
    generator = as_generator(rng)
    habits = generator.normal(0, HABITS, n_users)
    own = tuple(family_named(kinds[item % len(kinds)]).name for item in range(n_items))
    rows, courses = [], []
    for item, kind in enumerate(own):
        # the first is there from the beginning, so that the time of all ratings is known
        appeared = BEGIN + (generator.uniform(0, 0.15) * YEARS * YEAR if item else 0.0)
        level = MIDDLE + generator.normal(0, LEVELS)
        course = _shifted(_COURSES[kind](generator, appeared), level)
        users = np.sort(generator.permutation(n_users)[:ratings_an_item])
        days = generator.uniform(appeared, BEGIN + YEARS * YEAR, len(users))
        stars = course(days) + habits[users] + generator.normal(0, NOISE, len(users))
        rows.append((users, np.full(len(users), item), np.clip(np.round(2 * stars) / 2, *SCALE), days))
        courses.append(course)
    users, items, stars, days = (np.concatenate(part) for part in zip(*rows, strict=True))
    order = np.lexsort((items, users))
    ratings = Interactions(
        users[order].astype(np.int32),
        items[order].astype(np.int32),
        stars[order],
        (n_users, n_items),
        (days[order] * SECONDS_A_DAY).astype(np.int64),
    )
    return Planted(ratings, own, tuple(courses))


def _shifted(course: Callable[[np.ndarray], np.ndarray], level: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda days: level + course(days)


def _sign(rng: np.random.Generator) -> float:
    return float(rng.choice([-1.0, 1.0]))


def _static(rng: np.random.Generator, appeared: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda days: np.zeros(len(days))


def _bins(rng: np.random.Generator, appeared: float) -> Callable[[np.ndarray], np.ndarray]:
    levels = rng.choice([-0.8, 0.0, 0.8], size=10)
    place = np.arange(10)
    levels[place % 3 == 0] *= -1
    return lambda days: levels[np.clip(((days - BEGIN) / (YEARS * YEAR) * 10).astype(int), 0, 9)]


def _linear(rng: np.random.Generator, appeared: float) -> Callable[[np.ndarray], np.ndarray]:
    slope = _sign(rng) * rng.uniform(0.15, 0.3)
    return lambda days: slope * ((days - appeared) / YEAR - YEARS / 2)


def _decay(rng: np.random.Generator, appeared: float) -> Callable[[np.ndarray], np.ndarray]:
    height, years = _sign(rng) * rng.uniform(1.2, 1.8), rng.uniform(0.4, 1.2)
    return lambda days: height * np.exp(-(days - appeared) / YEAR / years)


def _step(rng: np.random.Generator, appeared: float) -> Callable[[np.ndarray], np.ndarray]:
    height, place = _sign(rng) * rng.uniform(0.8, 1.3), rng.uniform(0.25, 0.75)
    moment = appeared + place * (BEGIN + YEARS * YEAR - appeared)
    return lambda days: height * ((days > moment) - 0.5)


def _season(rng: np.random.Generator, appeared: float) -> Callable[[np.ndarray], np.ndarray]:
    height, phase = rng.uniform(0.6, 0.9), rng.uniform(0, 2 * np.pi)
    return lambda days: height * np.sin(2 * np.pi * days / YEAR + phase)


def _splines(rng: np.random.Generator, appeared: float) -> Callable[[np.ndarray], np.ndarray]:
    """One slow wave up and down, not bound to the year."""
    height, phase = rng.uniform(0.7, 1.0), rng.uniform(0, 2 * np.pi)
    return lambda days: height * np.sin(2.4 * np.pi * (days - BEGIN) / (YEARS * YEAR) + phase)


_COURSES: dict[str, Callable[[np.random.Generator, float], Callable[[np.ndarray], np.ndarray]]] = {
    "static": _static,
    "bins": _bins,
    "linear": _linear,
    "decay": _decay,
    "step": _step,
    "season": _season,
    "splines": _splines,
}
