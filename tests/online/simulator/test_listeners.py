"""Listeners follow the formula to the letter, whoever simulates them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import ks_2samp

from recsys_core.errors import DataError
from recsys_online.simulator import Habits, World, read_botify_world
from recsys_online.simulator.botify_world import stand_in_embeddings
from recsys_online.simulator.policies import FAST
from tests.online.simulator.conftest import run, served
from tests.online.simulator.literal import read_literal


@pytest.fixture(scope="module")
def literal(files, world):
    twin = read_literal(*files, world.embeddings)
    for user in twin.users:
        user["interests"] = [world.row[track] for track in user["interests"]]
    return twin


@pytest.mark.parametrize("recommender", [*FAST, "session"])
def test_every_share_is_the_formula_s(world, literal, publication, recommender):
    _, kept = run(world, served(publication, recommender), 300)
    for listener, interest, tracks, shares in kept.sessions:
        user = literal.users[listener]
        expected = [literal.share(user, interest, track, tracks[:at]) for at, track in enumerate(tracks)]
        assert shares[0] == 1.0
        # a hundredth where the unrounded share lies on the edge between two
        assert shares[1:] == pytest.approx(expected[1:], abs=0.0101)
        assert sum(abs(a - b) > 1e-9 for a, b in zip(shares[1:], expected[1:], strict=True)) <= 1


def test_first_tracks_are_the_ten_nearest_by_inner_product(world):
    interests = np.array([0, 7, 399, 7])
    found = world.first_tracks(interests)
    expected = np.argsort(-(world.embeddings @ world.embeddings[interests].T), axis=0)[:10].T
    assert found.tolist() == expected.tolist()


def test_a_session_that_nobody_likes_is_five_recommendations_long(world, publication):
    listeners = world.listeners
    bored = World(
        "bored", world.public, world.embeddings,
        type(listeners)(listeners.users, listeners.interests, listeners.bias + 1000, listeners.sharpness),
    )  # fmt: skip
    summary, kept = run(bored, served(publication, "random"), 200)
    assert {len(tracks) for _, _, tracks, _ in kept.sessions} == {6}
    assert summary.arms[0].time_per_session == 1.0


def test_a_listener_who_never_skips_leaves_in_the_end(world, publication):
    listeners = world.listeners
    happy = World(
        "happy", world.public, world.embeddings,
        type(listeners)(listeners.users, listeners.interests, listeners.bias - 1000, listeners.sharpness),
        Habits(fatigue=1.0, longest=30),
    )  # fmt: skip
    _, kept = run(happy, served(publication, "random"), 50)
    assert max(len(tracks) for _, _, tracks, _ in kept.sessions) == 30


@pytest.mark.parametrize("recommender", FAST)
def test_compiled_recommenders_are_statistically_those_of_the_service(world, publication, recommender):
    fast, kept = run(world, served(publication, recommender), 4000, seed=1)
    slow, asked = run(world, served(publication, recommender, compiled=False), 4000, seed=2)
    for name in ("tracks_per_session", "time_per_session"):
        difference = getattr(fast.arms[0], name) - getattr(slow.arms[0], name)
        margin = name.replace("per_session", "margin")
        assert (
            abs(difference)
            < 2 * np.hypot(getattr(fast.arms[0], margin), getattr(slow.arms[0], margin)) / 1.96 * 2
        )
    assert fast.arms[0].to_dict()["fallback_share"] == pytest.approx(
        slow.arms[0].to_dict()["fallback_share"], abs=0.03
    )
    second = [[tracks[1] for _, _, tracks, _ in one.sessions] for one in (kept, asked)]
    assert ks_2samp(*second).pvalue > 1e-4
    assert ks_2samp(kept.propensities, asked.propensities).pvalue > 1e-4


def test_the_whole_is_statistically_the_literal_twin(world, literal, publication):
    rng = np.random.default_rng(3)
    sessions = [literal.session(lambda _played: int(rng.integers(400)), rng) for _ in range(1500)]
    _, kept = run(world, served(publication, "random"), 4000, seed=4)
    lengths = [len(tracks) for _, _, tracks, _ in kept.sessions]
    times = [sum(shares) for _, _, _, shares in kept.sessions]
    assert ks_2samp([len(one) for one in sessions], lengths).pvalue > 1e-3
    assert ks_2samp([sum(share for _, share in one) for one in sessions], times).pvalue > 1e-3


def test_random_control_is_as_published(real_botify):
    world = read_botify_world(real_botify / "users_2024.json", real_botify / "tracks_2021.json")
    summary, _ = run(world, served(world.without_lists(), "random"), 40_000, seed=6)
    arm = summary.arms[0]
    assert arm.tracks_per_session == pytest.approx(7.05, abs=0.06)
    assert arm.time_per_session == pytest.approx(2.06, abs=0.06)


def test_stand_in_embeddings_have_the_spread_of_the_real_ones():
    rng = np.random.default_rng(0)
    rows = stand_in_embeddings(np.arange(20_000) // 4, rng)
    one, other = rng.integers(0, len(rows), (2, 100_000))
    products = np.einsum("ij,ij->i", rows[one], rows[other])[one // 4 != other // 4]
    assert products.std() == pytest.approx(2.85, abs=0.15)
    assert np.percentile(products, 80) == pytest.approx(2.37, abs=0.15)
    assert np.einsum("ij,ij->i", rows, rows).mean() == pytest.approx(26.9, abs=0.5)


def test_real_traits_are_as_described(real_botify):
    world = read_botify_world(real_botify / "users_2024.json", real_botify / "tracks_2021.json")
    assert len(world.listeners) == 10_000
    assert world.listeners.bias.mean() == pytest.approx(4.99, abs=0.01)
    assert np.median(world.listeners.sharpness) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{}", "user"),
        ('{"user": 0, "interests": [1000, 1001], "consume_bias": 1, "consume_sharpness": 1}', "length 3"),
        ('{"user": 0, "interests": [1, 1001, 1002], "consume_bias": 1, "consume_sharpness": 1}', "no track"),
        (
            '{"user": -1, "interests": [1000, 1001, 1002], "consume_bias": 1, "consume_sharpness": 1}',
            "below 0",
        ),
    ],
)
def test_a_bad_line_is_named(files, tmp_path, line, what):
    users = tmp_path / "users.json"
    users.write_text(json.dumps(json.loads(line)) + "\n")
    with pytest.raises(DataError, match=what) as caught:
        read_botify_world(users, files[1])
    assert "line 1" in str(caught.value)
