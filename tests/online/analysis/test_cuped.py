"""CUPED against the regression that it amounts to, and through the log."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from recsys_online.analysis import Question, analyse
from recsys_online.analysis.cuped import cuped, paired_moments
from tests.online.analysis.made_up import START, session_events, write_log


def test_the_slope_and_the_difference_are_the_regression_s():
    rng = np.random.default_rng(1)
    earlier = rng.normal(5, 2, 500)
    treated = np.arange(500) % 2 == 1
    value = 1 + 0.7 * earlier + 0.3 * treated + rng.normal(0, 1, 500)
    adjusted = cuped(
        paired_moments(value[~treated], earlier[~treated]), paired_moments(value[treated], earlier[treated])
    )
    fitted = sm.OLS(value, sm.add_constant(np.column_stack([treated, earlier]))).fit()
    assert adjusted.slope == pytest.approx(fitted.params[2], rel=1e-9)
    assert adjusted.treatment.mean - adjusted.control.mean == pytest.approx(fitted.params[1], rel=1e-9)
    by_hand = value - adjusted.slope * (earlier - earlier.mean())
    assert adjusted.control.variance == pytest.approx(by_hand[~treated].var(ddof=1), rel=1e-9)
    assert 0.5 < adjusted.variance_removed < 0.9


def test_earlier_values_that_say_nothing_change_nothing():
    rng = np.random.default_rng(2)
    one, other = rng.normal(1, 1, 50), rng.normal(2, 1, 60)
    adjusted = cuped(paired_moments(one, np.zeros(50)), paired_moments(other, np.zeros(60)))
    assert (adjusted.slope, adjusted.variance_removed) == (0, 0)
    assert adjusted.control.mean == one.mean()


def test_earlier_sessions_of_a_log_narrow_the_interval(tmp_path):
    rng, events, midnight = np.random.default_rng(5), [], START + 10_000_000
    for user in range(300):
        habit = rng.uniform(0.1, 0.9)
        for start, lift in ((START, 0.0), (midnight, 0.05 * (user % 2))):
            for visit in range(3 if user % 20 > 1 or start > START else 0):  # one in ten is new
                share = float(np.clip(habit + lift + rng.normal(0, 0.05), 0, 1))
                events += session_events(user, [1.0, share, share], at=start + 1000 * user + 10 * visit)
    write_log(tmp_path, events)
    report = analyse(str(tmp_path), Question("PERSONALIZED", since=midnight))
    one = next(one for one in report.effects if one.metric == "mean_time_per_session")
    assert report.sessions == {"C": 450, "T1": 450}
    assert one.variance_removed > 0.6
    assert one.earlier_effect.high - one.earlier_effect.low < 0.7 * (one.effect.high - one.effect.low)
    assert one.earlier_effect.low < 0.1 / 2.0 < one.earlier_effect.high
