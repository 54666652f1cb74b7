"""Factors are checked once, at the border."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.errors import ScoreError
from recsys_core.ranking import Factors


def test_scores_are_lightfms_sum():
    factors = Factors([[1, 2]], [[3, 4], [5, 6]], [0.5], [0.25, 0])
    assert factors.scores(np.array([0])).tolist() == [[1 * 3 + 2 * 4 + 0.25 + 0.5, 1 * 5 + 2 * 6 + 0.5]]


def test_arrays_become_contiguous_float32():
    factors = Factors(np.ones((4, 2)).T, np.ones((4, 3)).T, np.zeros(2), np.zeros(3))
    assert factors.user_embeddings.dtype == np.float32
    assert factors.user_embeddings.flags.c_contiguous
    assert (factors.n_users, factors.n_items, factors.size) == (2, 3, 4)


@pytest.mark.parametrize("name", ["user_embeddings", "item_embeddings", "user_biases", "item_biases"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_named(name, bad):
    arrays = {
        "user_embeddings": np.ones((2, 1)),
        "item_embeddings": np.ones((3, 1)),
        "user_biases": np.zeros(2),
        "item_biases": np.zeros(3),
    }
    arrays[name].flat[0] = bad
    with pytest.raises(ScoreError, match=f"1 of {arrays[name].size} values of {name}"):
        Factors(**arrays)


@pytest.mark.parametrize(
    "shapes", [((2, 1), (3, 2), 2, 3), ((2, 1), (3, 1), 3, 3), ((2, 1), (3, 1), 2, 2), (2, (3, 1), 2, 3)]
)
def test_shapes_that_do_not_fit_are_refused(shapes):
    with pytest.raises(ScoreError, match="do not fit together"):
        Factors(*(np.zeros(shape) for shape in shapes))


def test_finite_embeddings_whose_scores_would_overflow_are_refused():
    big = np.full((2, 2), 1e20, np.float32)
    with pytest.raises(ScoreError, match="overflow"):
        Factors(big, big, np.zeros(2), np.zeros(2))
