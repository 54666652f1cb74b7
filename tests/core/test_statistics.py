"""Bootstrap intervals and paired comparisons beside slow, obvious twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recsys_core.errors import DataError
from recsys_core.statistics import BLOCK, Interval, bootstrap_intervals, paired_difference

values = hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1, width=32))


def resampled_means_one_by_one(column, seed, resamples):
    """The twin: draw counts, repeat every row as often as it was drawn, take the mean of what is known."""
    rng = np.random.default_rng(seed)
    means = []
    for _ in range(resamples):
        times = rng.multinomial(len(column), np.full(len(column), 1 / len(column)))
        drawn = np.repeat(column, times)
        known = drawn[~np.isnan(drawn)]
        means.append(known.mean() if len(known) else np.nan)
    return np.array(means)


@given(column=values, seed=st.integers(0, 99))
def test_interval_is_the_quantiles_of_resampled_means(column, seed):
    interval = bootstrap_intervals({"auc": column}, seed, resamples=50)["auc"]
    means = resampled_means_one_by_one(column, seed, 50)
    expected = (column.mean(), *np.quantile(means, [0.025, 0.975]))
    np.testing.assert_allclose((interval.mean, interval.low, interval.high), expected, atol=1e-12)


def test_blocks_of_resamples_change_nothing():
    column, resamples = np.random.default_rng(0).random(12), 2 * BLOCK + 7
    interval = bootstrap_intervals({"auc": column}, 3, resamples=resamples)["auc"]
    low, high = np.quantile(resampled_means_one_by_one(column, 3, resamples), [0.025, 0.975])
    assert (interval.low, interval.high) == pytest.approx((low, high))


def test_all_metrics_are_resampled_with_the_same_users():
    column = np.random.default_rng(0).random(50)
    both = bootstrap_intervals({"a": column, "twice a": 2 * column}, 1)
    assert both["twice a"].low == pytest.approx(2 * both["a"].low)


def test_the_seed_decides():
    column = {"a": np.random.default_rng(0).random(50)}
    assert bootstrap_intervals(column, 1) == bootstrap_intervals(column, 1) != bootstrap_intervals(column, 2)


def test_draws_kept_for_a_seed_are_those_of_its_generator_which_goes_on():
    column = {"a": np.random.default_rng(0).random(50)}
    rng = np.random.default_rng(1)
    assert (
        bootstrap_intervals(column, 1) == bootstrap_intervals(column, rng) != bootstrap_intervals(column, rng)
    )


def test_undefined_values_are_left_out_of_mean_and_resamples():
    column = np.array([0.2, np.nan, 0.4, 0.9])
    interval = bootstrap_intervals({"a": column}, 5, resamples=40)["a"]
    assert interval.mean == pytest.approx((0.2 + 0.4 + 0.9) / 3)
    low, high = np.nanquantile(resampled_means_one_by_one(column, 5, 40), [0.025, 0.975])
    assert (interval.low, interval.high) == pytest.approx((low, high))


@pytest.mark.slow
def test_95_percent_intervals_hold_the_truth_about_95_times_in_100():
    rng = np.random.default_rng(0)
    samples = [rng.normal(0.5, 0.2, 80) for _ in range(400)]
    intervals = [bootstrap_intervals({"a": one}, rng, resamples=200)["a"] for one in samples]
    covered = np.mean([one.low <= 0.5 <= one.high for one in intervals])
    assert 0.90 <= covered <= 0.98


def test_half_width_is_what_stands_behind_plus_minus():
    assert Interval(0.5, 0.4, 0.7).half_width == pytest.approx((0.7 - 0.4) / 2)


def test_no_user_is_an_error():
    with pytest.raises(DataError, match="no user"):
        bootstrap_intervals({"a": np.zeros(0)})


def test_a_clear_difference_has_a_small_p_value_and_equal_models_have_one():
    rng = np.random.default_rng(0)
    worse = rng.random(200)
    clear = paired_difference(worse + rng.normal(0.1, 0.05, 200), worse, 1)
    assert clear.p_value == pytest.approx(2 / 1001)  # never exactly 0: one extra resample is counted
    assert 0.08 < clear.low < clear.mean < clear.high < 0.12
    same = paired_difference(worse, worse, 1)
    assert (same.mean, same.low, same.high, same.p_value) == (0, 0, 0, 1)


@given(a=values, seed=st.integers(0, 99))
def test_swapping_the_models_flips_the_sign_and_keeps_the_p_value(a, seed):
    b = a[::-1].copy()
    one, other = (paired_difference(*pair, seed, resamples=99) for pair in ((a, b), (b, a)))
    assert (one.mean, one.low, one.high) == pytest.approx((-other.mean, -other.high, -other.low), abs=1e-9)
    assert one.p_value == other.p_value


def test_pairing_sees_a_small_steady_gain_that_unpaired_intervals_hide():
    rng = np.random.default_rng(0)
    b = rng.random(500)
    a = b + 0.01
    apart = bootstrap_intervals({"a": a}, 1)["a"], bootstrap_intervals({"b": b}, 1)["b"]
    assert apart[0].low < apart[1].high
    assert paired_difference(a, b, 1).p_value < 0.01
