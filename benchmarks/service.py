"""``POST /next`` with the log on, 32 connections: a stand-in for the older service against ours.

Needs ``wrk`` and ``redis-server`` (both Debian packages). The servers run as processes of their own, one
worker each, and take the load in turns; processor time is that of the server. Ours is measured with its own
index, on Redis, and with Redis stopped; afterwards its log must hold every answered request exactly once.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from benchmarks.measure import Row, keep, store

ROOT = Path(__file__).resolve().parents[1]
USERS, TRACKS, K = 10_000, 50_000, 100
LOAD = """
request = function()
  local body = '{"track": ' .. math.random(0, 49999) .. ', "time": ' .. math.random() .. '}'
  local path = "/next/" .. math.random(0, 9999)
  return wrk.format("POST", path, {["content-type"] = "application/json"}, body)
end
"""


class Load(NamedTuple):
    """What one burst of load found."""

    answered: int
    failed: int
    per_second: float
    p99: float
    cpu: float


class Server:
    """A process that answers on a port."""

    def __init__(self, command: list[str], port: int, **environment: str) -> None:
        self.port = port
        variables = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'back-end'}", **environment}
        self.process = subprocess.Popen(command, env=variables, cwd=ROOT, stderr=subprocess.DEVNULL)

    def cpu(self) -> float:
        """Processor seconds of the process and of those it started: workers are its children."""
        parent = psutil.Process(self.process.pid)
        times = [one.cpu_times() for one in (parent, *parent.children(recursive=True))]
        return sum(one.user + one.system for one in times)

    def wait(self) -> None:
        body = b'{"track": 5, "time": 0.5}'
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/next/1", body, {"content-type": "application/json"}
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(request, timeout=2):
                    return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of load in each round")
    parser.add_argument("--first-port", type=int, default=5301)
    options = parser.parse_args()
    for program in ("wrk", "redis-server"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is needed: apt-get install {program}")
    with ExitStack() as stack, tempfile.TemporaryDirectory() as name:
        servers = started(stack, Path(name), options.first_port)
        loads: dict[str, list[Load]] = {title: [] for title in servers}
        script = Path(name) / "next.lua"
        script.write_text(LOAD)
        for _ in range(options.rounds):
            for title, server in servers.items():
                loads[title].append(burst(server, script, options.seconds))
        for server in servers.values():
            server.end()
        rows = [compared(title, loads, Path(name)) for title in servers if title != OLDER]
    store(rows, data=f"{USERS} users, {TRACKS} tracks, lists of {K}, 32 connections, one worker")
    latency = {
        title: round(statistics.median(one.p99 for one in found) * 1000, 1) for title, found in loads.items()
    }
    keep("the same", p99_milliseconds=latency)
    print("p99 in ms:", latency)


OLDER, OURS, ON_REDIS, REDIS_DOWN = "the older service", "own index", "index in Redis", "Redis down"


def started(stack: ExitStack, folder: Path, port: int) -> dict[str, Server]:
    redis = stack.enter_context(redis_server(folder, port + 9))
    older = [sys.executable, "-m", "benchmarks.older_service", "--port", str(port)]
    older += ["--redis", str(port + 9), "--log", str(folder / "older.json")]
    servers = {OLDER: Server(older, port)}
    url, nobody = f"redis://127.0.0.1:{redis}/5", f"redis://127.0.0.1:{port + 8}/0"
    for place, (title, address) in enumerate(((OURS, ""), (ON_REDIS, url), (REDIS_DOWN, nobody)), start=1):
        home = folder / title.replace(" ", "-")
        publish_made_up(home, url if title == ON_REDIS else "")
        serve = [sys.executable, "back-end/serve.py", "--port", str(port + place)]
        servers[title] = Server(serve, port + place, REFRAIN_HOME=str(home), REFRAIN_REDIS_URL=address)
    for server in servers.values():
        server.wait()
    return servers


@contextmanager
def redis_server(folder: Path, port: int) -> Iterator[int]:
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    time.sleep(0.5)
    yield port
    process.kill()
    process.wait()


def publish_made_up(home: Path, redis_url: str) -> None:
    """Publish lists as large as the older service's, through the command that users have."""
    home.mkdir()
    tracks, lists = home / "tracks.jsonl", home / "lists.jsonl"
    with tracks.open("w") as file:
        file.writelines(
            f'{{"track": {one}, "artist": "artist {one % 9000}", "title": "song {one}"}}\n'
            for one in range(TRACKS)
        )
    drawn = np.random.default_rng(0).integers(0, TRACKS - K, USERS)
    with lists.open("w") as file:
        file.writelines(
            f'{{"user": {user}, "tracks": {list(range(start, start + K))}}}\n'
            for user, start in enumerate(drawn.tolist())
        )
    command = [sys.executable, "-m", "recsys_cli", "publish", "--lists", str(lists), "--tracks", str(tracks)]
    variables = {"PYTHONPATH": f"{ROOT}:{ROOT / 'back-end'}", "REFRAIN_HOME": str(home)}
    environment = {**os.environ, **variables, "REFRAIN_REDIS_URL": redis_url}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def burst(server: Server, script: Path, seconds: int) -> Load:
    before = server.cpu()
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", "-s", str(script)]
    command.append(f"http://127.0.0.1:{server.port}")
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    answered = int(re.search(r"(\d+) requests in", text)[1])  # type: ignore[index]
    failed = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", text)))
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    p99 = float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1.0}[unit]
    return Load(answered, failed, answered / seconds, p99, (server.cpu() - before) / answered)


def compared(title: str, loads: dict[str, list[Load]], folder: Path) -> Row:
    older, ours = loads[OLDER], loads[title]
    answered = sum(one.answered for one in ours)
    logged = recount(folder / title.replace(" ", "-") / "logs")
    if any(one.failed for one in ours) or not 0 <= logged - answered <= 32 * len(ours) + 2:
        raise SystemExit(
            f"{title}: {answered} answered, {logged} logged, {sum(o.failed for o in ours)} failed."
        )
    (their_wall, their_cpu), (our_wall, our_cpu) = (
        (statistics.median(1 / one.per_second for one in found), statistics.median(one.cpu for one in found))
        for found in (older, ours)
    )
    equality = f"{answered:,} answered, all in the log once"
    row = Row(f"POST /next, {title}", OLDER, their_wall, our_wall, their_wall / our_wall, their_cpu / our_cpu,
              len(ours), equality)  # fmt: skip
    print(row, flush=True)
    return row


def recount(folder: Path) -> int:
    """Return the distinct events of a whole log."""
    sys.path[:0] = [str(ROOT), str(ROOT / "back-end")]
    from recsys_online.events.verify import verify  # noqa: PLC0415  (only where a service was measured)

    report = verify(folder)
    if not report.whole:
        raise SystemExit(f"The log in {folder} is not whole: {report}")
    return report.events


if __name__ == "__main__":
    main()
