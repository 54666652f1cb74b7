"""Two threads of training against one, both ours, loss by loss: at liberty to work alone, and made to share.

The trainer tries from time to time whether its threads are quicker together, and lets one work alone where
they are not: that is the first row of each pair. The second forces them together throughout; its processor
time, beside that of one thread, says what sharing the tables costs.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.measure import Row, in_turns, row, store
from benchmarks.setting import SEED, load_parts, options
from benchmarks.training import LOSSES
from benchmarks.training_growth import DATA, GRIDS, made_up
from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.models.fast.pace import Pace
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
    rounds = chosen.rounds * EPOCHS_PER_ROUND
    for loss in chosen.losses:
        for size in chosen.sizes:
            store(pair(f"{loss} epoch, size {size}", loss, size, (train, test), rounds), data)
    if not chosen.no_large:
        large = made_up(*GRIDS[LARGE])
        for loss in chosen.losses:
            job = f"{loss} epoch, {LARGE} pairs, size {LARGE_SIZE}"
            store(pair(job, loss, LARGE_SIZE, (large, None), LARGE_ROUNDS), DATA)


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

    one, two = (LightFMSettings(embedding_size=size, seed=SEED, threads=n) for n in (1, 2))
    known = (pairs.row, pairs.col), train
    trainers = {
        "one": Trainer(loss, one, *known),
        "free": Trainer(loss, two, *known),
        "forced": SharingTrainer(loss, two, *known),
    }
    jobs: dict[str, Callable[[], object]] = {name: own.run_epoch for name, own in trainers.items()}
    seconds = in_turns(jobs, rounds)
    rows = []
    for name, said in (("free", "2 threads"), ("forced", "2 threads made to share")):
        equality = "same epochs" if test is None else _quality(trainers["one"], trainers[name], train, test)
        rows.append(row(f"{job}, {said}", "ours, 1 thread", seconds["one"], seconds[name], equality))
    return rows


class SharingPace(Pace):
    """All threads work together, whatever it costs."""

    def run(self, epoch: int, least_blocks: int, work: Callable[[int, int, bool], None]) -> None:
        for block in range(least_blocks):
            work(block, least_blocks, True)


class SharingTrainer(Trainer):
    """A trainer that never lets one thread work alone."""

    def __init__(self, loss: str, settings: LightFMSettings, *known: Any) -> None:
        super().__init__(loss, settings, *known)
        self._pace = SharingPace(settings.threads, time.perf_counter)


def _quality(one: Trainer, other: Trainer, train: sparse.csr_matrix, test: sparse.csr_matrix) -> str:
    aucs = [
        np.mean(per_user_metrics(held_out_ranks(own.factors(), test, train), test.shape[1])["auc"])
        for own in (one, other)
    ]
    return f"auc {aucs[0]:.4f} / {aucs[1]:.4f} after as many epochs"


if __name__ == "__main__":
    main()
