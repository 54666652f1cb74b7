"""The nearest films by their overviews: scikit-learn's products, sparse_dot_topn and the inverted index.

scikit-learn multiplies a block of films, or one film, with all of them into a dense result; the tutorials do
it for all at once, which does not fit. For all films it is timed on some blocks or rows and extrapolated; so
is nothing else. Lists are compared with SciPy's product first: similarities must agree.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.metrics.pairwise import linear_kernel
from sparse_dot_topn import sp_matmul_topn

from benchmarks.film_corpus import resampled, tmdb
from benchmarks.measure import Row, Sample, in_turns, row, store
from recsys_core.movies.text_index import InvertedIndex, warm_up
from recsys_core.ranking import single_blas_thread

K = 30
BLOCK, BLOCKS, ROWS = 256, 8, 20
"""Films of one block (larger ones spend their time on fresh memory); blocks and rows that are timed."""


def block_by_block(matrix: sparse.csr_matrix, starts: range) -> None:
    """scikit-learn's product of a block with all films, and the best of each row of it."""
    for start in starts:
        similarities = linear_kernel(matrix[start : start + BLOCK], matrix)
        np.argpartition(-similarities, K, axis=1)[:, : K + 1]


def row_by_row(matrix: sparse.csr_matrix, rows: range) -> None:
    """The tutorials' way: one row of similarities, sorted whole."""
    for one in rows:
        np.argsort(-linear_kernel(matrix[[one]], matrix).ravel())[1 : K + 1]


def scipy_row(matrix: sparse.csr_matrix, transposed: sparse.csr_matrix, one: int) -> np.ndarray:
    """One sparse row times the transposed matrix, and the best of the result."""
    similarities = (matrix[[one]] @ transposed).toarray().ravel()
    return np.argpartition(-similarities, K)[: K + 1]


def top_products(matrix: sparse.csr_matrix, threads: int) -> sparse.csr_matrix:
    """sparse_dot_topn; it cannot leave a film itself out, so it is asked for one more."""
    return sp_matmul_topn(matrix, matrix.T, K + 1, n_threads=threads)


def check(matrix: sparse.csr_matrix, index: InvertedIndex) -> str:
    """How far similarities are from SciPy's at most; stop if a list is another."""
    rng = np.random.default_rng(0)
    sample = rng.choice(matrix.shape[0], 400, replace=False)
    exact = (matrix[sample] @ matrix.T).toarray()
    exact[np.arange(sample.size), sample] = 0
    best = -np.sort(-exact, axis=1)[:, :K]
    rows, values = index.nearest_to_all(K)
    own = np.where(rows[sample] >= 0, np.take_along_axis(exact, np.maximum(rows[sample], 0), axis=1), 0)
    furthest = max(np.abs(values[sample] - best).max(), np.abs(values[sample] - own).max())
    if furthest > 1e-5:
        raise SystemExit(f"Similarities differ from SciPy's product by {furthest}.")
    return f"exact: 400 lists as SciPy's product, similarities within {furthest:.0e}"


def all_films(name: str, matrix: sparse.csr_matrix, threads: int, rounds: int, equality: str) -> list[Row]:
    """The rows for the lists of all films."""
    n_films = matrix.shape[0]
    jobs = {
        "ours": lambda: InvertedIndex(matrix).nearest_to_all(K, threads=threads),
        "sparse_dot_topn": partial(top_products, matrix, threads),
    }
    samples = in_turns(jobs, rounds)
    job = f"top-{K} of all {n_films:,} films, {name}, {threads} thread{'s' * (threads > 1)}"
    made = [row(job, "sparse_dot_topn", samples["sparse_dot_topn"], samples["ours"], equality)]
    if threads == 1:
        blocks, rows = range(0, BLOCK * BLOCKS, BLOCK), range(ROWS)
        slow = in_turns(
            {"blocks": partial(block_by_block, matrix, blocks), "rows": partial(row_by_row, matrix, rows)},
            rounds,
        )
        for key, done, peer in (
            ("blocks", BLOCK * BLOCKS, "scikit-learn in blocks (extrapolated)"),
            ("rows", ROWS, "scikit-learn row by row (extrapolated)"),
        ):
            made.append(row(job, peer, times(slow[key], n_films / done), samples["ours"], equality))
    return made


def one_film(name: str, matrix: sparse.csr_matrix, rounds: int, equality: str) -> list[Row]:
    """The rows for one question; every round asks about 50 films.

    SciPy turns X.T into rows at every product; who asks often keeps it turned, which is the fairer peer.
    """
    index, transposed = InvertedIndex(matrix), matrix.T.tocsr()
    asked = np.random.default_rng(1).choice(matrix.shape[0], 50, replace=False).tolist()
    jobs = {
        "scikit-learn row, sorted": lambda: [row_by_row(matrix, range(one, one + 1)) for one in asked],
        "sparse row times X.T": lambda: [scipy_row(matrix, matrix.T, one) for one in asked],
        "sparse row times a kept X.T": lambda: [scipy_row(matrix, transposed, one) for one in asked],
        "ours": lambda: [index.nearest(one, K) for one in asked],
    }
    samples = {key: times(some, 1 / len(asked)) for key, some in in_turns(jobs, rounds).items()}
    job = f"top-{K} of one film, {matrix.shape[0]:,} films, {name}"
    peers = [name for name in jobs if name != "ours"]
    return [row(job, peer, samples[peer], samples["ours"], equality) for peer in peers]


def memory(matrix: sparse.csr_matrix, threads: int) -> str:
    """The greatest size of a process that makes all lists, in words."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.npz"
        sparse.save_npz(path, matrix)
        command = [sys.executable, "-m", "benchmarks.movies_memory", str(path), str(K), str(threads)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    before, after = done.stdout.split()
    return f"peak {after} MB in a process of its own, {before} MB before"


def times(samples: list[Sample], factor: float) -> list[Sample]:
    """The samples, each so many times as long."""
    return [Sample(one.wall * factor, one.cpu * factor) for one in samples]


def main(arguments: list[str] | None = None) -> None:
    """Run on the real overviews, then on the larger corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=Path, required=True, help="folder with tmdb_5000_movies.csv")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    chosen = parser.parse_args(arguments)
    movies, real = tmdb(chosen.films)
    warm_up()
    rows = []
    for name, matrix in (("TMDB 5000", real), ("resampled", resampled(movies))):
        print(f"{name}: {matrix.shape[0]:,} films, {matrix.shape[1]:,} words, {matrix.nnz:,} values")
        equality = check(matrix, InvertedIndex(matrix))
        with single_blas_thread():
            for threads in chosen.threads:
                said = f"{equality}; {memory(matrix, threads)}"
                rows += all_films(name, matrix, threads, chosen.rounds, said)
            rows += one_film(name, matrix, chosen.rounds, equality)
    store(rows, "TMDB 5000 overviews")


if __name__ == "__main__":
    main()
