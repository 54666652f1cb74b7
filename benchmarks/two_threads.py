"""Two threads of training against one, both ours, loss by loss: at liberty to work alone, and made to share.

The trainer tries from time to time whether its threads are quicker together, and lets one work alone where
they are not: that is the first row of each pair. The second forces them together throughout; its processor
time, beside that of one thread, says what sharing the tables costs.
"""

from __future__ import annotations

import time
from itertools import accumulate, cycle
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measure import Row, in_turns, row, store
from benchmarks.setting import SEED, load_parts, options
from benchmarks.training import LOSSES
from benchmarks.training_growth import GRIDS, made_up
from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.models.fast.pace import TRIAL
from recsys_core.models.fast.trainer import Trainer
from recsys_core.models.fast.warm_up import warm_up
from recsys_core.models.lightfm import LightFMSettings
from recsys_core.ranking import held_out_ranks

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy import sparse

LARGE, LARGE_SIZE, LARGE_ROUNDS = "10M", 64, 2
EPOCHS_PER_ROUND = 5


def main() -> None:
    """Measure on the data of the command line, then on ten million made-up pairs."""
    parser = options(__doc__)
    parser.add_argument("--losses", nargs="+", default=LOSSES, choices=LOSSES)
    parser.add_argument("--no-large", action="store_true")
    chosen = parser.parse_args()
    data, train, test = load_parts(chosen.data_dir)
    warm_up(chosen.losses)
    rows: list[Row] = []
    for loss in chosen.losses:
        for size in chosen.sizes:
            rows += pair(
                f"{loss} epoch, size {size}", loss, size, (train, test), chosen.rounds * EPOCHS_PER_ROUND
            )
    store(rows, data)
    if not chosen.no_large:
        large = made_up(*GRIDS[LARGE])
        rows = []
        for loss in chosen.losses:
            job = f"{loss} epoch, {LARGE} pairs, size {LARGE_SIZE}"
            rows += pair(job, loss, LARGE_SIZE, (large, None), LARGE_ROUNDS)
        store(rows, "made-up listeners, power law")


def pair(
    job: str,
    loss: str,
    size: int,
    parts: tuple[sparse.csr_matrix, sparse.csr_matrix | None],
    rounds: int,
) -> list[Row]:
    """The rows of one loss and size."""
    train, test = parts
    pairs = train.tocoo()

    def trainer(threads: int, clock: Callable[[], float]) -> Trainer:
        settings = LightFMSettings(embedding_size=size, seed=SEED, threads=threads)
        return Trainer(loss, settings, (pairs.row, pairs.col), train, clock=clock)

    clocks = {"one": time.perf_counter, "free": time.perf_counter, "forced": in_favour_of_sharing()}
    trainers = {name: trainer(1 if name == "one" else 2, clock) for name, clock in clocks.items()}
    jobs: dict[str, Callable[[], object]] = {name: own.run_epoch for name, own in trainers.items()}
    seconds = in_turns(jobs, rounds)
    rows = []
    for name, said in (("free", "2 threads"), ("forced", "2 threads made to share")):
        equality = "same epochs" if test is None else _quality(trainers["one"], trainers[name], train, test)
        rows.append(row(f"{job}, {said}", "ours, 1 thread", seconds["one"], seconds[name], equality))
    return rows


def in_favour_of_sharing() -> Callable[[], float]:
    """A clock by which working together always takes no time."""
    steps = [step for together in TRIAL for step in (0, 0 if together else 1)]
    return accumulate(cycle(steps)).__next__


def _quality(one: Trainer, other: Trainer, train: sparse.csr_matrix, test: sparse.csr_matrix) -> str:
    aucs = [
        np.mean(per_user_metrics(held_out_ranks(own.factors(), test, train), test.shape[1])["auc"])
        for own in (one, other)
    ]
    return f"auc {aucs[0]:.4f} / {aucs[1]:.4f} after as many epochs"


if __name__ == "__main__":
    main()
