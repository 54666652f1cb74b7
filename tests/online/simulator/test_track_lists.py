"""A service that learns from its own log and the names of artists keeps listeners longer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.datasets.dataset import Source
from recsys_core.errors import DataError
from recsys_core.models.registry import create_model
from recsys_online.events.reading import read_events
from recsys_online.events.record import Event
from recsys_online.events.writer import EventWriter
from recsys_online.simulator import simulate
from recsys_online.track_lists import dataset_of_tracks, liked_pairs, plays_of, publication_of_tracks, spread
from tests.online.simulator.conftest import MOMENT, run, served

SOURCE = Source("log", "log", simulated=True)


@pytest.fixture(scope="module")
def learned(world, tmp_path_factory):
    """What is published after a log of random recommendations."""
    folder = tmp_path_factory.mktemp("log")
    log = EventWriter(folder)
    simulate(world, served(world.without_lists(), "random"), episodes=3000, seed=1, moment=MOMENT, log=log)
    log.close()
    pairs = liked_pairs(plays_of(read_events(folder)), above_usual=0.3)
    dataset = dataset_of_tracks(pairs, world.public, SOURCE)
    model = create_model("fast-hybrid", {"identity": False, "tag_strength": 1.0, "tags": 1000}).fit(
        dataset, epochs=10
    )
    return publication_of_tracks(model, dataset, world.public, k=50)


@pytest.mark.parametrize("recommender", ["indexed", "session"])
def test_learned_lists_keep_listeners_longer(world, learned, recommender):
    control, arm = (
        run(world, served(learned, name), 1500, seed=2)[0].arms[0] for name in ("random", recommender)
    )
    assert arm.time_per_session - arm.time_margin > 1.2 * (control.time_per_session + control.time_margin)


def test_lists_carry_the_catalogue_s_names(world, learned):
    assert {one.artist for one in learned.tracks} <= {one.artist for one in world.public}
    assert learned.embeddings.shape[1] == 64  # the model's own, no stand-in


def event(message: str, user: int, track: int, time: float, session: str = "") -> Event:
    return Event(message, 0, user, track, time, 0.0, None, {}, session=session)


def test_a_session_begins_after_the_last_one_ended():
    log = [
        event("next", 1, 10, 1.0, "a"), event("next", 2, 20, 1.0), event("last", 1, 11, 0.6, "a"),
        event("last", 2, 21, 0.2), event("next", 1, 12, 1.0, "b"), event("next", 2, 22, 1.0),
        event("next", 1, 13, 0.1, "c"),
    ]  # fmt: skip
    assert plays_of(log)["first"].tolist() == [True, True, False, False, True, True, True]


def test_pairs_are_those_liked_and_liked_more_than_usual():
    plays = pd.DataFrame(
        [(1, 5, 1.0, True), (1, 6, 0.9, False), (1, 7, 0.5, False), (1, 6, 0.9, False), (2, 5, 0.7, False)],
        columns=["user_id", "item_id", "share", "first"],
    )
    assert liked_pairs(plays).to_numpy().tolist() == [[1, 5], [1, 6], [2, 5]]
    usual = (0.9 + 0.5 + 0.9) / 3
    assert liked_pairs(plays, above_usual=0.9 - usual - 0.01).to_numpy().tolist() == [[1, 5], [1, 6]]
    assert liked_pairs(plays, above_usual=0.9 - usual + 0.01).to_numpy().tolist() == [[1, 5]]


def test_a_track_that_is_not_in_the_catalogue_is_named(world):
    pairs = pd.DataFrame({"user_id": [1], "item_id": [9]})
    with pytest.raises(DataError, match="Track 9"):
        dataset_of_tracks(pairs, world.public, SOURCE)


@given(
    st.lists(st.tuples(st.floats(0, 10, width=32), st.integers(0, 3)), min_size=1, max_size=12),
    st.floats(0.1, 1),
)
def test_spreading_orders_by_faded_scores(rows, freshness):
    rows.sort(key=lambda row: -row[0])
    scores = np.array([[score for score, _ in rows] + [-np.inf]], np.float32)
    artists = np.array([artist for _, artist in rows])
    items = np.array([[*range(len(rows)), -1]], np.int32)
    found = spread(items, scores, artists, freshness)[0]
    faded = [
        (scores[0, place] - scores[0, :-1].min())
        * freshness ** int((artists[:place] == artists[place]).sum())
        for place in range(len(rows))
    ]
    assert found[-1] == -1
    assert np.diff([faded[item] for item in found[:-1]]).max(initial=-1) <= 1e-9
    assert sorted(found[:-1].tolist()) == list(range(len(rows)))
