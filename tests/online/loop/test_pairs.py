"""Training pairs out of logs: against a slow reading line by line, and against the rule in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from recsys_core.columns import Columns
from recsys_core.errors import DataError
from recsys_online.events import Event
from recsys_online.events.reading import read_events
from recsys_online.events.writer import EventWriter
from recsys_online.loop import Rule, training_pairs
from recsys_online.loop.turn import LOGS, first_log, turn_home
from recsys_online.track_lists import liked_pairs, plays_of


def as_set(pairs: pd.DataFrame) -> set[tuple[int, int]]:
    return set(zip(pairs[Columns.USER_ID], pairs[Columns.ITEM_ID], strict=True))


@pytest.mark.parametrize("above_usual", [None, 0.5, 0.2])
def test_a_log_of_random_tracks_gives_what_reading_it_line_by_line_gives(two_turns, above_usual):
    folder = first_log(two_turns[0])
    plays = plays_of(read_events(folder))
    slow = liked_pairs(plays, above_usual=above_usual)
    fast, counts = training_pairs([str(folder)], "PERSONALIZED", Rule(above_usual=above_usual))
    assert as_set(fast) == as_set(slow)
    assert len(fast) == counts.pairs == len(slow)
    assert (counts.plays, counts.listeners) == (len(plays), plays["user_id"].nunique())
    assert counts.liked == (plays["share"] > 0.5).sum()


def test_pairs_come_in_the_order_in_which_they_were_first_liked(two_turns):
    loop, _ = two_turns
    urls = [str(first_log(loop)), str(turn_home(loop, 1) / LOGS)]
    pairs, _ = training_pairs(urls, "PERSONALIZED")
    assert pairs[Columns.TIMESTAMP].is_monotonic_increasing
    first: dict[tuple[int, int], int] = {}
    for one in (one for url in urls for one in read_events(Path(url))):
        if one.time > 0.5:
            key = (one.user, one.track)
            first[key] = min(first.get(key, one.timestamp), one.timestamp)
    some = pairs.iloc[:: max(1, len(pairs) // 200)]
    assert all(first[row.user_id, row.item_id] // 1000 <= row.timestamp for row in some.itertuples())


def session(user: int, *plays: tuple[int, float, str], arm: str | None = None) -> list[Event]:
    """One session; each play is a track, its share, and who chose it."""
    events = []
    for place, (track, share, _) in enumerate(plays):
        following = plays[place + 1] if place + 1 < len(plays) else None
        events.append(
            Event(
                "next" if following else "last",
                1_000 * user + place,
                user,
                track,
                share,
                0.0,
                following[0] if following else None,
                {} if arm is None else {"PERSONALIZED": arm},
                session=f"{user}",
                recommender=following[2] if following else "",
            )
        )
    return events


def log_of(folder, *sessions: list[Event]) -> str:
    log = EventWriter(folder)
    for one in sessions:
        for event in one:
            log.append(event)
    log.close()
    return str(folder)


def test_half_is_not_liked_and_what_is_heard_twice_is_one_pair(tmp_path):
    url = log_of(
        tmp_path / "log",
        session(1, (10, 1.0, ""), (11, 0.5, "random"), (12, 0.51, "random")),
        session(1, (10, 1.0, ""), (13, 0.0, "random")),
    )
    pairs, counts = training_pairs([url], "PERSONALIZED", Rule(above_usual=None))
    assert as_set(pairs) == {(1, 10), (1, 12)}
    assert (counts.plays, counts.liked, counts.pairs) == (5, 3, 2)


def test_what_is_usual_is_told_by_tracks_chosen_at_random_where_there_are_any(tmp_path):
    easily_pleased = session(1, (10, 1.0, ""), (11, 0.9, "random"), (12, 0.95, "indexed"))
    served_well = session(2, (10, 1.0, ""), (11, 0.1, "random"), (12, 0.95, "indexed"), (13, 0.9, "indexed"))
    never_random = session(3, (10, 1.0, ""), (12, 0.2, "indexed"), (13, 0.9, "indexed"))
    url = log_of(tmp_path / "log", easily_pleased, served_well, never_random)
    pairs, _ = training_pairs([url], "PERSONALIZED", Rule(above_usual=0.4))
    # usual: 0.9; 0.1; and 0.55, the mean of what was recommended
    assert as_set(pairs) == {(2, 10), (2, 12), (2, 13), (3, 10)}


def test_arms_can_be_chosen_and_who_is_in_no_experiment_always_counts(tmp_path):
    url = log_of(
        tmp_path / "log",
        session(1, (10, 1.0, ""), (11, 0.0, "random"), arm="C"),
        session(2, (10, 1.0, ""), (11, 0.0, "indexed"), arm="T1"),
        session(3, (10, 1.0, ""), (11, 0.0, "random")),
    )
    for arms, expected in (((), {1, 2, 3}), (("C",), {1, 3}), (("T1",), {2, 3})):
        pairs, _ = training_pairs([url], "PERSONALIZED", Rule(arms=arms))
        assert set(pairs[Columns.USER_ID]) == expected


def test_several_logs_are_read_as_one_and_copies_count_once(tmp_path):
    first = log_of(tmp_path / "one", session(1, (10, 1.0, ""), (11, 0.0, "random")))
    second = log_of(tmp_path / "two", session(1, (10, 1.0, ""), (12, 0.8, "random")))
    (path,) = (tmp_path / "one").iterdir()
    (tmp_path / "one" / f"copy-{path.name}").write_bytes(path.read_bytes())
    pairs, counts = training_pairs([first, second], "PERSONALIZED", Rule(above_usual=None))
    assert as_set(pairs) == {(1, 10), (1, 12)}
    assert counts.plays == 4


def test_a_log_in_which_nobody_liked_anything_is_refused(tmp_path):
    url = log_of(tmp_path / "log", session(1, (10, 0.2, ""), (11, 0.0, "random")))
    with pytest.raises(DataError, match="None of 2 plays"):
        training_pairs([url], "PERSONALIZED")
