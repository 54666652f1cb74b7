"""Before and after for the same listeners: against the bootstrap, by coverage, and in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_cli.loop_report import improvement_words
from recsys_online.analysis.cuped import paired_moments
from recsys_online.analysis.effects import relative_effect
from recsys_online.analysis.listeners import PRIMARY
from recsys_online.loop import improvement
from recsys_online.loop.improvement import paired_relative_effect


def listeners(values: dict[str, np.ndarray]) -> pd.DataFrame:
    frames = [
        pd.DataFrame({"listener": [f"{arm}{row}" for row in range(len(one))], "treatment": arm, PRIMARY: one})
        for arm, one in values.items()
    ]
    return pd.concat(frames, ignore_index=True)


def two_turns(rng: np.random.Generator, n: int, change: float) -> tuple[np.ndarray, np.ndarray]:
    """Listening of the same ``n`` people, who differ far more from each other than from themselves."""
    taste = rng.gamma(2.0, 2.0, n)
    return taste + rng.normal(0, 0.5, n), taste * (1 + change) + rng.normal(0, 0.5, n)


def test_the_interval_is_the_bootstrap_s():
    rng = np.random.default_rng(1)
    before, after = two_turns(rng, 400, 0.05)
    found = paired_relative_effect(paired_moments(after, before))
    rows = rng.integers(0, 400, (20_000, 400))
    ratios = after[rows].mean(1) / before[rows].mean(1) - 1
    assert found.value == pytest.approx(after.mean() / before.mean() - 1)
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(ratios, (2.5, 97.5))), abs=0.002)


def test_it_covers_the_truth_95_times_in_100_and_is_narrower_than_with_others():
    rng = np.random.default_rng(2)
    covered = []
    for _ in range(1000):
        before, after = two_turns(rng, 200, 0.05)
        pair = paired_moments(after, before)
        found = paired_relative_effect(pair)
        covered.append(found.low <= 0.05 <= found.high)
        apart = relative_effect(pair.earlier, pair.value)
        assert found.high - found.low < 0.5 * (apart.high - apart.low)
    assert 0.93 <= np.mean(covered) <= 0.97


@pytest.mark.parametrize(("change", "outcome"), [(0.2, "improved"), (-0.2, "worse"), (0.0, "not_told_apart")])
def test_outcomes_and_their_words(change, outcome):
    rng = np.random.default_rng(3)
    treated, control = two_turns(rng, 300, change), two_turns(rng, 300, 0.0)
    before, after = (listeners({"T1": treated[turn], "C": control[turn]}) for turn in (0, 1))
    found = improvement(2, "T1", before, after.iloc[5:])
    assert found.outcome == outcome
    assert found.listeners == 295  # five of T1 did not come back
    words = improvement_words(found)
    said = {"improved": "improves on turn 1", "worse": "is worse", "not_told_apart": "the interval holds 0"}
    assert said[outcome] in words
    assert "295 listeners of T1" in words


def test_nobody_in_both_turns_says_nothing():
    found = improvement(2, "T1", listeners({"T1": np.ones(3), "C": np.ones(3)}), listeners({"C": np.ones(3)}))
    assert found.outcome == "not_told_apart"
    assert found.change.value is None
    assert found.listeners == 0
    assert "?" in improvement_words(found)
