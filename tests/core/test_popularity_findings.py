"""What is said about charts and recommendations, on four artists."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.listening.popularity_findings import findings
from recsys_core.listening.popularity_shift import PopularityShift


@pytest.fixture
def shift():
    listened = np.array([8.0, 1.0, 4.0, 3.0])
    recommended = np.array([6.0, 0.0, 0.0, 2.0])
    return PopularityShift(np.array(list("abcd"), object), np.arange(4), listened, recommended)


def test_the_figures_are_counts_anyone_can_check(shift):
    found = findings(shift, n_top=2)
    assert (found.n_top, found.in_both) == (2, 1)  # a and c listened, a and d recommended
    assert (found.recommended.items, found.recommended.coverage) == (2, 2 / 4)
    assert found.listened.top_1_percent == 8 / 16
    assert found.recommended.items_for_80 == 2 / 4
    assert found.recommended.gini > found.listened.gini


def test_a_small_catalogue_is_compared_whole(shift):
    assert findings(shift).n_top == 4


def test_the_least_popular_half_is_by_listening():
    listened = np.arange(20, 0, -1.0)
    recommended = np.where(np.arange(20) < 10, 3.0, 1.0)
    found = findings(PopularityShift(np.arange(20).astype(object), np.arange(20), listened, recommended))
    assert found.listened.least_popular_half == pytest.approx(sum(range(1, 11)) / sum(range(1, 21)))
    assert found.recommended.least_popular_half == pytest.approx(10 / 40)
