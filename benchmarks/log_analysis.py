"""From a log of millions of events to effects with intervals: pandas as in the older notebook against ours.

The log is made up, in our format with checksums. Each analysis runs in a process of its own, from start to
exit, so that time is what a user waits and the peak of memory is its own; both must find the same effects.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.measure import Row, Sample, row, store
from benchmarks.memory import peak_megabytes

ROOT = Path(__file__).resolve().parents[1]
EXPERIMENT, WRITER, SEGMENT = "PERSONALIZED", "host-1-0123456789abcdef", 150_000
LINE = (
    '{"message":"%s","timestamp":%d,"user":%d,"track":%d,"time":%.2f,"latency":%.6f,"recommendation":%s,'
    '"experiments":{"PERSONALIZED":"%s","AA":"C"},"v":1,"w":"%s","seq":%d,"request":"%016x","session":"%016x",'
    '"experiment":"PERSONALIZED","treatment":"%s","recommender":"indexed","propensity":0.25,"fallback":false,'
    '"index_version":"20261123-v1"'
)
METHODS = {
    "loop": "pandas, as in the notebook",
    "columns": "pandas, without its loop",
    "ours": "ours",
}


class Outcome(NamedTuple):
    sample: Sample
    megabytes: float
    effects: dict[str, list[float]]


def make_log(folder: Path, n_events: int, seed: int = 0) -> int:
    """Write about ``n_events`` in sealed segments, sessions one after another; return how many."""
    from recsys_online.events.segment import OPEN, Segment  # noqa: PLC0415  (the other method must not load it)

    rng = np.random.default_rng(seed)
    n_sessions = n_events // 7
    users = rng.integers(0, max(n_sessions // 7, 10), n_sessions)
    seq, segment = 0, None
    for number, user in enumerate(users.tolist()):
        arm = "T1" if zlib.crc32(b"%d" % user) & 1 else "C"
        shares = rng.random(int(rng.poisson(5)) + 2) * (1.0 if arm == "T1" else 0.8)
        for place, share in enumerate(shares.tolist()):
            if seq % SEGMENT == 0:
                if segment is not None:
                    segment.seal(WRITER)
                path = folder / f"{WRITER}-{seq // SEGMENT:06d}{OPEN}"
                segment = Segment(path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), seq)
            last = place == len(shares) - 1
            values = (
                "last" if last else "next",
                1_700_000_000_000 + 3 * seq,
                user,
                place,
                share,
                1e-4 + 1e-6 * place,
            )
            values += (
                "null" if last else str(place + 1),
                arm,
                WRITER,
                seq,
                seq * 7919,
                number * 104_729,
                arm,
            )
            body = (LINE % values).encode()
            segment.write(b'%s,"crc":"%08x"}\n' % (body, zlib.crc32(body)))
            seq += 1
    if segment is not None:
        segment.seal(WRITER)
    return seq


def ours(folder: Path) -> dict[str, list[float]]:
    from recsys_online.analysis import Question, analyse  # noqa: PLC0415  (the other method must not load it)

    found = analyse(str(folder), Question(EXPERIMENT)).effects
    ends = {one.metric: one.older_effect for one in found}
    return {name: [100 * one.value, 100 * one.low, 100 * one.high] for name, one in ends.items()}


def child(method: str, folder: Path) -> None:
    if method == "ours":
        effects = ours(folder)
    else:
        from benchmarks import older_notebook  # noqa: PLC0415  (ours must not load it)

        effects = older_notebook.analyse(folder, EXPERIMENT, loop=method == "loop")
    print(json.dumps({"cpu": time.process_time(), "megabytes": peak_megabytes(), "effects": effects}))


def run(method: str, folder: Path) -> Outcome:
    command = [sys.executable, "-m", "benchmarks.log_analysis", "--child", method, str(folder)]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    wall = time.perf_counter() - start
    said = json.loads(done.stdout)
    return Outcome(Sample(wall, said["cpu"]), said["megabytes"], said["effects"])


def compare(job: str, folder: Path, peers: list[str], rounds: int) -> list[Row]:
    outcomes: dict[str, list[Outcome]] = {method: [] for method in (*peers, "ours")}
    for _ in range(rounds):
        for method, found in outcomes.items():
            found.append(run(method, folder))
    mine = outcomes["ours"]
    rows = []
    for peer in peers:
        theirs = outcomes[peer]
        gap = max(
            float(np.abs(np.subtract(theirs[0].effects[name], mine[0].effects[name])).max())
            for name in theirs[0].effects
        )
        assert gap < 1e-6, (peer, gap)
        figures = row(
            job, METHODS[peer], [one.sample for one in theirs], [one.sample for one in mine],
            f"15 effects and ends, largest gap {gap:.0e} of a per cent",
        )  # fmt: skip
        memory = [max(one.megabytes for one in found) for found in (theirs, mine)]
        print(f"    peak memory: {memory[0]:,.0f} / {memory[1]:,.0f} MB (theirs / ours)")
        values = {**vars(figures), "peer_megabytes": round(memory[0]), "our_megabytes": round(memory[1])}
        rows.append(Row(**values))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--peers", nargs="+", choices=["loop", "columns"], default=["loop", "columns"])
    parser.add_argument("--parquet", action="store_true", help="compact the log and compare on that too")
    parser.add_argument("--child", nargs=2, metavar=("METHOD", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    with tempfile.TemporaryDirectory(prefix="refrain-log-") as name:
        folder = Path(name)
        events = make_log(folder, options.events)
        print(f"{events:,} events, {sum(one.stat().st_size for one in folder.iterdir()) / 2**20:,.0f} MB")
        data, size = "made-up log of listening sessions", f"{events / 1e6:.1f}M events"
        store(compare(f"{size} as lines", folder, options.peers, options.rounds), data)
        if options.parquet:
            from recsys_online.analysis.compaction import compact_log  # noqa: PLC0415

            compact_log(folder)
            store(compare(f"{size} in Parquet", folder, options.peers, options.rounds), data)


if __name__ == "__main__":
    main()
