"""How long simulated listeners stay when the service learns from its own log: Random, Indexed, Session.

For each seed: a log of random recommendations, pairs liked well above the user's usual, LightFM's WARP on
artists (our trainer), lists with artists spread, and then new sessions under each recommender. The service
never sees more than its log and the names of artists. ``--folder`` holds the older service's
``users_2024.json`` and ``tracks_2021.json``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.measure import keep
from benchmarks.service import ROOT

sys.path[:0] = [str(ROOT), str(ROOT / "back-end")]

from recsys_core.datasets.dataset import Source  # noqa: E402  (the import path is set above)
from recsys_core.models.registry import create_model  # noqa: E402
from recsys_online.events.reading import read_events  # noqa: E402
from recsys_online.events.writer import EventWriter  # noqa: E402
from recsys_online.experiments.plan import Plan  # noqa: E402
from recsys_online.index.versions import Publication  # noqa: E402
from recsys_online.shelves import create_recommenders  # noqa: E402
from recsys_online.simulator import Arm, Recommending, World, read_botify_world, simulate  # noqa: E402
from recsys_online.track_lists import (  # noqa: E402
    dataset_of_tracks,
    liked_pairs,
    plays_of,
    publication_of_tracks,
)

MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
MODEL = {
    "identity": False, "tag_strength": 1.0, "tags": 100_000,
    "embedding_size": 128, "learning_rate": 0.05, "max_sampled": 20,
}  # fmt: skip
EPOCHS, ABOVE_USUAL = 20, 0.5


def listened(
    world: World,
    publication: Publication,
    name: str,
    sessions: int,
    seed: int,
    log: EventWriter | None = None,
) -> Arm:
    recommenders = create_recommenders(publication.catalogue(), np.random.default_rng(seed))
    served = Recommending(publication, recommenders, Plan(name))
    return simulate(world, served, episodes=sessions, seed=seed, moment=MOMENT, log=log).arms[0]


def learned(world: World, sessions: int, seed: int) -> Publication:
    """Return what is published after a log of random recommendations."""
    with tempfile.TemporaryDirectory() as folder:
        log = EventWriter(Path(folder))
        listened(world, world.without_lists(), "random", sessions, seed, log)
        log.close()
        pairs = liked_pairs(plays_of(read_events(Path(folder))), above_usual=ABOVE_USUAL)
    dataset = dataset_of_tracks(pairs, world.public, Source("log", "simulated log", simulated=True))
    model = create_model("fast-hybrid", {**MODEL, "seed": seed}).fit(dataset, epochs=EPOCHS)
    return publication_of_tracks(model, dataset, world.public)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--logged", type=int, default=200_000, help="sessions of the log")
    parser.add_argument("--sessions", type=int, default=20_000, help="of Random and Indexed; Session a fifth")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args()
    world = read_botify_world(options.folder / "users_2024.json", options.folder / "tracks_2021.json")
    found = []
    for seed in options.seeds:
        publication = learned(world, options.logged, seed)
        control = listened(world, publication, "random", options.sessions, 1000 + seed)
        for name in ("indexed", "session"):
            n = options.sessions if name == "indexed" else options.sessions // 5
            found.append(compared(name, seed, control, listened(world, publication, name, n, 1000 + seed)))
            print(found[-1], flush=True)
    keep(f"{world.title}, stand-in embeddings, {options.logged} sessions logged", listening=found)


def compared(name: str, seed: int, control: Arm, arm: Arm) -> dict[str, object]:
    """Return the effect on listening time per session in per cent, with a 95 % interval (delta method)."""
    ratio = arm.time_per_session / control.time_per_session
    relative = sum((one.time_margin / one.time_per_session) ** 2 for one in (arm, control)) ** 0.5
    effect, margin = 100 * (ratio - 1), 100 * ratio * relative
    return {
        "recommender": name,
        "seed": seed,
        "control": round(control.time_per_session, 3),
        "time_per_session": round(arm.time_per_session, 3),
        "effect_percent": round(effect, 1),
        "interval_percent": [round(effect - margin, 1), round(effect + margin, 1)],
    }


if __name__ == "__main__":
    main()
