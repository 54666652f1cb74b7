"""Simulated listeners: a literal stand-in for the older simulator against ours, in process and over HTTP.

The stand-in is the older simulator's description word for word: one session at a time, an exact search
among all tracks for the first one, a step of Python for each track, and over HTTP one request at a time to
the stand-in for the older service. Ours holds sixteen sessions at a time, at our service, same machine.
Over HTTP processor time is that of listeners and service together. Needs ``redis-server`` (a Debian package).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import urllib3

from benchmarks.measure import Row, Sample, row, store
from benchmarks.service import ROOT, Server, publish_made_up, redis_server

sys.path[:0] = [str(ROOT), str(ROOT / "back-end")]

from recsys_online.catalogue import Track  # noqa: E402  (the import path is set above)
from recsys_online.events.writer import EventWriter  # noqa: E402
from recsys_online.experiments.plan import Plan  # noqa: E402
from recsys_online.shelves import create_recommenders  # noqa: E402
from recsys_online.simulator import Crowd, Listeners, Recommending, World, simulate, visit  # noqa: E402
from recsys_online.simulator.botify_world import stand_in_embeddings  # noqa: E402
from recsys_online.simulator.world import artist_numbers, draw_traits  # noqa: E402

N_TRACKS, N_ARTISTS, N_USERS = 50_000, 11_464, 10_000
MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
OLDER = "the older simulator"
Recommend = Callable[[int, int, float], int]


def made_up_world() -> World:
    """A world of the older service's size."""
    rng = np.random.default_rng(0)
    public = [Track(one, f"artist {one % N_ARTISTS}", f"song {one}") for one in range(N_TRACKS)]
    liked = rng.zipf(1.6, (N_USERS, 3)) % N_TRACKS
    listeners = Listeners(np.arange(N_USERS), liked.astype(np.int32), *draw_traits(N_USERS, rng))
    return World("made up", public, stand_in_embeddings(artist_numbers(public), rng), listeners)


def literal_sessions(world: World, n: int, rng: np.random.Generator, recommend: Recommend) -> list[int]:
    """Hold ``n`` sessions as the older simulator does, and return how many tracks each had."""
    lengths = []
    for _ in range(n):
        listener = int(rng.integers(N_USERS))
        interest = world.embeddings[rng.choice(world.listeners.interests[listener])]
        likeness = world.embeddings @ interest
        nearest = np.argpartition(-likeness, 10)[:10]
        track, share, budget, played = int(rng.choice(nearest)), 1.0, 5, []
        while budget > 0:
            played.append(track)
            track = recommend(listener, track, share)
            share = 0.0 if track in played else literal_share(world, listener, interest, track, played)
            budget -= rng.random() > share
        lengths.append(len(played) + 1)
    return lengths


def literal_share(world: World, listener: int, interest: np.ndarray, track: int, played: list[int]) -> float:
    """The formula."""
    who = world.listeners
    liking = (np.dot(world.embeddings[track], interest) - who.bias[listener]) * who.sharpness[listener]
    same = sum(world.artists[one] == world.artists[track] for one in played)
    return float(np.round(1 / (1 + np.exp(-liking)) * 0.8**same, 2))


def in_process(world: World, options: argparse.Namespace, folder: Path) -> list[Row]:
    """Random recommendations in one process: without a log, and with one."""
    rng = np.random.default_rng(1)
    publication = world.without_lists()
    served = Recommending(publication, create_recommenders(publication.catalogue(), rng), Plan("random"))
    means: dict[str, float] = {}

    def literal() -> int:
        lengths = literal_sessions(world, options.literal, rng, lambda *_: int(rng.integers(N_TRACKS)))
        means["theirs"] = float(np.mean(lengths))
        return options.literal

    def ours(n: int, log: EventWriter | None) -> int:
        found = simulate(world, served, episodes=n, seed=2, moment=MOMENT, log=log)
        means["ours"] = found.arms[0].tracks_per_session
        return n

    def with_log() -> int:
        log = EventWriter(folder / "simulated")
        done = ours(options.sessions // 10, log)
        log.close()
        for path in (folder / "simulated").iterdir():
            path.unlink()
        return done

    world.first_tracks(np.unique(world.listeners.interests))  # once per world, whatever comes
    jobs = {"literal": literal, "bare": lambda: ours(options.sessions, None), "logged": with_log}
    samples = per_session(jobs, options.rounds)
    words = f"{means['theirs']:.2f} and {means['ours']:.2f} tracks a session"
    return [
        row("simulated session in process", OLDER, samples["literal"], samples["bare"], words),
        row(
            "simulated session in process, events logged", OLDER, samples["literal"], samples["logged"], words
        ),
    ]


def over_http(world: World, options: argparse.Namespace, folder: Path) -> Row:
    """Each simulator at its own service, one worker each."""
    with ExitStack() as stack:
        port = options.first_port
        stack.enter_context(redis_server(folder, port + 9))
        older = [sys.executable, "-m", "benchmarks.older_service", "--port", str(port)]
        theirs = Server([*older, "--redis", str(port + 9), "--log", str(folder / "older.json")], port)
        publish_made_up(folder / "home", "")
        serve = [sys.executable, "back-end/serve.py", "--port", str(port + 1)]
        ours = Server(serve, port + 1, REFRAIN_HOME=str(folder / "home"))
        for server in (theirs, ours):
            stack.callback(server.end)
            server.wait()
        pool, rng = urllib3.PoolManager(), np.random.default_rng(3)

        def ask(user: int, track: int, share: float) -> int:
            body = json.dumps({"track": track, "time": share})
            url, head = f"http://127.0.0.1:{port}/next/{user}", {"content-type": "application/json"}
            return pool.request("POST", url, body=body, headers=head).json()["track"]

        def literal() -> int:
            literal_sessions(world, options.literal // 2, rng, ask)
            return options.literal // 2  # without the closing request, which the stand-in does not know

        def crowd() -> int:
            n = options.literal * 10
            return visit(world, Crowd(f"http://127.0.0.1:{port + 1}", 16), episodes=n, seed=4).sessions

        samples = per_session(
            {"literal": literal, "crowd": crowd}, options.rounds, {"literal": theirs.cpu, "crowd": ours.cpu}
        )
    words = "the older one is spared the last request of a session"
    return row("simulated session over HTTP", OLDER, samples["literal"], samples["crowd"], words)


def per_session(
    jobs: dict[str, Callable[[], int]], rounds: int, besides: dict[str, Callable[[], float]] | None = None
) -> dict[str, list[Sample]]:
    """Seconds a session, in turns; ``besides`` tells the processor time of another process."""
    samples: dict[str, list[Sample]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            other = (besides or {}).get(name, lambda: 0.0)
            wall, cpu = time.perf_counter(), time.process_time() + other()
            n = job()
            sample = Sample((time.perf_counter() - wall) / n, (time.process_time() + other() - cpu) / n)
            if number:  # the first time compiles and warms up
                samples[name].append(sample)
    return samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--literal", type=int, default=100, help="sessions of the older simulator a round")
    parser.add_argument("--sessions", type=int, default=400_000, help="sessions of ours in process a round")
    parser.add_argument("--first-port", type=int, default=5321)
    options = parser.parse_args()
    world = made_up_world()
    with tempfile.TemporaryDirectory() as name:
        rows = [*in_process(world, options, Path(name)), over_http(world, options, Path(name))]
    store(rows, data=f"made up: {N_USERS} listeners, {N_TRACKS} tracks of {N_ARTISTS} artists")


if __name__ == "__main__":
    main()
