"""Small worlds with planted tastes, and the older service's real files where they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from recsys_online.experiments.plan import Plan
from recsys_online.index.versions import Publication
from recsys_online.shelves import create_recommenders
from recsys_online.simulator import Habits, Recommending, World, read_botify_world, simulate
from tests.conftest import SHARED_DATA

MOMENT = datetime(2024, 5, 1, tzinfo=UTC)
N_TRACKS, N_ARTISTS, N_USERS = 400, 60, 50


def write_files(folder: Path) -> tuple[Path, Path]:
    """Write a small file of listeners and one of tracks, ids not equal to rows."""
    rng = np.random.default_rng(5)
    users, tracks = folder / "users.json", folder / "tracks.json"
    rows = [
        {
            "user": 3 * user,
            "interests": (1000 + rng.choice(N_TRACKS, 3, replace=False)).tolist(),
            "consume_bias": rng.uniform(0, 10),
            "consume_sharpness": rng.uniform(0.5, 2),
        }
        for user in range(N_USERS)
    ]
    users.write_text("".join(json.dumps(row) + "\n" for row in rows))
    known = [
        {"track": 1000 + row, "artist": f"artist {row % N_ARTISTS}", "title": f"song {row}"}
        for row in range(N_TRACKS)
    ]
    tracks.write_text("".join(json.dumps(row) + "\n" for row in known))
    return users, tracks


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_files(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def world(files: tuple[Path, Path]) -> World:
    return read_botify_world(*files, habits=Habits())


@pytest.fixture(scope="session")
def publication(world: World) -> Publication:
    """Lists of ten for all users but the last five; lists that hold what listeners like."""
    users = np.sort(world.listeners.users)[:-5]
    rng = np.random.default_rng(1)
    lists = 1000 + np.array([rng.choice(N_TRACKS, 10, replace=False) for _ in users])
    lists[::7, 8:] = -1  # some are shorter
    return Publication(
        users, lists.astype(np.int32), list(world.public), 1000 + np.arange(40, dtype=np.int32)
    )


@pytest.fixture(scope="session")
def real_botify() -> Path:
    folder = SHARED_DATA / "botify"
    if not (folder / "users_2024.json").is_file():
        pytest.skip(
            f"needs the older service's files, and {folder} does not hold them (set REFRAIN_TEST_DATA)"
        )
    return folder


def served(publication: Publication, plan: Plan | str, *, compiled: bool = True) -> Recommending:
    recommenders = create_recommenders(publication.catalogue(), np.random.default_rng(9))
    plan = Plan(plan) if isinstance(plan, str) else plan
    return Recommending(publication, recommenders, plan, "v1", compiled)


class Kept:
    """The sessions of a simulation, for tests that look at each."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: list[tuple[int, int, list[int], list[float]]] = []
        self.propensities: list[float] = []

    def __call__(self, drawn, played) -> None:
        start = 0
        for place, end in enumerate(played.ends.tolist()):
            rows, shares = played.track[start:end].tolist(), played.share[start:end].tolist()
            self.sessions.append((int(drawn.listener[place]), int(drawn.interest[place]), rows, shares))
            start = end
        self.propensities += played.propensity.tolist()


def run(world: World, recommending: Recommending, episodes: int, seed: int = 0, **options):
    """Return the summary and every session."""
    kept = Kept(world)
    found = simulate(
        world, recommending, episodes=episodes, seed=seed, moment=MOMENT, on_block=kept, **options
    )
    return found, kept
