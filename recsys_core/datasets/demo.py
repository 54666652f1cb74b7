"""Demo data: real artists and genres, simulated listeners; no network, the same bits for the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from recsys_core.datasets.dataset import Dataset, Source
from recsys_core.datasets.demo_listeners import Listeners, simulate
from recsys_core.datasets.features import FeatureMatrix
from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.interactions import Interactions
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.errors import DataError
from recsys_core.rng import as_generator

DEMO_SEED = 20110501
DEMO_USERS = 1500
DEMO_ARTISTS = Path(__file__).resolve().parents[2] / "data" / "demo" / "artists.csv"
_SOURCE = Source(
    name="demo",
    title="Demo data",
    simulated=True,
    origin="Artists and genres written by hand; every listener, play and friendship is simulated.",
    licence="Free to use, part of this project.",
)


def load_demo(seed: int = DEMO_SEED, *, n_users: int = DEMO_USERS) -> Dataset:
    """Return simulated listeners of about 300 real artists, in the schema of the Last.fm data.

    Tastes follow genres, popularity a power law, friends share taste, play counts are heavy-tailed.
    Item features are ``tag:<genre>``, user features ``friend:<id>``; ids are integers from 1.

    Raises
    ------
    SettingsError
        If ``seed`` is no whole number from 0 to 2**32 - 1.
    DataError
        If the list of artists is missing.
    """
    rng = as_generator(seed)
    artists = _read_artists()
    tags = _tags(artists["genres"])
    listeners = simulate(tags.values.toarray(), n_users, rng)
    report = LoadingReport()
    report.start(DEMO_ARTISTS, len(artists))
    report.start("simulated listeners", len(listeners.plays)).notes.append(
        f"No real person: drawn with seed {seed}."
    )
    users = IdMap(np.arange(1, n_users + 1), kind="user")
    return Dataset(
        source=_SOURCE,
        interactions=_interactions(listeners, (n_users, len(artists))),
        users=users,
        items=IdMap(np.arange(1, len(artists) + 1), kind="item"),
        names=artists["name"].to_numpy(dtype=object),
        user_features=_friends(listeners, users),
        item_features=tags,
        report=report,
    )


def _read_artists() -> pd.DataFrame:
    """Return the columns ``name`` and ``genres`` of the hand-written list."""
    try:
        return pd.read_csv(DEMO_ARTISTS, dtype=str, keep_default_na=False, encoding="utf-8")
    except OSError as error:
        fix = "Restore data/demo from the project's repository."
        raise DataError("The demo artists are not there.", fix=fix, file=DEMO_ARTISTS) from error


def _tags(genres: pd.Series) -> FeatureMatrix:
    """Return one feature per genre, 1 where the artist plays it."""
    pairs = genres.str.split("|").explode()
    return FeatureMatrix.from_pairs(pairs.index.to_numpy(), [f"tag:{one}" for one in pairs], len(genres))


def _interactions(listeners: Listeners, shape: tuple[int, int]) -> Interactions:
    """Return the simulated plays, already sorted by user and artist."""
    return Interactions(listeners.user_idx, listeners.item_idx, listeners.plays, shape)


def _friends(listeners: Listeners, users: IdMap) -> FeatureMatrix:
    """Return who is whose friend, both ways."""
    names = [f"friend:{one}" for one in users.to_id(listeners.friends[:, 1])]
    return FeatureMatrix.from_pairs(listeners.friends[:, 0], names, len(users))
