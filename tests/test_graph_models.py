"""The split that graph models were published with: shares by listener, nothing lost, nothing twice."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.graph_models import by_listener, held_out, judged
from recsys_core.datasets import load_demo
from tests.core.small_data import random_dataset


@pytest.mark.parametrize(
    ("pairs", "parts"), [(50, (5, 5)), (19, (1, 1)), (7, (1, 1)), (2, (0, 1)), (1, (0, 0))]
)
def test_a_tenth_each_is_held_out_and_at_least_one_pair_where_there_are_some(pairs, parts):
    assert held_out(pairs) == parts


def test_every_pair_is_in_one_part_and_each_listener_is_cut_by_the_shares():
    rows = random_dataset(30, 40, 500).interactions
    parts = by_listener(rows, 3)
    cells = np.concatenate([one.user_idx.astype(int) * 40 + one.item_idx for one in parts])
    assert sorted(cells) == sorted(rows.user_idx.astype(int) * 40 + rows.item_idx)
    counts = np.bincount(rows.user_idx, minlength=30)
    _, validation, test = (np.bincount(one.user_idx, minlength=30) for one in parts)
    expected = [held_out(int(count)) for count in counts]
    np.testing.assert_array_equal(np.column_stack([validation, test]), expected)


def test_another_seed_holds_out_other_pairs():
    rows = random_dataset(30, 40, 500).interactions
    assert not np.array_equal(by_listener(rows, 3)[2].item_idx, by_listener(rows, 4)[2].item_idx)


def test_a_model_is_judged_under_it():
    data = load_demo(n_users=60)
    popular, chance = (judged(data, name, 3, 1) for name in ("popularity", "random"))
    assert all(one > other for one, other in zip(popular, chance, strict=True))
