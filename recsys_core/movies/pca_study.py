"""Is the reduced catalogue still coherent, and is it faster? Measured, not assumed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from recsys_core.errors import CancelledError, DataError, SettingsError
from recsys_core.movies.approximate import ApproximateIndex
from recsys_core.movies.pca import ReducedTexts, reduce_texts
from recsys_core.movies.text_index import InvertedIndex
from recsys_core.ranking import single_blas_thread
from recsys_core.rng import as_generator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scipy import sparse

    Nearest = Callable[[int, int], tuple[np.ndarray, np.ndarray]]
    Clock = Callable[[], float]

COMPONENTS = (50, 100, 200, 500, 1000, 2000)
LIST_LENGTH = 10
COMPARED = 30
"""Films of the exact list whose order is compared."""
STUDY_COLUMNS = (
    "components",
    "explained_variance",
    "overlap",
    "rank_agreement",
    "milliseconds",
    "megabytes",
    "build_seconds",
    "approximate_recall",
    "approximate_overlap",
    "approximate_milliseconds",
    "approximate_build_seconds",
)


@dataclass(frozen=True, eq=False)
class PcaStudy:
    """``table``: one row per number of components, columns ``STUDY_COLUMNS``.

    ``overlap``: share of the exact list of ``k`` that the reduced list has; ``rank_agreement``: Kendall's
    tau-b of both similarities over the exact list's first 30; ``approximate_recall``: share of the reduced
    list that the graph finds; ``approximate_overlap``: share of the exact list that it finds. All are means
    over ``queries`` films drawn at random, times are medians over them. ``exact_milliseconds`` and
    ``exact_megabytes`` belong to the inverted index. ``build_seconds`` is that of the largest projection,
    of which the smaller ones are the first columns.
    """

    table: pd.DataFrame
    exact_milliseconds: float
    exact_megabytes: float
    exact_build_seconds: float
    queries: int
    k: int
    n_films: int
    n_terms: int


class Answers(NamedTuple):
    """Rows found for each query, and the median seconds of one search."""

    rows: list[np.ndarray]
    seconds: float


def study_pca(
    matrix: sparse.csr_matrix,
    components: Sequence[int] = COMPONENTS,
    *,
    queries: int = 200,
    k: int = LIST_LENGTH,
    rng: int | np.random.Generator = 42,
    clock: Clock = time.perf_counter,
    should_stop: Callable[[], bool] = lambda: False,
    on_step: Callable[[int, int], None] = lambda done, steps: None,
) -> PcaStudy:
    """Compare lists from exact cosines of ``matrix`` with those from fewer dimensions and from a graph.

    Parameters
    ----------
    matrix
        Rows of length one or empty, as :class:`Terms` holds them.
    components
        Numbers of components; those beyond the size of the matrix are left out.
    queries
        Films to ask about, drawn without replacement among those with at least ``k`` similar films.
    on_step
        Told how many steps of how many are done: the exact lists, the projection, then each size.

    Raises
    ------
    DataError
        If no film has ``k`` similar films.
    SettingsError
        If no number of components fits the matrix.
    CancelledError
        If ``should_stop`` says so between two sizes.
    """
    sizes = sorted({int(size) for size in components if 1 <= size <= min(matrix.shape)})
    if not sizes:
        raise SettingsError(f"Ask for 1 to {min(matrix.shape)} components: the catalogue has no more.")
    with single_blas_thread():
        return _studied(matrix, sizes, queries, k, rng, clock, should_stop=should_stop, on_step=on_step)


def _studied(
    matrix: sparse.csr_matrix,
    sizes: list[int],
    queries: int,
    k: int,
    rng: int | np.random.Generator,
    clock: Clock,
    *,
    should_stop: Callable[[], bool],
    on_step: Callable[[int, int], None],
) -> PcaStudy:
    start, steps = clock(), 2 + len(sizes)
    exact = InvertedIndex(matrix)
    exact_built = clock() - start
    asked = _queries(exact, queries, k, rng)
    truth = _answer(exact.nearest, asked, k, clock)
    on_step(1, steps)
    start = clock()
    largest = reduce_texts(matrix, sizes[-1])
    built = clock() - start
    on_step(2, steps)
    rows = []
    for size in sizes:
        if should_stop():
            raise CancelledError("The study of dimensions was stopped.")
        rows.append((size, *_measured(largest.first(size), exact, asked, truth, k, clock, built)))
        on_step(2 + len(rows), steps)
    table = pd.DataFrame(rows, columns=list(STUDY_COLUMNS))
    megabytes = exact.nbytes / 1e6
    n_films, n_terms = matrix.shape
    return PcaStudy(table, 1000 * truth.seconds, megabytes, exact_built, len(asked), k, n_films, n_terms)


def _queries(exact: InvertedIndex, queries: int, k: int, rng: int | np.random.Generator) -> np.ndarray:
    order = as_generator(rng).permutation(exact.n_rows)
    usable = [int(row) for row in order[: 4 * queries] if len(exact.nearest(int(row), k)[0]) == k][:queries]
    if not usable:
        raise DataError(f"No film of this catalogue has {k} films that share a word with it.")
    return np.array(usable)


def _measured(
    reduced: ReducedTexts,
    exact: InvertedIndex,
    asked: np.ndarray,
    truth: Answers,
    k: int,
    clock: Clock,
    built: float,
) -> tuple[float, ...]:
    """Return the columns of ``STUDY_COLUMNS`` after the first."""
    found = _answer(reduced.nearest, asked, k, clock)
    start = clock()
    graph = ApproximateIndex(reduced.rows)
    graph_built = clock() - start
    near = _answer(graph.nearest, asked, k, clock)
    return (
        reduced.kept,
        _overlap(truth.rows, found.rows),
        float(np.mean([_agreement(exact, reduced, int(row)) for row in asked])),
        1000 * found.seconds,
        reduced.rows.nbytes / 1e6,
        built,
        _overlap(found.rows, near.rows),
        _overlap(truth.rows, near.rows),
        1000 * near.seconds,
        graph_built,
    )


def _answer(nearest: Nearest, asked: np.ndarray, k: int, clock: Clock) -> Answers:
    nearest(int(asked[0]), k)  # the first call pays for what is loaded only then
    rows, seconds = [], []
    for row in asked:
        start = clock()
        rows.append(nearest(int(row), k)[0])
        seconds.append(clock() - start)
    return Answers(rows, float(np.median(seconds)))


def _overlap(wanted: list[np.ndarray], found: list[np.ndarray]) -> float:
    pairs = zip(wanted, found, strict=True)
    return float(np.mean([np.isin(want, have).mean() if want.size else 1.0 for want, have in pairs]))


def _agreement(exact: InvertedIndex, reduced: ReducedTexts, row: int) -> float:
    rows, cosines = exact.nearest(row, COMPARED)
    agreement = stats.kendalltau(cosines, reduced.similarities(row)[rows]).statistic
    return 0.0 if np.isnan(agreement) else float(agreement)
