"""The 10 and the 100 best items of all users, heard ones left out, against implicit and predict-and-sort.

Equality comes first: on whole numbers without ties every item must be the same as implicit's; on the trained
embeddings the share of equal places is printed (two scores that differ in the last bit may change places).
"""

from __future__ import annotations

from functools import partial

import numpy as np
from implicit.cpu.topk import topk as implicit_top_k
from lightfm import LightFM
from scipy import sparse

from benchmarks.measure import Row, Sample, in_turns, row, store
from benchmarks.setting import SEED, load_parts, options, train_warp
from recsys_core.ranking import Factors, single_blas_thread, top_k, warm_up

USERS_SORTED = 100
"""Users for which every item is predicted and sorted; the time of all users is extrapolated from them."""


def with_bias(factors: Factors) -> tuple[np.ndarray, np.ndarray]:
    """Items and users with the item bias as one more component, which is how implicit can be given it."""
    items = np.hstack([factors.item_embeddings, factors.item_biases[:, None]])
    return items, np.hstack([factors.user_embeddings, np.ones((factors.n_users, 1), np.float32)])


def implicits(factors: Factors, k: int, train: sparse.csr_matrix, threads: int) -> np.ndarray:
    """implicit's native top-k."""
    return implicit_top_k(*with_bias(factors), k, filter_query_items=train, num_threads=threads)[0]


def predict_and_sort(model: LightFM, k: int, train: sparse.csr_matrix) -> None:
    """The usual loop over users, for the first few of them."""
    everything = np.arange(train.shape[1])
    for user in range(min(USERS_SORTED, train.shape[0])):
        scores = model.predict(user, everything)
        scores[train[[user]].indices] = -np.inf
        np.argsort(-scores)[:k]


def check(factors: Factors, k: int, train: sparse.csr_matrix) -> str:
    """Whether the items are implicit's."""
    rng = np.random.default_rng(SEED)
    n_users, n_items = train.shape
    distinct = np.stack([rng.permutation(n_items) for _ in range(8)]).astype(np.float32)
    exact = Factors(np.eye(8)[rng.integers(0, 8, n_users)], distinct.T, np.zeros(n_users), np.zeros(n_items))
    if not np.array_equal(top_k(exact, k, exclude=train)[0], implicits(exact, k, train, 1)):
        raise SystemExit("On whole numbers without ties the items are not implicit's.")
    same = (top_k(factors, k, exclude=train)[0] == implicits(factors, k, train, 1)).mean()
    return f"identical on whole numbers, {100 * same:.3f} % of places on trained"


def measure(size: int, threads: int, rounds: int, train: sparse.csr_matrix) -> list[Row]:
    """The rows of one embedding size and number of threads."""
    model, factors = train_warp(train, size)
    rows = []
    for k in (10, 100):
        equality = check(factors, k, train)
        jobs = {
            "implicit": partial(implicits, factors, k, train, threads),
            "ours": partial(top_k, factors, k, exclude=train, threads=threads),
        }
        if threads == 1:
            jobs["sort"] = partial(predict_and_sort, model, k, train)
        with single_blas_thread():
            seconds = in_turns(jobs, rounds)
        name = f"top-{k}, size {size}, {threads} thread{'s' * (threads > 1)}"
        rows.append(row(name, "implicit", seconds["implicit"], seconds["ours"], equality))
        if threads == 1:
            whole = factors.n_users / min(USERS_SORTED, factors.n_users)
            slow = [Sample(sample.wall * whole, sample.cpu * whole) for sample in seconds["sort"]]
            rows.append(row(name, "predict and sort (extrapolated)", slow, seconds["ours"], "see above"))
    return rows


def main(arguments: list[str] | None = None) -> None:
    """Run for all sizes and threads asked for."""
    chosen = options(__doc__).parse_args(arguments)
    name, train, _ = load_parts(chosen.data_dir)
    warm_up()
    for threads in chosen.threads:
        for size in chosen.sizes:
            store(measure(size, threads, chosen.rounds, train), name)


if __name__ == "__main__":
    main()
