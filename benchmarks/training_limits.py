"""What an epoch of WARP is spent on: its examples once more, only computing, then only moving rows.

An epoch is recorded, example by example: how many items were drawn and which one was pushed down. Replayed
on a few rows that stay in the first cache, it takes what the arithmetic takes; replayed on the true rows
without arithmetic, what fetching and writing back takes. No trainer that does the same work on the same
processor saves either of them; how far they overlap is its skill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from benchmarks.equivalence import new_peer
from benchmarks.measure import in_turns, keep, row
from benchmarks.setting import SEED, load_parts, options
from benchmarks.training import EPOCHS, EPOCHS_PER_ROUND
from recsys_core.models.fast.draws import ring_row, stream
from recsys_core.models.fast.lanes import WIDTH, add, load, mul, splat, store, total
from recsys_core.models.fast.memory import address_of, get_float, get_int, get_long, set_long
from recsys_core.models.fast.search import LARGEST_LOSS, draw_items, find_violation
from recsys_core.models.fast.trainer import Trainer
from recsys_core.models.fast.verbs import begin, four_above, score, step_apart, width_of
from recsys_core.models.fast.warp import AHEAD, prepare, warp
from recsys_core.models.lightfm import LightFMSettings

if TYPE_CHECKING:
    from scipy import sparse

PARTS = {"epoch": "replayed", "computing": "arithmetic alone", "moving": "rows alone"}
NEAR = 8
"""Users and items that the arithmetic alone works on: of size 128, 16 kB."""
EVERYTHING = -1
"""The mask that leaves a row's number as it is."""
compiled: Any = njit(nogil=True, error_model="numpy")


def main() -> None:
    """Measure size by size."""
    chosen = options(__doc__).parse_args()
    data, train, _ = load_parts(chosen.data_dir)
    keep(data, limits=[limits(size, train, chosen.rounds * EPOCHS_PER_ROUND) for size in chosen.sizes])


class Recorded(NamedTuple):
    """What the kernel got for an epoch, and int64 ``(n_examples, 2)``: draws (0: none too high) and item."""

    tables: Any
    job: Any
    stop: int
    key: int
    found: np.ndarray


class RecordingTrainer(Trainer):
    """A trainer of one thread that can write down what an epoch does."""

    recorded: Recorded

    def record(self) -> Recorded:
        """Train for one more epoch and return what happened in it."""
        self._kernel = self._record
        self.run_epoch()
        self._kernel = warp
        return self.recorded

    def _record(self, tables: Any, job: Any, start: int, stop: int, key: int) -> int:
        if start == 0:
            self.recorded = Recorded(tables, job, stop, key, np.zeros((len(self._examples), 2), np.int64))
        self.recorded = self.recorded._replace(stop=stop)
        record(tables, job, start, stop, key, address_of(self.recorded.found, np.int64))
        return stop


def limits(size: int, train: sparse.csr_matrix, rounds: int) -> dict[str, Any]:
    """Time the parts of an epoch in turns with LightFM's; seconds, and draws and steps an example."""
    settings, pairs = LightFMSettings(embedding_size=size, seed=SEED), train.tocoo()
    trainer = RecordingTrainer("warp", settings, (pairs.row, pairs.col), train)
    pairs.data = pairs.data.astype(np.float32)
    peer = new_peer("warp", settings).fit_partial(pairs, epochs=EPOCHS)
    for _ in range(EPOCHS):
        trainer.run_epoch()
    tables, job, stop, key, found = trainer.record()
    known = job, stop, key, address_of(found, np.int64)
    jobs = {
        "lightfm": lambda: peer.fit_partial(pairs),
        "epoch": lambda: replay(tables, *known, EVERYTHING),
        "computing": lambda: replay(tables._replace(n_items=NEAR), *known, NEAR - 1),
        "moving": lambda: move(tables, *known, np.float32(1)),
    }
    samples = in_turns(jobs, rounds)
    name = f"warp epoch, size {size}, 1 thread"
    told = {
        part: row(f"{name}, {words}", "lightfm", samples["lightfm"], samples[part], "same draws").our_seconds
        for part, words in PARTS.items()
    }
    draws = np.where(found[:, 0], found[:, 0], settings.max_sampled)
    return {
        "job": name,
        **told,
        "peer": float(np.median([one.wall for one in samples["lightfm"]])),
        "draws": float(draws.mean()),
        "steps": float((found[:, 0] > 0).mean()),
    }


@compiled
def record(tables: Any, job: Any, start: int, stop: int, key: int, found: int) -> None:
    """Train on the examples without hurry; write down what the search for a violation found."""
    width = width_of(tables.blocks)
    for example in range(start, stop):
        user, item = get_int(job.batch.pairs, 2 * example), get_int(job.batch.pairs, 2 * example + 1)
        row_, bits = ring_row(example), stream(key, example)
        draw_items(tables, job, row_, bits)
        begin(tables, user, width)
        limit = total(score(tables, user, item, width)) - np.float32(1)
        draws, other = find_violation(tables, job, user, limit, row_, bits, width)
        set_long(found, 2 * example, draws)
        set_long(found, 2 * example + 1, other)
        if draws > 0:
            loss = min(get_float(job.rules.losses, draws - 1), np.float32(LARGEST_LOSS))
            step_apart(tables, user, item, other, loss, width)


@compiled
def replay(tables: Any, job: Any, stop: int, key: int, found: int, mask: int) -> int:
    """Do what was recorded, on rows whose numbers are masked; all of them are fetched as the trainer does."""
    width, above, ahead = width_of(tables.blocks), 0, mask == EVERYTHING
    for example in range(-AHEAD, stop):
        if ahead and example + AHEAD < stop:
            prepare(tables, job, example + AHEAD, key, width)
        if example < 0:
            continue
        user = get_int(job.batch.pairs, 2 * example) & mask
        item = get_int(job.batch.pairs, 2 * example + 1) & mask
        row_, draws = ring_row(example), get_long(found, 2 * example)
        if not ahead:
            draw_items(tables, job, row_, stream(key, example))
        limit = total(score(tables, user, item, width)) - np.float32(1)
        for first in range(0, draws if draws > 0 else job.rules.max_sampled, 4):
            above += four_above(tables, user, job.room.drawn, row_ + first, limit, width)
        if draws > 0:
            other = get_long(found, 2 * example + 1) & mask
            loss = min(get_float(job.rules.losses, draws - 1), np.float32(LARGEST_LOSS))
            step_apart(tables, user, item, other, loss, width)
    return above


@compiled
def move(tables: Any, job: Any, stop: int, key: int, found: int, one: float) -> float:
    """Fetch the rows that were read and write back those that were written, times ``one``."""
    width, seen, same = width_of(tables.blocks), splat(np.float32(0)), splat(one)
    for example in range(-AHEAD, stop):
        if example + AHEAD < stop:
            prepare(tables, job, example + AHEAD, key, width)
        if example < 0:
            continue
        user, item = get_int(job.batch.pairs, 2 * example), get_int(job.batch.pairs, 2 * example + 1)
        row_, draws = ring_row(example), get_long(found, 2 * example)
        seen = _looked_at(tables.items, item, width, _looked_at(tables.users, user, width, seen))
        for place in range(-(-(draws if draws > 0 else job.rules.max_sampled) // 4) * 4):
            seen = _looked_at(tables.items, get_int(job.room.drawn, row_ + place), width, seen)
        if draws > 0:
            _write_back(tables.users, tables.user_squares, width * user, width, same)
            _write_back(tables.items, tables.item_squares, width * item, width, same)
            other = get_long(found, 2 * example + 1)
            _write_back(tables.items, tables.item_squares, width * other, width, same)
    return total(seen)


@compiled
def _looked_at(rows: int, i: int, width: int, seen: Any) -> Any:
    for j in range(0, width, WIDTH):
        seen = add(seen, load(rows, width * i + j))
    return seen


@compiled
def _write_back(rows: int, squares: int, start: int, width: int, same: Any) -> None:
    for j in range(start, start + width, WIDTH):
        store(rows, j, mul(load(rows, j), same))  # without the product LLVM would leave it out
        store(rows, j + squares, mul(load(rows, j + squares), same))


if __name__ == "__main__":
    main()
