"""EASE by users against EASE by items, and how soon a good list is there.

The textbook inverts a matrix of items by items. That is timed on the most played few thousand items, in
float32 by Cholesky, and carried over to all of them with the cube of their number, as the algorithm demands;
the whole matrix would take a minute and more than a gigabyte. On few items both give the same scores.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from scipy import sparse

from benchmarks.measure import Row, Sample, in_turns, row, store
from benchmarks.setting import load_parts, options
from recsys_core.evaluation import UserMetrics
from recsys_core.models.ease_weights import DualWeights, dual_weights, primal_weights
from recsys_core.ranking import held_out_ranks
from recsys_core.ranking.threads import single_blas_thread

REGULARISATION = 80.0
SIZES = (1000, 2000, 4000)
CLOSE_ENOUGH = 1e-4


def main() -> None:
    parser = options(__doc__)
    chosen = parser.parse_args()
    data, train, test = load_parts(chosen.data_dir)
    by_plays = np.argsort(-train.getnnz(axis=0), kind="stable")
    sizes = [size for size in SIZES if train.shape[0] < size < train.shape[1]] or [train.shape[1]]
    with single_blas_thread():
        apart = max(difference(train[:, by_plays[:size]]) for size in sizes[:1])
        if apart > CLOSE_ENOUGH:
            raise SystemExit(f"The scores of both ways differ by {apart:.1e}.")
        largest = train[:, by_plays[: sizes[-1]]]
        seconds = in_turns(
            {
                "primal": lambda: primal_weights(largest, REGULARISATION),
                "dual": lambda: dual_weights(train, REGULARISATION),
            },
            chosen.rounds,
        )
    growth = (train.shape[1] / sizes[-1]) ** 3
    primal = [Sample(one.wall * growth, one.cpu * growth) for one in seconds["primal"]]
    said = f"scores at {sizes[0]:,} items within {apart:.0e}; primal timed at {sizes[-1]:,}, x {growth:.0f}"
    rows: list[Row] = [row("EASE, exact, all items", "items x items inverse", primal, seconds["dual"], said)]
    store(rows, data)
    print(first_list(train, test))


def difference(matrix: sparse.csr_matrix) -> float:
    """The largest difference between the scores of both ways."""
    scores = [learn(matrix, REGULARISATION).scores(matrix) for learn in (primal_weights, dual_weights)]
    return float(np.abs(scores[0] - scores[1]).max())


def first_list(train: sparse.csr_matrix, test: sparse.csr_matrix) -> str:
    """How long EASE takes to a trained model, and how good its lists are."""
    weights, seconds = timed(lambda: dual_weights(train, REGULARISATION))
    ranks = held_out_ranks(lambda users: weights.scores(train[users]), test, train)
    values = UserMetrics.from_ranks(ranks, train.shape[1], (10,)).values
    means = ", ".join(f"{name} {np.nanmean(values[name]):.4f}" for name in ("auc", "precision@10", "ndcg@10"))
    return f"EASE from pairs to weights in {seconds:.2f} s: {means}"


def timed(job: Callable[[], DualWeights], rounds: int = 3) -> tuple[DualWeights, float]:
    """The result of ``job``, and the median seconds it takes."""
    samples = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = job()
        samples.append(time.perf_counter() - start)
    return result, statistics.median(samples)


if __name__ == "__main__":
    main()
