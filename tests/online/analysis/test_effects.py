"""Effects and their intervals against scipy, statsmodels, the older notebook's formulas and plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from recsys_core.errors import SettingsError
from recsys_online.analysis.comparison import compare_arms
from recsys_online.analysis.effects import (
    difference,
    older_relative_effect,
    relative_effect,
    relative_error,
    welch_p_value,
)
from recsys_online.analysis.moments import Moments, moments_of
from recsys_online.analysis.power import smallest_detectable, users_needed
from recsys_online.analysis.sample_ratio import sample_ratio
from recsys_online.analysis.sequential import always_valid_effect, always_valid_half_width, variance_to_decide

RNG = np.random.default_rng(7)
CONTROL, TREATMENT = RNG.gamma(2.0, 1.0, 400), RNG.gamma(2.5, 1.1, 700)
PAIR = moments_of(CONTROL), moments_of(TREATMENT)


def test_the_difference_is_scipy_s_and_statsmodels_welch():
    scipy = stats.ttest_ind(TREATMENT, CONTROL, equal_var=False)
    ours = difference(*PAIR)
    assert (ours.low, ours.high) == pytest.approx(tuple(scipy.confidence_interval()), rel=1e-12)
    assert welch_p_value(*PAIR) == pytest.approx(scipy.pvalue, rel=1e-9)
    other = CompareMeans(DescrStatsW(TREATMENT), DescrStatsW(CONTROL)).tconfint_diff(usevar="unequal")
    assert (ours.low, ours.high) == pytest.approx(other, rel=1e-12)


def older_notebook(control: np.ndarray, treatment: np.ndarray) -> tuple[float, float, float]:
    """The formulas of the older service's notebook, term by term, in per cent."""
    n_0, n_1 = len(control), len(treatment)
    s_0, s_1 = control.var(ddof=1), treatment.var(ddof=1)
    dof = (s_0 / n_0 + s_1 / n_1) ** 2 / (s_0**2 / (n_0**2 * (n_0 - 1)) + s_1**2 / (n_1**2 * (n_1 - 1)))
    half = stats.t.ppf(0.975, dof) * np.sqrt(s_0 / n_0 + s_1 / n_1)
    diff = treatment.mean() - control.mean()
    return tuple(100 * x / control.mean() for x in (diff, diff - half, diff + half))


def test_the_older_way_is_the_notebook_s():
    ours = older_relative_effect(*PAIR)
    assert [100 * float(x) for x in ours] == pytest.approx(older_notebook(CONTROL, TREATMENT), rel=1e-12)


# metric: control mean, treatment mean, published effect, lower, upper (per cent): notebooks of 2023 and 2024
PUBLISHED = {
    "mean_time_per_session 2023": (2.059, 3.649, 77.2, 67.4, 87.1),
    "mean_tracks_per_session 2023": (7.054, 8.630, 22.3, 19.4, 25.3),
    "time 2023": (2.513, 4.443, 76.8, 65.7, 87.8),
    "sessions 2023": (1.219, 1.204, -1.2, -3.9, 1.5),
    "mean_time_per_session 2024": (2.921, 3.682, 26.1, 20.6, 31.5),
    "mean_tracks_per_session 2024": (7.869, 8.673, 10.2, 8.0, 12.4),
    "sessions 2024": (1.199, 1.212, 1.1, -1.5, 3.7),
}


@pytest.mark.parametrize("row", PUBLISHED.values(), ids=PUBLISHED)
def test_published_tables_are_reproduced(row):
    """Means and one end of the interval fix the standard error: the rest of the row must follow."""
    control_mean, treatment_mean, effect, lower, upper = row
    n = 823  # listeners an arm: 2,000 sessions at 1.21 a listener
    half = (upper - lower) / 2 / 100 * control_mean
    variance = (half / stats.t.ppf(0.975, 2 * n - 2)) ** 2 * n / 2
    ours = older_relative_effect(Moments(n, control_mean, variance), Moments(n, treatment_mean, variance))
    assert [100 * float(x) for x in ours] == pytest.approx([effect, lower, upper], abs=0.11)


def test_the_delta_method_is_the_gradient_of_the_ratio():
    control, treatment = PAIR
    step = 1e-6
    by_control = (treatment.mean / (control.mean + step) - treatment.mean / (control.mean - step)) / (
        2 * step
    )
    by_treatment = 1 / control.mean
    variance = (
        by_control**2 * control.variance / control.n + by_treatment**2 * treatment.variance / treatment.n
    )
    assert relative_error(*PAIR).variance == pytest.approx(variance, rel=1e-6)


def test_the_delta_method_agrees_with_the_bootstrap_and_the_older_way_is_too_narrow():
    rng, ratios = np.random.default_rng(1), []
    for _ in range(2000):
        treatment, control = rng.choice(TREATMENT, 700), rng.choice(CONTROL, 400)
        ratios.append(treatment.mean() / control.mean() - 1)
    ours, older = relative_effect(*PAIR), older_relative_effect(*PAIR)
    low, high = np.quantile(ratios, [0.025, 0.975])
    assert ours.high - ours.low == pytest.approx(high - low, rel=0.06)
    assert older.high - older.low < 0.9 * (ours.high - ours.low)


@given(st.floats(0.1, 100), st.integers(0, 2**32 - 1))
def test_relative_effects_do_not_know_the_unit(factor, seed):
    rng = np.random.default_rng(seed)
    one, other = rng.random(20) + 0.5, rng.random(30) + 0.5
    for method in (relative_effect, older_relative_effect):
        plain, scaled = (method(moments_of(k * one), moments_of(k * other)) for k in (1.0, factor))
        assert np.allclose(plain, scaled, rtol=1e-6, atol=1e-9)


def test_nothing_is_claimed_where_nothing_is_known():
    zero, some = Moments(50.0, 0.0, 1.0), Moments(50.0, 1.0, 1.0)
    for method in (relative_effect, older_relative_effect, always_valid_effect):
        assert np.isnan(method(zero, some).value)
    alike = Moments(50.0, 2.0, 0.0)
    assert tuple(map(float, relative_effect(alike, alike))) == (0, 0, 0)
    assert np.isinf(always_valid_effect(Moments(99.0, 1.0, 1.0), Moments(900.0, 2.0, 1.0)).high)


def test_all_p_values_of_a_report_are_corrected_together():
    arms = {
        name: {
            arm: moments_of(RNG.normal(1 + lift, 1, 200))
            for arm, lift in zip("CTU", (0, 0.3, 0.1), strict=True)
        }
        for name in ("time", "sessions")
    }
    effects = compare_arms(arms)
    holm = multipletests([one.p_value for one in effects], method="holm")[1]
    assert [one.p_holm for one in effects] == pytest.approx(holm)
    assert [one.significant for one in effects] == [bool(p < 0.05) for p in holm]
    assert len(effects) == 4


def test_power_is_statsmodels():
    control = Moments(1000.0, 2.0, 1.5**2)
    n = users_needed(control, 0.1)
    size = 0.1 * 2.0 / 1.5
    theirs = NormalIndPower().solve_power(size, power=0.8, alpha=0.05, alternative="larger", ratio=1)
    both = NormalIndPower().solve_power(size, power=0.8, alpha=0.05, ratio=1)
    assert n / 2 == pytest.approx(both, rel=2e-3)
    assert n / 2 > theirs
    assert smallest_detectable(control, n / 2, n / 2) == pytest.approx(0.1, rel=1e-3)
    assert users_needed(control, 0.1, share=0.1) == pytest.approx(n * 0.25 / 0.09, rel=1e-3)
    assert 1.3 * n < users_needed(control, 0.1, peeking=True) < 2.5 * n
    for effect, share in ((0.0, 0.5), (0.1, 0.0), (0.1, 1.0)):
        with pytest.raises(SettingsError, match="effect other than 0"):
            users_needed(control, effect, share=share)


def test_the_planned_number_of_users_has_the_planned_power():
    rng, control = np.random.default_rng(3), Moments(1000.0, 2.0, 1.0)
    n = users_needed(control, 0.1) // 2
    means = rng.normal([2.0, 2.2], np.sqrt(1 / n), (4000, 2))
    arms = [Moments(np.full(4000, n), means[:, arm], np.ones(4000)) for arm in (0, 1)]
    assert (welch_p_value(*arms) < 0.05).mean() == pytest.approx(0.8, abs=0.025)


def test_the_always_valid_interval_is_where_the_mixture_ratio_reaches_its_bound():
    """The interval ends where the average likelihood ratio, taken by sum over effects, is 1 / alpha."""
    variance, scale, alpha = 0.03**2, 0.2, 0.05
    edge = always_valid_half_width(variance, 1 - alpha, scale)
    effects = np.linspace(-3, 3, 200_001)
    ratios = stats.norm.pdf(edge, effects, np.sqrt(variance)) / stats.norm.pdf(edge, 0, np.sqrt(variance))
    mixture = np.trapezoid(ratios * stats.norm.pdf(effects, 0, scale), effects)
    assert mixture == pytest.approx(1 / alpha, rel=1e-6)


def test_always_valid_is_wider_than_one_look():
    fixed, always = relative_effect(*PAIR), always_valid_effect(*PAIR)
    assert always.low < fixed.low < fixed.value < fixed.high < always.high


@pytest.mark.parametrize("peeking", [True, False])
def test_the_error_at_which_an_effect_is_made_out(peeking):
    variance = variance_to_decide(0.1, peeking=peeking)
    half = always_valid_half_width(variance) if peeking else 1.959964 * np.sqrt(variance)
    assert half + 0.841621 * np.sqrt(variance) == pytest.approx(0.1, rel=1e-6)


def test_the_sample_ratio_test_is_scipy_s_and_rings_at_48_to_52():
    found = sample_ratio({"C": 24_000, "T1": 26_000}, {"C": 1, "T1": 1})
    assert found.p_value == pytest.approx(stats.chisquare([24_000, 26_000]).pvalue)
    assert found.alarm
    assert not sample_ratio({"C": 24_900, "T1": 25_100}, {"C": 5000, "T1": 5000}).alarm
    assert not sample_ratio({"C": 900, "T1": 100}, {"C": 9, "T1": 1}).alarm
    assert sample_ratio({"C": 900}, {"C": 1, "T1": 1}).alarm  # an arm without anybody
    assert not sample_ratio({}, {"C": 1, "T1": 1}).alarm


def test_the_sample_ratio_alarm_stays_quiet_in_clean_experiments():
    counts = np.random.default_rng(5).binomial(50_000, 0.5, 1000)
    rings = sum(sample_ratio({"C": n, "T1": 50_000 - n}, {"C": 1, "T1": 1}).alarm for n in counts)
    assert rings <= 4
