"""Who gets which treatment: golden vectors, a second implementation, balance, independence, ramps, layers."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, chisquare

from recsys_core.errors import SettingsError
from recsys_online.experiments import Experiment, Experiments, Split, Treatment
from recsys_online.experiments.hashing import BUCKETS, blake_bucket, murmur_bucket
from recsys_online.experiments.plan import Plan, Variant, read_plan
from recsys_online.settings import read_settings
from recsys_online.shelves import RECOMMENDERS
from tests.online.literal_hashes import blake2b_64, murmur3

GOLDEN = json.loads(Path(__file__).with_name("golden_assignments.json").read_text())
PUBLISHED = "0 1 1 0 0 0 1 0 1 0 1 1 0 1 1 0 0 0 1 0"
MANY = 20_000
NAMES = ("random", "indexed", "session")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def counts(experiment: Experiment, users: range) -> dict[Treatment | None, int]:
    drawn = [experiment.assign(user) for user in users]
    return {one: drawn.count(one) for one in (*experiment.treatments, None)}


def test_personalized_assigns_as_the_older_service_published():
    drawn = [Experiments.PERSONALIZED.assign(user) for user in range(20)]
    assert " ".join("1" if one is Treatment.T1 else "0" for one in drawn) == PUBLISHED


def test_personalized_halves_ten_thousand_users_as_published():
    assert counts(Experiments.PERSONALIZED, range(10_000)) == {"C": 4993, "T1": 5007, None: 0}


@pytest.mark.parametrize("golden", GOLDEN["murmur"], ids=lambda golden: golden["name"])
def test_version_1_never_changes(golden):
    experiment = Experiment(golden["name"], golden["split"])
    drawn = [experiment.treatments.index(experiment.assign(user)) for user in range(50)]
    assert "".join(map(str, drawn)) == golden["treatments"]


def test_version_2_never_changes():
    assert len(GOLDEN["blake"]) >= 200
    for golden in GOLDEN["blake"]:
        salt, version, user = golden["salt"], golden["version"], golden["user"]
        assert blake_bucket(salt, version, user) == golden["bucket"]
        assert blake2b_64(f"{salt}:{version}:{user}".encode()) * 10_000 // 2**64 == golden["bucket"]


@given(
    name=st.from_regex(r"[A-Za-z0-9_.-]{1,12}", fullmatch=True),
    user=st.integers(0, 2**63),
    k=st.integers(2, 10),
)
def test_version_1_is_murmur_of_the_decimal_id_seeded_by_the_name(name, user, k):
    seed = murmur3(name.encode(), 0)
    experiment = Experiment(name, k)
    assert experiment.treatments.index(experiment.assign(user)) == murmur3(str(user).encode(), seed) % k


@given(user=st.one_of(st.integers(0), st.text(max_size=20)))
def test_buckets_of_version_2_are_the_top_of_a_64_bit_hash(user):
    if isinstance(user, str) and not user.isascii():
        return
    drawn = blake2b_64(f"salt:2:{user}".encode())
    assert blake_bucket("salt", 2, user) == drawn * 10_000 // 2**64


def test_one_name_in_two_spellings_is_one_user():
    assert blake_bucket("salt", 2, "andre\u0301") == blake_bucket("salt", 2, "andr\u00e9")


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("split", [2, 3, 7, 10])
def test_even_splits_are_even(version, split):
    found = counts(Experiment("even", split, version), range(MANY))
    assert chisquare([found[one] for one in Experiment("even", split).treatments]).pvalue > 1e-4


def test_buckets_of_a_million_listeners_are_even():
    """Both hashes, at a size at which a bias of half a percent in one of ten arms would show."""
    users = range(1_000_000)
    older = np.array([murmur_bucket("PERSONALIZED", user, 10) for user in users])
    ours = np.array([blake_bucket("even/treatment", 2, user) for user in users]) // (BUCKETS // 10)
    for arms in (older, ours):
        assert chisquare(np.bincount(arms, minlength=10)).pvalue > 1e-4


def test_shares_are_kept():
    found = counts(Experiment("shares", (7000, 2000, 1000), 2), range(MANY))
    expected = [0.7 * MANY, 0.2 * MANY, 0.1 * MANY]
    assert chisquare([found["C"], found["T1"], found["T2"]], expected).pvalue > 1e-4


def test_experiments_are_independent_of_each_other():
    """Of 190 pairs of 20 experiments none is related at the level of one in 10,000 for all pairs together."""
    experiments = [Experiment(f"E{i}", 2, 2) for i in range(20)]
    arms = [np.array([one.assign(user) == "T1" for user in range(4000)], int) for one in experiments]
    for one, other in itertools.combinations(arms, 2):
        table = np.bincount(2 * one + other, minlength=4).reshape(2, 2)
        assert chi2_contingency(table).pvalue > 1e-4 / 190


def test_raising_traffic_moves_nobody_between_arms():
    small, large = (Experiment("ramp", (5000, 5000), 2, traffic=traffic) for traffic in (1000, 5000))
    for user in range(5000):
        assert small.assign(user) in (None, large.assign(user))


def test_traffic_is_the_share_of_users_who_take_part():
    taking_part = sum(Experiment("ramp", 2, 2, traffic=2500).assign(user) is not None for user in range(MANY))
    assert chisquare([taking_part, MANY - taking_part], [MANY / 4, MANY * 3 / 4]).pvalue > 1e-4


def test_experiments_of_a_layer_exclude_each_other():
    one = Experiment("one", 2, 2, layer="home", slots=(0, 4000))
    other = Experiment("other", 2, 2, layer="home", slots=(4000, 10_000))
    for user in range(2000):
        assert (one.assign(user) is None) != (other.assign(user) is None)


@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        (Experiment("x", 1), "1 arms"),
        (Experiment("x", 11), "11 arms"),
        (Experiment("x", -2), "0 arms"),
        (Experiment("x", (5000, 4000), 2), "add up to 9000"),
        (Experiment("x", (5000, 5000), 1), "version 2"),
        (Experiment("x", 2, 1, traffic=10), "version 2"),
        (Experiment("x", 2, 2, slots=(500, 500)), "hold nobody"),
        (Experiment("x", 2, 2, starts=NOW, ends=NOW), "ends before it starts"),
    ],
)
def test_contradictions_are_refused(experiment, words):
    with pytest.raises(SettingsError, match=words):
        experiment.checked()


def test_names_of_splits_are_numbers_of_arms():
    assert len(Experiment("x", Split.FOUR_WAY).treatments) == 4


# ---- the plan -----------------------------------------------------------------------------


def plan_of(tmp_path: Path, text: str) -> Plan:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    return read_plan(path, NAMES)


PERSONALIZED = """
default = "random"
[[arms]]
recommenders = { C = "random", T1 = "indexed" }
[arms.experiment]
name = "PERSONALIZED"
"""


def test_the_first_running_experiment_a_user_is_in_decides(tmp_path):
    plan = plan_of(tmp_path, PERSONALIZED)
    assert plan.decide(plan.treatments(1), NOW) == ("indexed", "PERSONALIZED", Treatment.T1)
    assert plan.decide(plan.treatments(0), NOW) == ("random", "PERSONALIZED", Treatment.C)
    assert plan.treatments(1) == {"PERSONALIZED": "T1"}


def test_a_plan_may_name_recommenders_of_its_own(tmp_path):
    own = "[recommenders.fresh]\nlike = 'indexed'\nsettings = { skip_ever = true }\n"
    plan = plan_of(tmp_path, PERSONALIZED.replace('"indexed"', '"fresh"') + own)
    assert plan.decide(plan.treatments(1), NOW).recommender == "fresh"
    assert plan.recommenders == {"fresh": Variant("indexed", {"skip_ever": True})}


def test_an_experiment_that_has_ended_decides_nothing_but_is_still_told(tmp_path):
    plan = plan_of(tmp_path, PERSONALIZED + "ends = 2025-12-31T00:00:00Z\n")
    drawn = plan.treatments(1)
    assert plan.decide(drawn, NOW) == ("random", None, None)
    assert plan.decide(drawn, NOW - timedelta(days=9)) == ("indexed", "PERSONALIZED", Treatment.T1)
    assert plan.treatments(1) == {"PERSONALIZED": "T1"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "default"),
        ("default = ", "Invalid value"),
        ('default = "best"', "no recommender 'best'"),
        ('default = "random"\ncolour = 1', "colour"),
        (PERSONALIZED.replace("T1 =", "T2 ="), "look at T1, T2"),
        (PERSONALIZED.replace('"indexed"', '"oracle"'), "treatment T1: there is no recommender 'oracle'"),
        (PERSONALIZED + PERSONALIZED.replace('default = "random"', ""), "defined twice"),
        (PERSONALIZED + "split = [5000, 4000]\nversion = 2\n", "9000"),
        (PERSONALIZED + "[recommenders.session]\nlike = 'indexed'\n", "'session' already"),
        (PERSONALIZED + "[recommenders.mine]\nlike = 'oracle'\n", "recommender mine: .*'oracle'"),
        (PERSONALIZED + "[recommenders.mine]\nlike = 'indexed'\nskip_ever = true\n", "skip_ever"),
    ],
)
def test_an_unsound_plan_is_refused_with_the_place(tmp_path, text, words):
    with pytest.raises(SettingsError, match="plan.toml.*" + words):
        plan_of(tmp_path, text)


def test_overlapping_slots_of_a_layer_are_refused(tmp_path):
    arms = PERSONALIZED.replace("PERSONALIZED", "one") + "version = 2\nlayer = 'home'\nslots = [0, 5000]\n"
    other = (
        arms.replace('default = "random"', "")
        .replace('"one"', '"other"')
        .replace("[0, 5000]", "[4999, 9000]")
    )
    with pytest.raises(SettingsError, match="share slots of layer 'home'"):
        plan_of(tmp_path, arms + other)


def test_a_missing_plan_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        read_plan(tmp_path / "nowhere.toml", NAMES)


def test_the_plan_that_comes_with_the_service_has_an_experiment_of_two_groups_served_alike():
    plan = read_plan(read_settings({}).plan, RECOMMENDERS)
    drawn = [plan.treatments(user) for user in range(10_000)]
    served = {one["AA"]: Counter() for one in drawn}
    for one in drawn:
        served[one["AA"]][plan.decide(one, NOW).recommender] += 1
    table = [[served[arm][name] for name in ("random", "indexed")] for arm in ("C", "T1")]
    assert sum(map(sum, table)) == len(drawn)
    assert chi2_contingency(table).pvalue > 1e-4
