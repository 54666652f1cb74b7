"""One epoch of training against ``lightfm``'s ``fit_partial``, loss by loss and size by size, in turns.

Equality comes first: after the same number of epochs the mean test AUC and precision at 10 over a few seeds
may differ by what few seeds explain (``training_quality`` makes the sharper test). Both then go on from where
they stand, one epoch each in turn: epochs get slower or quicker as a model learns, alike for both.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from benchmarks.equivalence import METRICS, new_peer, new_trainer, our_quality, peer_quality
from benchmarks.measure import Row, in_turns, row, store
from benchmarks.setting import SEED, load_parts, options
from recsys_core.models.fast.warm_up import warm_up
from recsys_core.models.lightfm import LightFMSettings

LOSSES = ("warp", "bpr", "logistic", "warp-kos")
SEEDS, EPOCHS = 3, 10
MOST_APART = 0.012
"""Means of three seeds: about four standard errors of their difference."""
EPOCHS_PER_ROUND = 4


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--losses", nargs="+", default=LOSSES, choices=LOSSES)
    chosen = parser.parse_args()
    data, train, test = load_parts(chosen.data_dir)
    warm_up(chosen.losses)
    for loss in chosen.losses:
        for size in chosen.sizes:
            equality = check(loss, size, train, test)
            store([epochs(loss, size, n, train, chosen.rounds, equality) for n in chosen.threads], data)


def epochs(loss: str, size: int, threads: int, train: sparse.csr_matrix, rounds: int, equality: str) -> Row:
    """Time epochs in turns."""
    settings = LightFMSettings(embedding_size=size, seed=SEED, threads=threads)
    peer, trainer, pairs = new_peer(loss, settings), new_trainer(loss, settings, train), train.tocoo()
    pairs.data = pairs.data.astype(np.float32)
    seconds = in_turns(
        {"lightfm": lambda: peer.fit_partial(pairs, num_threads=threads), "ours": trainer.run_epoch},
        rounds * EPOCHS_PER_ROUND,
    )
    job = f"{loss} epoch, size {size}, {threads} thread{'s' * (threads > 1)}"
    return row(job, "lightfm fit_partial", seconds["lightfm"], seconds["ours"], equality)


def check(loss: str, size: int, train: sparse.csr_matrix, test: sparse.csr_matrix) -> str:
    """Stop unless both trainers reach the same quality."""
    settings = [LightFMSettings(embedding_size=size, seed=seed) for seed in range(SEEDS)]
    theirs = np.mean([peer_quality(loss, own, train, test, EPOCHS) for own in settings], axis=0)
    ours = np.mean([our_quality(loss, own, train, test, EPOCHS) for own in settings], axis=0)
    said = ", ".join(f"{n} {a:.4f} / {b:.4f}" for n, a, b in zip(METRICS, theirs, ours, strict=True))
    if np.abs(theirs - ours).max() > MOST_APART:
        raise SystemExit(f"{loss}, size {size}: the trainers differ in quality: {said}")
    return f"{SEEDS} seeds, {EPOCHS} epochs: {said} (theirs / ours)"


if __name__ == "__main__":
    main()
