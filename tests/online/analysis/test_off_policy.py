"""What a policy that did not run would have earned: against the truth of a made-up world, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.errors import DataError
from recsys_online.analysis.decisions import logged_choices, mean_rewards, predicted_rewards
from recsys_online.analysis.off_policy import doubly_robust, ips, self_normalised
from tests.online.analysis.made_up import START, random_events, session_events, write_log

LISTENERS, VISITS, TRACKS = 500, 6, 8


class World:
    """Each listener likes each track so much; one policy ran, a better one did not."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        taste = np.random.default_rng(0).beta(1.0, 2.0, (LISTENERS, TRACKS))
        self.ran = np.random.default_rng(1).dirichlet(np.full(TRACKS, 2.0), LISTENERS)
        sharp = np.exp(2 * taste)
        self.judged = sharp / sharp.sum(axis=1, keepdims=True)
        self.truth = float((self.judged * taste).sum(axis=1).mean())
        self.users = np.repeat(np.arange(LISTENERS), VISITS)
        ends = self.ran[self.users].cumsum(axis=1)
        self.chosen = (rng.random((len(self.users), 1)) > ends).sum(axis=1).clip(max=TRACKS - 1)
        self.reward = taste[self.users, self.chosen] + rng.normal(0, 0.1, len(self.users))
        self.logged, self.target = (p[self.users, self.chosen] for p in (self.ran, self.judged))
        model = taste + np.random.default_rng(2).normal(0.1, 0.1, taste.shape)  # wrong, and biased
        self.predicted = model[self.users, self.chosen]
        self.expected = (self.judged * model).sum(axis=1)[self.users]

    def estimates(self):
        given = (self.reward, self.logged, self.target, self.users)
        return (
            ips(*given),
            self_normalised(*given),
            doubly_robust(*given, predicted=self.predicted, expected=self.expected),
        )


@pytest.fixture(scope="module")
def worlds():
    return [(world.truth, world.estimates()) for world in map(World, range(200))]


@pytest.mark.parametrize("which", range(3), ids=["ips", "self-normalised", "doubly robust"])
def test_the_truth_is_met_on_average_and_covered(worlds, which):
    truth = worlds[0][0]
    found = [estimates[which] for _, estimates in worlds]
    values = np.array([one.value for one in found])
    assert values.mean() == pytest.approx(truth, abs=4 * values.std() / np.sqrt(len(values)) + 0.001)
    assert np.mean([one.low <= truth <= one.high for one in found]) > 0.92
    # the listeners are the same every time, so that intervals over listeners are somewhat too wide here
    assert np.mean([one.high - one.low for one in found]) / 3.92 == pytest.approx(values.std(), rel=0.6)


def test_a_model_makes_the_estimate_steadier_and_normalising_does_too(worlds):
    spread = [np.std([estimates[which].value for _, estimates in worlds]) for which in range(3)]
    assert spread[2] < spread[1] < spread[0]


def test_the_policy_that_ran_gets_the_mean_of_what_it_earned():
    world = World(3)
    given = (world.reward, world.logged, world.logged, world.users)
    for method in (ips, self_normalised):
        estimate = method(*given)
        assert estimate.value == pytest.approx(world.reward.mean())
        assert estimate.effective == pytest.approx(len(world.reward))


def test_by_hand():
    reward, logged, target = np.array([1.0, 0.5, 0.0]), np.array([0.5, 0.25, 0.5]), np.array([1.0, 0.0, 0.5])
    users = np.array([1, 1, 2])
    assert ips(reward, logged, target, users).value == pytest.approx((2 * 1.0 + 0 * 0.5 + 1 * 0.0) / 3)
    assert self_normalised(reward, logged, target, users).value == pytest.approx((2 * 1.0 + 1 * 0.0) / 3)
    robust = doubly_robust(
        reward, logged, target, users, predicted=np.full(3, 0.4), expected=np.array([0.9, 0.3, 0.2])
    )
    assert robust.value == pytest.approx((0.9 + 2 * 0.6 + 0.3 + 0.2 + 1 * -0.4) / 3)
    assert robust.largest_weight == 2
    assert robust.effective == pytest.approx(3**2 / (2**2 + 1**2))


def test_what_cannot_be_judged_is_said():
    one = np.ones(2)
    with pytest.raises(DataError, match="above 0"):
        ips(one, np.array([0.0, 1.0]), one, one)
    with pytest.raises(DataError, match="every choice"):
        ips(np.empty(0), np.empty(0), np.empty(0), np.empty(0))
    assert np.isnan(self_normalised(one, one, np.zeros(2), one).value)


def test_choices_come_from_the_log_with_what_they_earned(tmp_path):
    events = session_events(7, [1.0, 0.25, 0.75], at=START)
    odd = session_events(8, [1.0, 0.5], at=START, finished=False)
    odd[0].propensity = None
    other = session_events(9, [1.0, 0.5, 0.1], at=START)
    other[0].recommendation = 5  # not what was heard next
    write_log(tmp_path, [*events, *odd, *other])
    found = logged_choices(str(tmp_path), "PERSONALIZED")
    rows = sorted(map(tuple, found.to_numpy().tolist()))
    assert rows == [
        ("7", "T1", "100", "101", "random", 0.25, 0.25, 1),
        ("7", "T1", "101", "102", "random", 0.25, 0.75, 2),
        ("9", "T1", "101", "102", "random", 0.25, 0.1, 2),
    ]


def test_the_plain_reward_model_draws_rare_tracks_to_the_mean(tmp_path):
    write_log(tmp_path, random_events(1))
    choices = logged_choices(str(tmp_path), "PERSONALIZED")
    means, everywhere = mean_rewards(choices, weight=2.0)
    of_one = choices.loc[choices["track"] == "101", "reward"]
    assert means["101"] == pytest.approx((of_one.sum() + 2 * everywhere) / (len(of_one) + 2))
    unknown = choices["track"].iloc[:1].replace(".*", "never", regex=True)
    assert predicted_rewards(unknown, means, everywhere).tolist() == [everywhere]
