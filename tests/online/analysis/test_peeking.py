"""Peeking: how many experiments without an effect claim one."""

from __future__ import annotations

import numpy as np

from recsys_online.analysis.effects import relative_effect
from recsys_online.analysis.moments import moments_of
from recsys_online.analysis.peeking import COLUMNS, SHAPE, false_alarms
from recsys_online.analysis.sequential import always_valid_effect


def test_looking_often_fools_and_the_any_time_interval_does_not():
    table = false_alarms(1, looks=20)
    last = table.iloc[-1]
    assert table.columns.tolist() == COLUMNS
    assert 0.18 < last["one_look"] < 0.33
    assert last["any_time"] < 0.05
    assert (abs(table["at_this_look"] - 0.05) < 0.025).all()
    assert (table["one_look"].diff().dropna() >= 0).all()
    assert table["users"].tolist() == list(range(100, 2001, 100))


def test_looking_once_is_what_was_promised():
    (row,) = false_alarms(2, looks=1).to_dict("records")
    assert abs(row["one_look"] - 0.05) < 0.02
    assert row["one_look"] == row["at_this_look"]


def test_a_true_effect_is_found_by_both():
    last = false_alarms(3, tests=200, effect=0.2).iloc[-1]
    assert last["one_look"] > 0.99
    assert last["any_time"] > 0.9


def test_running_sums_give_what_whole_samples_give():
    """The slow twin: the same draws, kept whole."""
    tests, users, looks = 30, 600, 3
    fast = false_alarms(5, tests=tests, users=users, looks=looks)
    rng = np.random.default_rng(5)
    arms = [np.hstack([rng.gamma(SHAPE, 1 / SHAPE, (tests, 200)) for _ in range(looks)]) for _ in range(2)]
    once, always = np.zeros((2, tests, looks), bool)
    for test in range(tests):
        for look in range(looks):
            sample = [moments_of(arm[test, : 200 * (look + 1)]) for arm in arms]
            for found, interval in ((once, relative_effect), (always, always_valid_effect)):
                bounds = interval(*sample)
                found[test, look] = bounds.low > 0 or bounds.high < 0
    assert fast["at_this_look"].tolist() == once.mean(axis=0).tolist()
    assert fast["one_look"].tolist() == np.maximum.accumulate(once, axis=1).mean(axis=0).tolist()
    assert fast["any_time"].tolist() == np.maximum.accumulate(always, axis=1).mean(axis=0).tolist()
