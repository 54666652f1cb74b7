"""One film's ten nearest in fewer dimensions, all compared or by a graph, against the exact inverted index.

50 to 2,000 dimensions of the real overviews and of the large corpus: how long a search takes, and how many of
the exact ten it finds. Says where either wins. Takes about a quarter of an hour and 4 GB; nearly all of that
is the projection of the large corpus on 2,000 dimensions and the graphs over it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from scipy import sparse

from benchmarks.film_corpus import resampled, tmdb
from benchmarks.measure import Row, in_turns, row, store
from benchmarks.movies import times
from recsys_core.movies.approximate import ApproximateIndex
from recsys_core.movies.pca import ReducedTexts, reduce_texts
from recsys_core.movies.pca_study import COMPONENTS
from recsys_core.movies.text_index import InvertedIndex, warm_up
from recsys_core.ranking import single_blas_thread

K, ASKED = 10, 200
Nearest = Callable[[int, int], tuple[np.ndarray, np.ndarray]]


def dimensions(name: str, matrix: sparse.csr_matrix, sizes: list[int], rounds: int) -> list[Row]:
    """The rows of one corpus; every round asks about the same films."""
    exact, asked = InvertedIndex(matrix), _asked(matrix)
    start = time.perf_counter()
    largest = reduce_texts(matrix, max(sizes))
    print(f"{name}: projected on {max(sizes):,} dimensions in {time.perf_counter() - start:.0f} s")
    found: list[Row] = []
    for size in sizes:
        found += _one_size(name, exact, largest.first(size), asked, rounds)
    return found


def _one_size(
    name: str, exact: InvertedIndex, reduced: ReducedTexts, asked: list[int], rounds: int
) -> list[Row]:
    start = time.perf_counter()
    graph = ApproximateIndex(reduced.rows)
    built = f"; graph built in {time.perf_counter() - start:.0f} s"
    ways: dict[str, Nearest] = {
        "exact": exact.nearest,
        "all compared": reduced.nearest,
        "graph": graph.nearest,
    }
    samples = in_turns({way: partial(_ask, search, asked) for way, search in ways.items()}, rounds)
    films, size = reduced.rows.shape
    rows = []
    for way in ("all compared", "graph"):
        share = _overlap(exact.nearest, ways[way], asked)
        said = f"{share:.0%} of the exact {K}, {reduced.kept:.0%} of the variance"
        job = f"top-{K} of one film, {films:,} films, {name}, {size:,} dimensions, {way}"
        ours, theirs = (times(samples[one], 1 / len(asked)) for one in (way, "exact"))
        rows.append(row(job, "exact index", theirs, ours, said + (built if way == "graph" else "")))
    return rows


def _asked(matrix: sparse.csr_matrix) -> list[int]:
    with_words = np.flatnonzero(np.diff(matrix.indptr))
    films = np.random.default_rng(1).permutation(with_words)[:ASKED]
    return [int(film) for film in films]


def _ask(search: Nearest, asked: list[int]) -> None:
    for film in asked:
        search(film, K)


def _overlap(exact: Nearest, other: Nearest, asked: list[int]) -> float:
    """The mean share of the exact list that the other one has."""
    return float(np.mean([np.isin(exact(film, K)[0], other(film, K)[0]).mean() for film in asked]))


def main(arguments: list[str] | None = None) -> None:
    """Run on the real overviews, then on the larger corpus; each is kept as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=Path, required=True, help="folder with tmdb_5000_movies.csv")
    parser.add_argument("--components", type=int, nargs="+", default=list(COMPONENTS))
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(arguments)
    movies, real = tmdb(chosen.films)
    warm_up()
    with single_blas_thread():
        for name, matrix in (("TMDB 5000", real), ("resampled", resampled(movies))):
            sizes = [size for size in sorted(chosen.components) if size <= min(matrix.shape)]
            store(dimensions(name, matrix, sizes, chosen.rounds), "TMDB 5000 overviews")


if __name__ == "__main__":
    main()
