"""In process: a seed repeats exactly, workers differ, and the log is what a service would have written."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict

import numpy as np
import pytest
from scipy.stats import chisquare

from recsys_core.datasets.demo import load_demo
from recsys_core.errors import DataError, SettingsError
from recsys_online.catalogue import Track
from recsys_online.events.reading import read_events
from recsys_online.events.record import encode
from recsys_online.events.verify import verify
from recsys_online.events.writer import EventWriter
from recsys_online.experiments import Experiments, Treatment
from recsys_online.experiments.plan import Arms, Plan
from recsys_online.index.versions import Publication
from recsys_online.simulator import simulate, world_of
from recsys_online.simulator.in_process import ASKED_BLOCK, BLOCK
from tests.online.simulator.conftest import MOMENT, run, served

PERSONALIZED = Plan(
    "random",
    (Arms(Experiments.PERSONALIZED, {Treatment.C: "random", Treatment.T1: "session"}),
     Arms(Experiments.AA, {Treatment.C: "random", Treatment.T1: "random"})),
)  # fmt: skip


def logged(world, recommending, folder, episodes=300, seed=0):
    log = EventWriter(folder)
    summary = simulate(world, recommending, episodes=episodes, seed=seed, moment=MOMENT, log=log)
    log.close()
    return summary, list(read_events(folder))


def test_the_same_seed_gives_the_same_sessions_with_any_number_of_threads(world, publication):
    episodes = 2 * BLOCK + 100
    runs = [
        run(world, served(publication, "indexed-sample"), episodes, seed=7, threads=threads)[1]
        for threads in (1, 3)
    ]
    assert runs[0].sessions == runs[1].sessions
    assert runs[0].propensities == runs[1].propensities
    assert len(runs[0].sessions) == episodes


def test_asked_recommenders_repeat_too(world, publication):
    one, other = (run(world, served(publication, PERSONALIZED), 200, seed=7)[1] for _ in range(2))
    assert one.sessions == other.sessions


def test_seeds_and_blocks_differ(world, publication):
    kept = run(world, served(publication, "random"), 2 * BLOCK, seed=7)[1].sessions
    other = run(world, served(publication, "random"), BLOCK, seed=8)[1].sessions
    halves = [str(kept[:BLOCK]), str(kept[BLOCK:]), str(other)]
    assert len(set(halves)) == 3
    same = sum(a == b for a, b in zip(kept[:BLOCK], kept[BLOCK:], strict=True))
    assert same == 0  # the older simulator's workers repeated each other's sessions


def test_listeners_are_drawn_evenly(world, publication):
    kept = run(world, served(publication, "random"), 20_000)[1].sessions
    counts = np.bincount([listener for listener, *_ in kept], minlength=len(world.listeners))
    assert chisquare(counts).pvalue > 1e-4


def test_the_log_is_whole_and_tells_the_same_as_the_summary(world, publication, tmp_path):
    summary, events = logged(world, served(publication, PERSONALIZED), tmp_path)
    report = verify(tmp_path)
    assert report.whole
    assert report.events == summary.events == len(events)
    assert report.sessions_ended == summary.sessions == 300
    assert sum(one.time for one in events) == pytest.approx(sum(arm.time for arm in summary.arms))
    assert len(events) == sum(arm.tracks for arm in summary.arms)


def test_sessions_in_the_log_are_chains_cut_at_last(world, publication, tmp_path):
    _, events = logged(world, served(publication, PERSONALIZED), tmp_path)
    sessions = defaultdict(list)
    for one in events:
        sessions[one.session].append(one)
    assert len(sessions) == 300
    for one in sessions.values():
        assert [event.message for event in one] == ["next"] * (len(one) - 1) + ["last"]
        assert one[0].time == 1.0
        assert len({event.user for event in one}) == 1
        for event, following in itertools.pairwise(one):
            assert event.recommendation == following.track
            assert event.timestamp < following.timestamp
        assert one[-1].recommendation is None


def test_arms_are_those_of_the_plan(world, publication, tmp_path):
    _, events = logged(world, served(publication, PERSONALIZED), tmp_path)
    assert {one.treatment for one in events if one.message == "next"} == {"C", "T1"}
    for one in events:
        treatments = PERSONALIZED.treatments(one.user)
        assert one.experiments == treatments
        if one.message == "next":
            assert (one.experiment, one.treatment) == ("PERSONALIZED", treatments["PERSONALIZED"])
            expected = {"random"} if one.treatment == "C" else {"session", "indexed", "random"}
            assert one.recommender in expected
            assert one.fallback == (one.treatment == "T1" and one.recommender != "session")
            assert 0 < one.propensity <= 1


def test_lines_are_those_the_service_writes_field_by_field(world, publication, tmp_path):
    _, events = logged(world, served(publication, PERSONALIZED), tmp_path)
    (path,) = tmp_path.iterdir()
    lines = path.read_bytes().splitlines(keepends=True)[:-1]  # the last one is the seal
    for line, event in zip(lines, events, strict=True):
        ours, theirs = json.loads(line), json.loads(encode(event))
        assert list(ours) == list(theirs)
        assert {**ours, "crc": ""} == {**theirs, "crc": ""}


@pytest.mark.parametrize(("recommender", "block"), [("random", BLOCK), ("contextual", ASKED_BLOCK)])
def test_stopping_keeps_what_is_done(world, publication, tmp_path, recommender, block):
    log, done = EventWriter(tmp_path), []
    summary = simulate(
        world, served(publication, recommender), episodes=5 * block, seed=0, moment=MOMENT, log=log,
        on_progress=lambda *progress: done.append(progress), should_stop=lambda: len(done) == 2,
    )  # fmt: skip
    log.close()
    assert done == [(block, 5 * block), (2 * block, 5 * block)]
    assert summary.sessions == verify(tmp_path).sessions_ended == 2 * block
    assert summary.asked == 5 * block


def test_tracks_the_listeners_do_not_know_are_refused(world):
    strange = Publication(
        np.empty(0, np.int64), np.empty((0, 1), np.int32), [Track(5, "a", "b")], np.empty(0, np.int32)
    )
    with pytest.raises(DataError, match="track 5"):
        run(world, served(strange, "random"), 10)


def test_senseless_orders_are_refused(world, publication):
    with pytest.raises(SettingsError, match="at least 1"):
        run(world, served(publication, "random"), 0)
    with pytest.raises(SettingsError, match="no recommender"):
        run(world, served(publication, "nobody"), 10)


def test_any_data_set_makes_a_world(publication):
    data = load_demo()
    world = world_of(data, seed=3)
    again, other = world_of(data, seed=3), world_of(data, seed=4)
    assert (world.embeddings == again.embeddings).all()
    assert not (world.listeners.interests == other.listeners.interests).all()
    heard = data.interactions.to_csr(binary=True).toarray()
    rows = np.arange(data.n_users)[:, None]
    assert heard[rows, world.listeners.interests].all()  # what they like is among what they listened to
    shuffled = run(world, served(world.without_lists(), "random"), 2000)[0].arms[0]
    assert 6.5 < shuffled.tracks_per_session < 8.5
