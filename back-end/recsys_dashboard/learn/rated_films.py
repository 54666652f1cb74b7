"""Ratings with their times for the chapter on drift: MovieLens where it is, simulated films elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import streamlit as st

from recsys_core.datasets.interactions import Interactions
from recsys_core.models.timesvd import planted_ratings
from recsys_core.models.timesvd.courses import fit_families, most_rated
from recsys_dashboard.data.files import stamp
from recsys_dashboard.movies.catalogue import open_catalogue
from recsys_dashboard.movies.choice import known_catalogues
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.models.timesvd import DriftModel, Planted
    from recsys_core.movies import MovieChoice

SIMULATED = "simulated"
FILMS_OFFERED = 200


class RatedFilms(msgspec.Struct, frozen=True):
    """Ratings, what to call each film, the films to offer, and what was planted if they are simulated."""

    key: str
    ratings: Interactions
    names: dict[int, str]
    planted: Planted | None

    @property
    def offered(self) -> list[int]:
        """The films with most ratings."""
        return list(self.names)


def movielens_there() -> MovieChoice | None:
    """Return the choice of MovieLens if it is on this computer."""
    found = (one for one in known_catalogues().values() if one.name == "movielens")
    return next(found, None)


def rated_films(choice: MovieChoice | None) -> RatedFilms:
    """Return the films of MovieLens, or simulated ones for None."""
    if choice is None:
        return _simulated()
    key = f"{choice.path}:{stamp(choice)}"
    return _real(key, choice)


@st.cache_resource(max_entries=1, show_spinner=False)
def _real(key: str, _choice: MovieChoice) -> RatedFilms:
    ratings = open_catalogue(_choice).movies.ratings
    if ratings is None:
        return _simulated()
    offered = most_rated(ratings.interactions, FILMS_OFFERED).tolist()
    return RatedFilms(key, ratings.interactions, {one: str(ratings.names[one]) for one in offered}, None)


@st.cache_resource(max_entries=1, show_spinner=False)
def _simulated() -> RatedFilms:
    planted = planted_ratings()
    names = {
        item: text("learn.drift_simulated", number=item + 1, kind=text(f"learn.family_{kind}"))
        for item, kind in enumerate(planted.kinds)
    }
    return RatedFilms(SIMULATED, planted.ratings, names, planted)


@st.cache_resource(max_entries=8, show_spinner=False)
def fitted(key: str, drift_penalty: float, _ratings: Interactions) -> dict[str, DriftModel]:
    """Return a model of every family; ``key`` stands for the ratings."""
    return fit_families(_ratings, drift_penalty)


@st.cache_resource(show_spinner=False)
def tables() -> dict[tuple[str, str], pd.DataFrame]:
    """Return the held-out tables made so far, by films and by what was held out; shared by all visits."""
    return {}
