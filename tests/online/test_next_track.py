"""Recommenders of the next track: what each may answer, with what probability, and when it has nothing."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from recsys_core.errors import SettingsError
from recsys_online.catalogue import Catalogue, Track
from recsys_online.experiments.plan import Plan, Variant
from recsys_online.next_track import (
    Contextual,
    Fallback,
    Indexed,
    Play,
    Random,
    Session,
    StickyArtist,
    TopPop,
    TrackRequest,
)
from recsys_online.next_track.session import SessionSettings
from recsys_online.shelves import RECOMMENDERS, check_variants, create_recommenders
from tests.online.conftest import small_publication
from tests.online.literal_session import scores

CATALOGUE = small_publication().catalogue()
DRAWS = 3000


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def asked(last: int = 100, share: float = 1.0, *, session=(), before=(), candidates=None) -> TrackRequest:
    play = Play(last, share)
    return TrackRequest(1, play, (*session, play), before, candidates)


def drawn(recommender, request: TrackRequest) -> Counter[int]:
    return Counter(recommender.next_track(request).track for _ in range(DRAWS))


def assert_as_likely_as_said(recommender, request: TrackRequest) -> None:
    """Tracks come as often as their propensities say."""
    choices = [recommender.next_track(request) for _ in range(DRAWS)]
    said = {one.track: one.propensity for one in choices}
    counts = Counter(one.track for one in choices)
    assert sum(said.values()) == pytest.approx(1)
    expected = [DRAWS * said[track] / sum(said.values()) for track in said]  # float32 adds up to nearly one
    assert chisquare([counts[track] for track in said], expected).pvalue > 1e-4


def test_random_is_uniform_and_never_repeats_the_track_just_played():
    counts = drawn(Random(CATALOGUE, rng()), asked(105))
    assert counts.keys() == set(CATALOGUE.ids) - {105}
    assert chisquare(list(counts.values())).pvalue > 1e-4
    assert_as_likely_as_said(Random(CATALOGUE, rng()), asked(105))
    assert_as_likely_as_said(Random(CATALOGUE, rng()), asked(999))


def test_random_plays_the_only_track_again():
    alone = Catalogue([Track(5, "a", "b")])
    assert Random(alone, rng()).next_track(asked(5)).track == 5


def test_sticky_artist_stays_with_the_artist():
    assert drawn(StickyArtist(CATALOGUE, rng()), asked(103)).keys() == {113, 123}
    assert_as_likely_as_said(StickyArtist(CATALOGUE, rng()), asked(103))
    assert StickyArtist(CATALOGUE, rng()).next_track(asked(999)) is None
    assert (
        StickyArtist(Catalogue([Track(1, "a", "x"), Track(2, "b", "y")]), rng()).next_track(asked(1)) is None
    )


def test_top_pop_plays_the_most_popular():
    assert drawn(TopPop(CATALOGUE, rng(), k=4), asked(101)).keys() == {100, 102, 103}
    assert_as_likely_as_said(TopPop(CATALOGUE, rng(), k=4), asked(101))


def test_indexed_walks_the_list_past_what_this_session_heard():
    request = asked(107, session=(Play(105, 0.5),), candidates=(105, 107, 106, 108))
    assert Indexed(rng()).next_track(request) == (106, "indexed", 1.0, False)
    assert Indexed(rng()).next_track(asked(107, candidates=(107,))) is None
    assert Indexed(rng()).next_track(asked(107)) is None


def test_indexed_skips_earlier_sessions_only_if_asked():
    request = asked(107, before=(Play(106, 1.0),), candidates=(106, 108))
    assert Indexed(rng()).next_track(request).track == 106
    assert Indexed(rng(), skip_ever=True).next_track(request).track == 108


def test_sampling_by_rank_prefers_the_top_and_says_how_much():
    request = asked(100, candidates=(101, 102, 103))
    sampler = Indexed(rng(), order="sample")
    total = 1 + 1 / 2 + 1 / 3
    propensities = {one.track: one.propensity for one in (sampler.next_track(request) for _ in range(200))}
    assert propensities == pytest.approx({101: 1 / total, 102: 1 / 2 / total, 103: 1 / 3 / total})
    assert_as_likely_as_said(sampler, request)


def test_contextual_plays_neighbours_of_the_last_track_that_was_liked():
    request = asked(110, 0.1, session=(Play(103, 0.9),))
    near = CATALOGUE.similar(103, 50)
    assert drawn(Contextual(CATALOGUE, rng()), request).keys() == set(near) - {110, 103}
    assert Contextual(CATALOGUE, rng()).next_track(asked(110, 0.1)) is None
    assert Contextual(CATALOGUE, rng()).next_track(asked(999, 1.0)) is None


def test_a_fallback_is_marked_as_one():
    both = Fallback(Indexed(rng()), Random(CATALOGUE, rng()))
    assert both.next_track(asked(100, candidates=(101,))).fallback is False
    choice = both.next_track(asked(100))
    assert (choice.recommender, choice.fallback) == ("random", True)
    assert both.needs_list


def test_session_follows_what_was_liked_and_leaves_what_was_not():
    """Of two candidates the one near the liked track wins, whatever the order of the list."""
    vectors = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    tracks = [Track(row, f"artist {row}", "") for row in range(4)]
    session = Session(Catalogue(tracks, embeddings=vectors), rng())
    assert session.next_track(asked(0, 1.0, candidates=(3, 1))).track == 1
    assert session.next_track(asked(2, 0.9, session=(Play(0, 0.0),), candidates=(1, 3))).track == 3


def test_session_tires_of_an_artist():
    vectors = np.array([[1, 0], [1, 0.05], [1, 0.1]], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    tracks = [Track(0, "a", ""), Track(1, "a", ""), Track(2, "b", ""), Track(3, "c", "")]
    vectors = np.vstack([vectors, [[-1, 0]]]).astype(np.float32)
    session = Session(Catalogue(tracks, embeddings=vectors), rng())
    assert session.next_track(asked(0, 1.0, candidates=(1, 2, 3))).track == 2


@given(
    heard=st.lists(st.tuples(st.integers(95, 135), st.floats(0, 1)), max_size=8),
    candidates=st.one_of(st.none(), st.lists(st.integers(100, 129), max_size=12, unique=True)),
)
def test_the_session_recommender_takes_the_best_by_the_literal_scores(heard, candidates):
    settings = SessionSettings(neighbours=6)
    plays = [Play(*one) for one in heard]
    request = asked(110, 0.6, session=plays, candidates=candidates)
    choice = Session(CATALOGUE, rng(), settings).next_track(request)
    expected = scores(CATALOGUE, settings, request)
    if choice is None:
        assert not expected
    else:
        assert expected[choice.track] == pytest.approx(max(expected.values()), abs=1e-4)


@given(
    heard=st.lists(st.tuples(st.integers(95, 135), st.floats(0, 1)), max_size=8),
    candidates=st.one_of(st.none(), st.lists(st.integers(100, 129), max_size=12, unique=True)),
    last=st.integers(95, 135),
    share=st.floats(0, 1),
)
def test_whatever_happened_a_choice_is_a_known_unheard_track_with_a_probability(
    heard, candidates, last, share
):
    request = asked(last, share, session=[Play(*one) for one in heard], candidates=candidates)
    for name, recommender in create_recommenders(CATALOGUE, rng()).items():
        choice = recommender.next_track(request)
        if choice is None:
            continue
        assert choice.track in CATALOGUE
        assert choice.track != last
        assert 0 < choice.propensity <= 1
        if name.startswith(("indexed", "session", "contextual")):
            assert choice.track not in {track for track, _ in heard}


def test_a_session_of_some_temperature_draws_as_likely_as_it_says():
    session = Session(CATALOGUE, rng(), SessionSettings(temperature=0.5, neighbours=3))
    assert_as_likely_as_said(session, asked(100, 0.9, candidates=(101, 102)))


def test_every_recommender_a_plan_may_name_is_there():
    assert set(create_recommenders(CATALOGUE, rng())) == set(RECOMMENDERS)


def test_a_plan_s_own_recommender_has_its_settings_and_logs_its_name():
    own = {"fresh": Variant("indexed", {"skip_ever": True}), "warm": Variant("session", {"temperature": 1})}
    made = create_recommenders(CATALOGUE, rng(), own)
    request = asked(107, before=(Play(106, 1.0),), candidates=(106, 108))
    assert made["indexed"].next_track(request) == (106, "indexed", 1.0, False)
    assert made["fresh"].next_track(request) == (108, "fresh", 1.0, False)
    choice = made["warm"].next_track(request)
    assert choice.recommender == "warm"
    assert 0 < choice.propensity < 1
    near = create_recommenders(CATALOGUE, rng(), {"near": Variant("contextual", {"liked": 0.05})})["near"]
    assert near.next_track(asked(110, 0.1)).recommender == "near"


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        (Variant("random"), "'random' cannot be varied"),
        (Variant("indexed", {"skip": True}), "own: .*skip"),
        (Variant("indexed", {"skip_ever": "yes"}), "own: .*skip_ever"),
        (Variant("session", {"temperature": -1}), "own: .*temperature"),
        (Variant("contextual", {"liked": 7}), "own: .*liked"),
    ],
)
def test_wrong_settings_of_a_plan_s_own_recommender_are_refused(variant, words):
    with pytest.raises(SettingsError, match=words):
        check_variants(Plan("random", (), {"own": variant}))
