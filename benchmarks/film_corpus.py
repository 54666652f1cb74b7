"""The texts that the film benchmarks search: overviews of TMDB 5000, and a larger corpus of their words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from recsys_core.movies.loaders.tmdb import load_tmdb
from recsys_core.movies.overviews import overview_terms
from recsys_core.movies.schema import Movies

N_FILMS = 45_466
SHARE_KEPT, LONGER, LAW_WORDS, LAW_SHIFT = 0.5, 1.15, 85_500, 40.0
SEED = 42


def tmdb(folder: Path) -> tuple[Movies, sparse.csr_matrix]:
    """The films and the TF-IDF matrix of their overviews."""
    movies = load_tmdb(folder)
    return movies, overview_terms(movies).matrix


def resampled(movies: Movies, n_films: int = N_FILMS) -> sparse.csr_matrix:
    """TF-IDF of ``n_films`` made-up overviews over about 75,000 words, 30 different ones in each.

    Half of the words of a real overview drawn at random, the rest from Zipf's law with Mandelbrot's shift,
    whose head then has the real overviews' frequencies: the commonest word is in every eighth film.
    """
    rng = np.random.default_rng(SEED)
    real = CountVectorizer(stop_words="english").fit_transform(movies.frame["overview"]).tocsr()
    by_frequency = np.argsort(-np.bincount(real.indices, minlength=real.shape[1]), kind="stable")
    rank = np.empty(real.shape[1], np.int64)
    rank[by_frequency] = np.arange(real.shape[1])
    law = np.cumsum(1 / (np.arange(1, LAW_WORDS + 1) + LAW_SHIFT))
    rows = [_overview(real, rank, law, rng) for _ in range(n_films)]
    counts = sparse.csr_matrix(
        (np.ones(sum(map(len, rows)), np.float32), np.concatenate(rows), np.cumsum([0, *map(len, rows)])),
        shape=(n_films, LAW_WORDS),
    )
    used = np.flatnonzero(np.bincount(counts.indices, minlength=LAW_WORDS))
    matrix = TfidfTransformer().fit_transform(counts[:, used]).astype(np.float32).tocsr()
    matrix.sort_indices()
    return matrix


def _overview(
    real: sparse.csr_matrix, rank: np.ndarray, law: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Ranks of the different words of one overview."""
    film = rng.integers(real.shape[0])
    own = rank[real.indices[real.indptr[film] : real.indptr[film + 1]]]
    kept = own[rng.random(own.size) < SHARE_KEPT]
    drawn = np.searchsorted(law, rng.random(round(LONGER * own.size) - kept.size) * law[-1])
    return np.unique(np.concatenate([kept, drawn]))
