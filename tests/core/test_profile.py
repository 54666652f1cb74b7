"""Opinions in an address: short, exact, and never trusted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.datasets import IdMap
from recsys_core.errors import SettingsError, UnknownIdError
from recsys_core.listening.profile import LONGEST, MOST, STARS, Opinion, Profile

verdicts = st.sampled_from((*STARS, "no", "never"))
profiles = st.dictionaries(st.text(min_size=1, max_size=12), verdicts, max_size=20).map(
    lambda said: Profile(tuple(Opinion(item, verdict) for item, verdict in said.items()))
)


@given(profiles)
def test_what_is_written_is_read_back(profile):
    assert Profile.decode(profile.encode()) == profile


def test_an_address_is_short_and_readable():
    assert Profile().having(51, "5").having("A~b.c", "no").encode() == "5.51~no.A%7Eb.c"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("6.51", "'6.51' in a profile cannot be read"),
        ("51", "cannot be read"),
        ("5.", "cannot be read"),
        ("5.51~", "'' in a profile cannot be read"),
        ("5.51~no.51", "names the artist '51' twice"),
        ("5." + "x" * LONGEST, "longer than the 4,000 allowed"),
        ("~".join(f"1.{at}" for at in range(MOST + 1)), "holds 100 artists at most"),
    ],
)
def test_unusable_text_is_refused_with_a_reason(text, problem):
    with pytest.raises(SettingsError, match=problem):
        Profile.decode(text)


@given(st.text(max_size=60))
def test_any_text_is_a_profile_or_a_reason(text):
    try:
        profile = Profile.decode(text)
    except SettingsError:
        return
    assert Profile.decode(profile.encode()) == profile


def test_a_second_opinion_takes_the_place_of_the_first():
    profile = Profile().having("a", "1").having("b", "no").having("a", "5")
    assert profile.opinions == (Opinion("a", "5"), Opinion("b", "no"))
    assert profile.without("a").opinions == (Opinion("b", "no"),)
    assert [one.item for one in profile.liked] == ["a"]


def test_weights_are_stars_in_threes_and_never_weighs_nothing():
    items = IdMap([10, 20, 30, 40], kind="item")
    profile = Profile().having(40, "5").having(10, "3").having(20, "no").having(30, "never")
    rows, weights = profile.indices(items)
    assert rows.tolist() == [3, 0, 1, 2]
    np.testing.assert_allclose(weights, [5 / 3, 1, -1, 0])


def test_two_spellings_of_one_artist_are_one_opinion_the_later():
    items = IdMap([1, 10], kind="item")
    profile, missing = Profile.decode("3.1~5.10~no.01").known_to(items)
    assert (profile.encode(), missing) == ("no.1~5.10", [])
    assert profile.indices(items)[0].tolist() == [0, 1]


def test_artists_of_other_data_are_told_apart():
    items = IdMap([10, 20], kind="item")
    profile, missing = Profile.decode("5.10~no.99").known_to(items)
    assert (profile.encode(), missing) == ("5.10", ["99"])
    with pytest.raises(UnknownIdError):
        Profile.decode("no.99").indices(items)
