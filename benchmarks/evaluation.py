"""All metrics after an epoch, against ``lightfm.evaluation``'s three calls and the bare matrix product.

Equality comes first: on whole-number embeddings of the same size not one rank may differ; on the trained ones
the number of near-ties that moved by one rank is printed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from lightfm import LightFM, evaluation
from scipy import sparse

from benchmarks.measure import Row, in_turns, row, store
from benchmarks.setting import SEED, load_parts, options, train_warp
from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.ranking import Factors, both_ranks, held_out_ranks, single_blas_thread, warm_up

USERS_PER_PRODUCT = 128


def lightfm_three(model: LightFM, test: sparse.csr_matrix, train: sparse.csr_matrix, threads: int) -> None:
    """AUC, precision and recall at 10, as LightFM's documentation does it."""
    for metric in (evaluation.auc_score, evaluation.precision_at_k, evaluation.recall_at_k):
        metric(model, test, train, num_threads=threads)


def ours(
    factors: Factors, test: sparse.csr_matrix, train: sparse.csr_matrix, threads: int, ks: tuple[int, ...]
) -> dict[str, np.ndarray]:
    """All metrics at ``ks`` on the test part."""
    return per_user_metrics(held_out_ranks(factors, test, train, threads=threads), test.shape[1], ks)


def ours_twice(factors: Factors, test: sparse.csr_matrix, train: sparse.csr_matrix, threads: int) -> None:
    """The same as :func:`ours_on_both`, in two passes."""
    for ranks in (
        held_out_ranks(factors, test, train, threads=threads),
        held_out_ranks(factors, train, threads=threads),
    ):
        per_user_metrics(ranks, test.shape[1])


def ours_on_both(factors: Factors, test: sparse.csr_matrix, train: sparse.csr_matrix, threads: int) -> None:
    """All metrics on the train and the test part, as the live comparison needs them."""
    for ranks in both_ranks(factors, train, test, threads=threads):
        per_user_metrics(ranks, test.shape[1])


def bare_product(factors: Factors, out: np.ndarray) -> None:
    """The scores alone, in blocks that stay in the cache, and thrown away."""
    for start in range(0, factors.n_users, USERS_PER_PRODUCT):
        users = factors.user_embeddings[start : start + USERS_PER_PRODUCT]
        np.matmul(users, factors.item_embeddings.T, out=out[: len(users)])


def check(model: LightFM, factors: Factors, test: sparse.csr_matrix, train: sparse.csr_matrix) -> str:
    """How far our ranks are from LightFM's, on whole numbers and on the trained embeddings."""
    moved, most = differing(model, factors, test, train)
    rng = np.random.default_rng(SEED)
    names = ("user_embeddings", "item_embeddings", "user_biases", "item_biases")
    whole = [rng.integers(-2, 3, getattr(factors, name).shape).astype(np.float32) for name in names]
    exact = LightFM(no_components=factors.size).fit(train, epochs=1)
    for name, array in zip(names, whole, strict=True):
        setattr(exact, name, array)
    wrong, _ = differing(exact, Factors(*whole), test, train)
    if wrong or most > 1:
        raise SystemExit(f"{wrong} ranks differ on whole numbers, trained ranks differ by up to {most}.")
    return f"0 of {test.nnz} ranks differ on whole numbers, {moved} by 1 on trained"


def differing(
    model: LightFM, factors: Factors, test: sparse.csr_matrix, train: sparse.csr_matrix
) -> tuple[int, int]:
    """How many ranks differ from LightFM's, and by how much at most."""
    expected = model.predict_rank(test, train)
    expected.sort_indices()
    difference = np.abs(held_out_ranks(factors, test, train).ranks - expected.data)
    return int(np.count_nonzero(difference)), int(difference.max(initial=0))


def measure(
    size: int, threads: int, rounds: int, test: sparse.csr_matrix, train: sparse.csr_matrix
) -> list[Row]:
    """The rows of one embedding size and number of threads."""
    model, factors = train_warp(train, size)
    equality = check(model, factors, test, train)
    out = np.empty((USERS_PER_PRODUCT, factors.n_items), np.float32)
    run: Callable[[], object] = partial(ours, factors, test, train, threads, (10,))
    jobs = {
        "lightfm": partial(lightfm_three, model, test, train, threads),
        "ours": run,
        "ours again": run,
        "three k": partial(ours, factors, test, train, threads, (5, 10, 100)),
        "two passes": partial(ours_twice, factors, test, train, threads),
        "both": partial(ours_on_both, factors, test, train, threads),
    }
    if threads == 1:
        jobs["product"] = partial(bare_product, factors, out)
    with single_blas_thread():
        seconds = in_turns(jobs, rounds)
    mine = seconds["ours"] + seconds["ours again"]
    name = f"size {size}, {threads} thread{'s' * (threads > 1)}"
    rows = [
        row(f"evaluate, {name}", "lightfm, 3 metrics", seconds["lightfm"], mine, equality),
        row(f"evaluate at 3 k, {name}", "ours at one k", mine, seconds["three k"], "same code"),
        row(
            f"evaluate train and test, {name}",
            "ours in two passes",
            seconds["two passes"],
            seconds["both"],
            "tests",
        ),
    ]
    if threads == 1:
        rows.append(row(f"evaluate, {name}", "OpenBLAS product alone", seconds["product"], mine, "a floor"))
    return rows


def main(arguments: list[str] | None = None) -> None:
    """Run for all sizes and threads asked for."""
    chosen = options(__doc__).parse_args(arguments)
    name, train, test = load_parts(chosen.data_dir)
    warm_up()
    for threads in chosen.threads:
        for size in chosen.sizes:
            store(measure(size, threads, chosen.rounds, test, train), name)


if __name__ == "__main__":
    main()
