"""Do intervals keep their word? Thousands of experiments whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from recsys_online.analysis.aa_check import aa_check
from recsys_online.analysis.cuped import cuped, paired_moments
from recsys_online.analysis.effects import relative_effect, welch_p_value
from recsys_online.analysis.moments import Moments, moments_of
from recsys_online.analysis.sequential import always_valid_effect

RUNS, USERS = 1000, 400


def listening(rng: np.random.Generator, lift: float, shape: tuple[int, ...]) -> np.ndarray:
    """Listening time a session: skewed, never negative, mean 2 (1 + lift)."""
    return rng.gamma(2.0, 1.0 + lift, shape)


def test_a_a_experiments_raise_a_false_alarm_five_times_in_100():
    rng = np.random.default_rng(11)
    arms = [moments_of(listening(rng, 0.0, (RUNS, USERS))) for _ in range(2)]
    alarms = (welch_p_value(*arms) < 0.05).mean()
    assert 0.037 <= alarms <= 0.064
    effect = relative_effect(*arms)
    assert 0.037 <= ((effect.low > 0) | (effect.high < 0)).mean() <= 0.064


@pytest.mark.parametrize("lift", [0.05, 0.3, 0.77])
def test_planted_effects_are_covered_95_times_in_100(lift):
    rng = np.random.default_rng(12)
    arms = [moments_of(listening(rng, one, (RUNS, USERS))) for one in (0.0, lift)]
    effect = relative_effect(*arms)
    assert 0.93 <= ((effect.low <= lift) & (lift <= effect.high)).mean() <= 0.97


def running(values: np.ndarray) -> Moments:
    """Moments after every user, ``(runs, users)`` from the second on."""
    n = np.arange(1, values.shape[1] + 1.0)
    mean = values.cumsum(axis=1) / n
    squares = (values**2).cumsum(axis=1)
    variance = (squares - n * mean**2)[:, 1:] / (n[1:] - 1)
    return Moments(np.broadcast_to(n[1:], variance.shape), mean[:, 1:], variance)


@pytest.mark.parametrize("lift", [0.0, 0.2])
def test_looking_after_every_user_misses_the_truth_at_most_five_times_in_100(lift):
    rng = np.random.default_rng(13)
    arms = [running(listening(rng, one, (RUNS, 2000))) for one in (0.0, lift)]
    always = always_valid_effect(*arms)
    missed = ((always.low > lift) | (always.high < lift)).any(axis=1).mean()
    assert missed <= 0.05
    fixed = relative_effect(*arms)
    fooled = ((fixed.low > lift) | (fixed.high < lift))[:, 100:].any(axis=1).mean()
    assert fooled > 0.25  # what looking does to an interval meant for one look


def test_looking_is_honest_too_when_the_same_listeners_come_again():
    """300 listeners an arm, 40 visits each, own habits: their means change, their number does not."""
    rng, runs, visits = np.random.default_rng(14), 400, 40
    arms = []
    for _ in range(2):
        habit = rng.gamma(8.0, 0.25, (runs, 300, 1))
        means = (habit * rng.gamma(2.0, 0.5, (runs, 300, visits))).cumsum(axis=2) / np.arange(1, visits + 1)
        arms.append(moments_of(means, axis=1))
    always = always_valid_effect(*arms)
    assert ((always.low > 0) | (always.high < 0)).any(axis=1).mean() <= 0.05


def test_a_planted_effect_is_found_early():
    rng = np.random.default_rng(15)
    arms = [running(listening(rng, one, (200, 2000))) for one in (0.0, 0.3)]
    found = always_valid_effect(*arms).low > 0
    assert found[:, -1].mean() > 0.99
    assert np.median(found.argmax(axis=1)) < 400


def test_cuped_covers_as_well_and_takes_the_noise_away():
    rng, runs, lift = np.random.default_rng(16), 600, 0.1
    covered, removed = [], []
    for _ in range(runs):
        pairs = []
        for one in (0.0, lift):
            habit = rng.gamma(8.0, 0.25, 300)
            now, before = (habit * (1 + k) + rng.normal(0, 0.4, 300) for k in (one, 0.0))
            pairs.append(paired_moments(now, before))
        adjusted = cuped(*pairs)
        effect = relative_effect(adjusted.control, adjusted.treatment)
        covered.append(effect.low <= lift <= effect.high)
        removed.append(adjusted.variance_removed)
    assert 0.93 <= np.mean(covered) <= 0.97
    assert 0.5 < np.mean(removed) < 0.7


def test_the_a_a_check_is_content_with_honest_values_and_not_with_a_heavy_tail():
    rng = np.random.default_rng(17)
    values = listening(rng, 0.0, (800,))
    check = aa_check(values, 1)
    assert check.fine
    assert check.low <= check.share <= check.high
    assert (check.low, check.high) == pytest.approx((0.029, 0.075), abs=0.002)
    assert aa_check(values, 1) == check
    # a heavy tail: a few listeners make the mean, and halves are told apart too seldom
    heavy = np.concatenate([np.zeros(400), [1e6]])
    assert not aa_check(heavy, 1).fine


def test_halving_is_a_t_test_of_the_two_halves():
    """The sums over halves against scipy, one half after another."""
    values = listening(np.random.default_rng(21), 0.0, (60,))
    halves = np.random.default_rng(3).random((200, 60)) < 0.5
    plain = [stats.ttest_ind(values[half], values[~half], equal_var=False).pvalue < 0.05 for half in halves]
    assert aa_check(values, 3, splits=200).share == np.mean(plain)


def test_nothing_is_said_of_a_control_whose_listeners_do_not_differ():
    assert aa_check(np.full(500, 2.0)) is None
