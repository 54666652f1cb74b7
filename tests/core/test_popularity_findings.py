"""What is said about the two charts of listening, and of what one fan can do."""

from __future__ import annotations

import pytest

from recsys_core.listening.popularity_findings import two_charts
from tests.core.small_data import dataset_of


def test_one_fan_can_make_an_artist_a_record():
    plays = {(1, "a"): 5, (2, "a"): 5, (3, "a"): 5, (1, "b"): 9, (2, "b"): 1, (4, "c"): 98, (5, "c"): 2}
    found = two_charts(dataset_of(plays, weights=list(plays.values())), n_top=2)
    assert (found.n_top, found.in_both) == (2, 1)  # a and b by listeners, c and a by plays
    fan = found.fan
    assert (fan.name, fan.plays, fan.plays_of_fan, fan.listeners) == ("c", 100, 98, 2)
    assert (fan.rank_by_plays, fan.rank_by_listeners) == (1, 3)
    assert fan.share == pytest.approx(98 / 100)


def test_without_play_counts_both_charts_are_one():
    found = two_charts(dataset_of([(1, "a"), (2, "a"), (2, "b")]))
    assert (found.n_top, found.in_both, found.fan) == (2, 2, None)


def test_the_real_record_is_made_by_one_listener(lastfm):
    found = two_charts(lastfm)
    assert (found.n_top, found.in_both) == (10, 8)
    assert (found.fan.name, found.fan.plays_of_fan) == ("Depeche Mode", 352_698)
    assert (found.fan.rank_by_plays, found.fan.rank_by_listeners) == (2, 21)
