"""Simulated listeners: a literal stand-in for the older simulator against ours, in process and over HTTP.

In process both have one thread, then two. The first tracks of a world are searched once, and measured by
themselves, per interest. Over HTTP the stand-in asks the stand-in for the older service, one request at a
time as the original did; ours holds sixteen sessions at a time, at our service, same machine, and processor
time is that of listeners and service together. Sessions must be equally long on both sides, or there is no
result.
Needs ``redis-server`` (a Debian package).
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
from functools import partial
from pathlib import Path

import numpy as np
import urllib3
from threadpoolctl import threadpool_limits

from benchmarks.measure import Row, Sample, row, store
from benchmarks.older_simulator import OLDER, Recommend, Sides, nearest
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
AT_A_TIME = 16
Jobs = dict[str, Callable[[], int]]


def made_up_world() -> World:
    """A world of the older service's size, whose listeners have as many distinct interests: about 15,400."""
    rng = np.random.default_rng(0)
    public = [Track(one, f"artist {one % N_ARTISTS}", f"song {one}") for one in range(N_TRACKS)]
    popularity = (rng.permutation(N_TRACKS) + 14) ** -0.8
    liked = rng.choice(N_TRACKS, (N_USERS, 3), p=popularity / popularity.sum())
    listeners = Listeners(np.arange(N_USERS), liked.astype(np.int32), *draw_traits(N_USERS, rng))
    return World("made up", public, stand_in_embeddings(artist_numbers(public), rng), listeners)


def first_tracks(world: World, options: argparse.Namespace) -> Row:
    """The tracks a session may begin with, per interest: ours all at once, as a world does it once."""
    interests = np.unique(world.listeners.interests)
    drawn = np.random.default_rng(5).choice(interests, options.literal)

    def theirs() -> int:
        for one in drawn:
            nearest(world, world.embeddings[one])
        return len(drawn)

    def ours() -> int:
        World(world.title, world.public, world.embeddings, world.listeners).first_tracks(interests)
        return len(interests)

    samples = per_piece({"theirs": theirs, "ours": ours}, options.rounds)
    if sorted(nearest(world, world.embeddings[drawn[0]])) != sorted(*world.first_tracks(drawn[:1]).tolist()):
        raise SystemExit("The searches for first tracks differ.")
    words = f"the same; ours for all {len(interests):,} interests, once"
    return row("first tracks of an interest", OLDER, samples["theirs"], samples["ours"], words)


def in_process(world: World, options: argparse.Namespace, folder: Path, threads: int) -> list[Row]:
    """Random recommendations in one process: without a log, and with one. First tracks are there already."""
    rng, sides = np.random.default_rng(1), Sides()
    publication = world.without_lists()
    served = Recommending(publication, create_recommenders(publication.catalogue(), rng), Plan("random"))

    def ours(n: int, log: EventWriter | None = None) -> int:
        found = simulate(world, served, episodes=n, seed=2, moment=MOMENT, log=log, threads=threads)
        sides.ours += found.arms
        return n

    def with_log() -> int:
        log = EventWriter(folder / "simulated")
        done = ours(options.sessions // 10, log)
        log.close()
        for path in (folder / "simulated").iterdir():
            path.unlink()
        return done

    anything: Recommend = lambda *_: int(rng.integers(N_TRACKS))  # noqa: E731
    jobs = {
        "literal": partial(sides.literal, world, options.literal, rng, anything),
        "": partial(ours, options.sessions),
        ", events logged": with_log,
    }
    with threadpool_limits(threads):
        samples = per_piece(jobs, options.rounds)
    job = f"simulated session in process, {threads} thread{'s' * (threads > 1)}"
    return [
        row(f"{job}{one}", OLDER, samples["literal"], samples[one], str(sides))
        for one in ("", ", events logged")
    ]


def over_http(world: World, options: argparse.Namespace, folder: Path) -> list[Row]:
    """Each simulator at its own service: theirs one process, ours one and then two."""
    with ExitStack() as stack:
        port = options.first_port
        stack.enter_context(redis_server(folder, port + 9))
        older = [sys.executable, "-m", "benchmarks.older_service", "--port", str(port)]
        servers = {
            "literal": Server([*older, "--redis", str(port + 9), "--log", str(folder / "older.json")], port)
        }
        for place, one in enumerate(("1 worker", "2 workers"), start=1):
            publish_made_up(folder / f"home-{place}", "")
            serve = [
                sys.executable,
                "back-end/serve.py",
                "--port",
                str(port + place),
                "--workers",
                str(place),
            ]
            servers[one] = Server(serve, port + place, REFRAIN_HOME=str(folder / f"home-{place}"))
        for server in servers.values():
            stack.callback(server.end)
            server.wait()
        return compared(world, options, servers)


def compared(world: World, options: argparse.Namespace, servers: dict[str, Server]) -> list[Row]:
    """Sessions at each of the services, in turns."""
    pool, rng, sides = urllib3.PoolManager(), np.random.default_rng(3), Sides()

    def post(verb: str, user: int, track: int, share: float) -> int:
        body = json.dumps({"track": track, "time": share})
        url = f"http://127.0.0.1:{servers['literal'].port}/{verb}/{user}"
        head = {"content-type": "application/json"}
        return pool.request("POST", url, body=body, headers=head).json().get("track", -1)

    def crowd(server: Server) -> int:
        url, n = f"http://127.0.0.1:{server.port}", options.literal * 5
        sides.ours += visit(world, Crowd(url, AT_A_TIME), episodes=n, seed=4).arms
        return n

    ask, end = partial(post, "next"), partial(post, "last")
    jobs: Jobs = {name: partial(crowd, server) for name, server in servers.items()}
    jobs["literal"] = partial(sides.literal, world, options.literal // 5, rng, ask, end)
    samples = per_piece(jobs, options.rounds, {name: server.cpu for name, server in servers.items()})
    return [
        row(f"simulated session over HTTP, {one}", OLDER, samples["literal"], samples[one], str(sides))
        for one in servers
        if one != "literal"
    ]


def per_piece(
    jobs: Jobs, rounds: int, besides: dict[str, Callable[[], float]] | None = None
) -> dict[str, list[Sample]]:
    """Seconds a piece of what each job says it did, in turns; ``besides``: the processor time of another."""
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
    parser.add_argument("--literal", type=int, default=1000, help="sessions of the older simulator a round")
    parser.add_argument("--sessions", type=int, default=1_000_000, help="of ours in process a round")
    parser.add_argument("--first-port", type=int, default=5321)
    options = parser.parse_args()
    world = made_up_world()
    with tempfile.TemporaryDirectory() as name, threadpool_limits(1):
        rows = [first_tracks(world, options)]
        world.first_tracks(np.unique(world.listeners.interests))
        rows += [one for threads in (1, 2) for one in in_process(world, options, Path(name), threads)]
        rows += over_http(world, options, Path(name))
    store(rows, data=f"made up: {N_USERS} listeners, {N_TRACKS} tracks of {N_ARTISTS} artists")


if __name__ == "__main__":
    main()
