"""Fewer dimensions: what they keep, what they lose, and a verdict that is computed."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.decomposition import TruncatedSVD

from recsys_core.errors import CancelledError, DataError, SettingsError
from recsys_core.movies.approximate import ApproximateIndex
from recsys_core.movies.pca import reduce_texts
from recsys_core.movies.pca_study import STUDY_COLUMNS, PcaStudy, study_pca
from recsys_core.movies.pca_verdict import judge_pca
from recsys_core.movies.terms import rows_of_length_one
from tests.core.movies.film_data import slow_nearest


@pytest.fixture(scope="module")
def matrix():
    random = sparse.random(300, 60, 0.1, "csr", np.float32, np.random.default_rng(5))
    return rows_of_length_one(random)


def test_it_is_scikit_learn_s_truncated_svd(matrix):
    theirs = TruncatedSVD(8, random_state=42)
    projected = theirs.fit_transform(matrix)
    ours = reduce_texts(matrix, 8)
    np.testing.assert_allclose(ours.explained, theirs.explained_variance_ratio_, rtol=1e-4)
    np.testing.assert_allclose(np.abs(ours.projected), np.abs(projected), atol=1e-4)


def test_all_components_keep_everything(matrix):
    whole = reduce_texts(matrix, 60)
    assert whole.kept == pytest.approx(1, abs=1e-4)
    exact = (matrix @ matrix.T).toarray()
    np.testing.assert_allclose(whole.similarities(3), exact[3], atol=1e-4)
    rows, cosines = whole.nearest(3, 5)
    np.testing.assert_allclose(cosines, exact[3][slow_nearest(exact[3], 3, 5)], atol=1e-4)
    assert 3 not in rows


def test_fewer_components_are_the_first_of_more(matrix):
    more = reduce_texts(matrix, 20)
    fewer = more.first(5)
    assert fewer.rows.shape == (300, 5)
    assert fewer.kept == pytest.approx(reduce_texts(matrix, 5).kept, rel=1e-2)
    lengths = np.linalg.norm(fewer.rows, axis=1)
    np.testing.assert_allclose(lengths[lengths > 0], 1, rtol=1e-5)


@pytest.mark.parametrize("components", [0, 61, 2.0, True])
def test_there_are_only_so_many_components(matrix, components):
    with pytest.raises(SettingsError, match="from 1 to 60"):
        reduce_texts(matrix, components)


def test_a_graph_finds_the_nearest_of_a_small_catalogue(matrix):
    reduced = reduce_texts(matrix, 10)
    graph = ApproximateIndex(reduced.rows)
    for row in range(0, 300, 50):
        rows, cosines = graph.nearest(row, 10)
        expected, values = reduced.nearest(row, 10)
        assert len(set(rows) & set(expected)) >= 9
        assert row not in rows
        np.testing.assert_allclose(cosines[0], values[0], rtol=1e-5)


def test_a_film_without_words_is_near_to_nothing():
    rows = np.eye(3, 2, dtype=np.float32)
    graph = ApproximateIndex(rows)
    assert graph.nearest(2, 2)[0].size == 0
    assert 2 not in graph.nearest(0, 3)[0]
    assert ApproximateIndex(np.zeros((2, 2), np.float32)).nearest(0, 1)[0].size == 0


def ticking():
    """A clock that goes on by a second at each look."""
    return map(float, itertools.count()).__next__


def test_a_study_compares_sizes_with_the_exact_lists(matrix):
    study = study_pca(matrix, (5, 60, 5000), queries=20, k=5, clock=ticking())
    assert tuple(study.table.columns) == STUDY_COLUMNS
    assert study.table["components"].tolist() == [5, 60]
    small, whole = study.table.iloc[0], study.table.iloc[1]
    assert whole["overlap"] > 0.99
    assert whole["rank_agreement"] > 0.99
    assert small["overlap"] < whole["overlap"]
    assert 0 < small["explained_variance"] < whole["explained_variance"] <= 1.0001
    assert whole["approximate_recall"] > 0.9
    # one look at the clock before and one after
    assert study.exact_milliseconds == small["milliseconds"] == 1000
    assert (study.queries, study.k, study.n_films, study.n_terms) == (20, 5, 300, 60)


def test_the_same_seed_studies_the_same_films(matrix):
    first, second = (study_pca(matrix, (5,), queries=9, clock=ticking(), rng=1).table for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_a_study_can_be_stopped_and_needs_something_to_study(matrix):
    with pytest.raises(CancelledError):
        study_pca(matrix, (5,), should_stop=lambda: True)
    with pytest.raises(SettingsError, match="Ask for 1 to 60"):
        study_pca(matrix, (100,))
    with pytest.raises(DataError, match="share a word"):
        study_pca(sparse.eye(4, format="csr", dtype=np.float32), (2,))


def study_of(rows):
    columns = dict.fromkeys(STUDY_COLUMNS, 1.0)
    return PcaStudy(pd.DataFrame([{**columns, **row} for row in rows]), 2.0, 1.0, 1.0, 10, 10, 100, 50)


def test_the_verdict_follows_from_the_figures():
    study = study_of(
        [
            {"components": 50, "overlap": 0.2, "milliseconds": 0.5},
            {"components": 120, "overlap": 0.5, "milliseconds": 4.0, "approximate_overlap": 0.9},
            {"components": 400, "overlap": 0.8, "milliseconds": 8.0},
        ]
    )
    verdict = judge_pca(study)
    assert (verdict.components, verdict.coherent, verdict.speed) == (120, False, "slower")
    assert (verdict.speed_up, verdict.graph_speed_up, verdict.enough_components) == (0.5, 2.0, 400)
    assert (verdict.fastest, verdict.graph_wins) == ("approximate", True)
    other = judge_pca(study, 50)
    assert (other.components, other.speed, other.fastest) == (50, "faster", "reduced")
    assert judge_pca(study_of([{"components": 9, "overlap": 0.1}])).enough_components is None


@pytest.mark.parametrize(
    ("milliseconds", "speed", "fastest"),
    [(1.0, "faster", "reduced"), (1.9, "same", "exact"), (2.1, "same", "exact"), (4.0, "slower", "exact")],
)
def test_what_is_nearly_as_fast_is_no_difference(milliseconds, speed, fastest):
    """The exact search of these studies takes 2 ms."""
    row = {"components": 9, "overlap": 0.1, "milliseconds": milliseconds, "approximate_milliseconds": 2.0}
    verdict = judge_pca(study_of([row]))
    assert (verdict.speed, verdict.fastest, verdict.graph_speed) == (speed, fastest, "same")
    assert not verdict.graph_wins
