"""Training as data grow: an epoch of WARP on made-up listeners, up to ten million pairs.

Both trainers go in turns on the same pairs; peak memory is this process's, the generator's included.
"""

from __future__ import annotations

import resource
import statistics

import numpy as np
from scipy import sparse

from benchmarks.equivalence import new_peer, new_trainer
from benchmarks.measure import Row, in_turns, row, store
from benchmarks.setting import SEED, options
from recsys_core.models.lightfm import LightFMSettings

DATA = "made-up listeners, power law"
GRIDS = {
    "92k": (1_892, 17_632, 92_834),
    "1M": (10_000, 20_000, 1_000_000),
    "3M": (40_000, 30_000, 3_000_000),
    "10M": (100_000, 50_000, 10_000_000),
}
SIZE = 64


def made_up(n_users: int, n_items: int, n_pairs: int) -> sparse.csr_matrix:
    """Distinct random pairs; the items' popularity falls as a power of their rank."""
    rng = np.random.default_rng(SEED)
    popularity = 1 / np.arange(1, n_items + 1) ** 0.8
    edges = np.cumsum(popularity / popularity.sum())
    cells = np.zeros(0, np.int64)
    while len(cells) < n_pairs:
        wanted = int(1.3 * (n_pairs - len(cells))) + 100
        items = np.minimum(np.searchsorted(edges, rng.random(wanted)), n_items - 1)
        cells = np.unique(np.concatenate([cells, rng.integers(0, n_users, wanted) * n_items + items]))
    cells = np.sort(rng.permutation(cells)[:n_pairs])
    ones = np.ones(n_pairs, np.float32)
    return sparse.csr_matrix((ones, (cells // n_items, cells % n_items)), shape=(n_users, n_items))


def main() -> None:
    parser = options(__doc__)
    parser.set_defaults(rounds=3, threads=[1, 2])
    parser.add_argument("--grids", nargs="+", default=list(GRIDS), choices=list(GRIDS))
    chosen = parser.parse_args()
    for grid in chosen.grids:
        for threads in chosen.threads:
            store([epoch(grid, threads, chosen.rounds)], DATA)


def epoch(grid: str, threads: int, rounds: int) -> Row:
    """Time epochs in turns."""
    train = made_up(*GRIDS[grid])
    settings = LightFMSettings(embedding_size=SIZE, seed=SEED, threads=threads)
    peer, trainer, pairs = new_peer("warp", settings), new_trainer("warp", settings, train), train.tocoo()
    seconds = in_turns(
        {"lightfm": lambda: peer.fit_partial(pairs, num_threads=threads), "ours": trainer.run_epoch}, rounds
    )
    per_pair = 1e9 * statistics.median(sample.wall for sample in seconds["ours"]) / train.nnz
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = f"ours {per_pair:.0f} ns a pair, peak of the process {peak:,.0f} MB"
    job = f"warp epoch, {grid} pairs, size {SIZE}, {threads} thread{'s' * (threads > 1)}"
    return row(job, "lightfm fit_partial", seconds["lightfm"], seconds["ours"], said)


if __name__ == "__main__":
    main()
