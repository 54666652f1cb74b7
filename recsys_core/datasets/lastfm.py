"""Last.fm, HetRec 2011: who listened to which artist how often, with tags and friends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.datasets.dataset import Dataset, Source
from recsys_core.datasets.file_bundle import find_bundle, read_bundle
from recsys_core.datasets.hetrec_tables import (
    read_artists,
    read_friends,
    read_plays,
    read_tag_assignments,
    read_tags,
)
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from recsys_core.datasets.features import FeatureMatrix
    from recsys_core.datasets.hetrec_tables import Plays
    from recsys_core.datasets.id_map import IdMap

PLAYS, ARTISTS = "user_artists.dat", "artists.dat"
TAGS, TAG_ASSIGNMENTS, FRIENDS = "tags.dat", "user_taggedartists.dat", "user_friends.dat"
FILES = (PLAYS, ARTISTS, TAGS, TAG_ASSIGNMENTS, FRIENDS)
LICENCE = (
    "Non-commercial use only; for commercial use contact Last.fm. "
    "Not part of this project: everybody fetches their own copy."
)
CITATION = (
    "Last.fm, www.lastfm.com. Data set built by I. Fernández-Tobías, I. Cantador and A. Bellogín "
    "(Universidad Autónoma de Madrid), version 1.0, May 2011. "
    "I. Cantador, P. Brusilovsky, T. Kuflik: 2nd Workshop on Information Heterogeneity and Fusion in "
    "Recommender Systems (HetRec 2011), RecSys 2011, Chicago."
)


def find_lastfm(candidates: Sequence[Path]) -> Path | None:
    """Return the first folder or zip with the Last.fm files, at each candidate or one level below it."""
    found = (find_bundle(path, PLAYS) for path in candidates)
    return next((path for path in found if path is not None), None)


def load_lastfm(path: Path) -> Dataset:
    """Return the Last.fm data of a folder or zip: 1,892 listeners, 17,632 artists, 92,834 play counts.

    Ids are the integers of the files and have gaps. Item features are tag counts, user features are
    friends; either is None when its optional file is missing. What was read, dropped or assumed
    stands in ``report``.

    Raises
    ------
    DataError
        If ``user_artists.dat`` or ``artists.dat`` is missing or has no usable row, naming file,
        line and column.
    """
    bundle = find_bundle(path, PLAYS) or path
    contents = read_bundle(bundle, FILES)
    absent = next((name for name in (PLAYS, ARTISTS) if name not in contents), None)
    if absent:
        fix = f"Name the folder or zip that holds {PLAYS} and {ARTISTS}."
        raise DataError(f"{absent} is not there.", fix=fix, file=path)
    report = LoadingReport()
    plays = read_plays(contents[PLAYS], PLAYS, report)
    names = read_artists(contents[ARTISTS], ARTISTS, plays.artists, report)
    return Dataset(
        source=Source("lastfm", "Last.fm 2011", False, str(bundle), LICENCE, CITATION),
        interactions=plays.interactions,
        users=plays.users,
        items=plays.artists,
        names=names,
        user_features=_friends(contents, plays.users, report),
        item_features=_tags(contents, plays, report),
        report=report,
    )


def _friends(contents: dict[str, bytes], users: IdMap, report: LoadingReport) -> FeatureMatrix | None:
    """Return the friends of each listener, or None with a note."""
    if FRIENDS in contents:
        return read_friends(contents[FRIENDS], FRIENDS, users, report)
    _note_absent(FRIENDS, "friends", report)
    return None


def _tags(contents: dict[str, bytes], plays: Plays, report: LoadingReport) -> FeatureMatrix | None:
    """Return the tags of each artist, or None with a note."""
    absent = next((name for name in (TAGS, TAG_ASSIGNMENTS) if name not in contents), None)
    if absent:
        _note_absent(absent, "tags", report)
        return None
    tags = read_tags(contents[TAGS], TAGS, report)
    return read_tag_assignments(contents[TAG_ASSIGNMENTS], TAG_ASSIGNMENTS, plays, tags, report)


def _note_absent(file: str, what: str, report: LoadingReport) -> None:
    """Note an optional file that is not there."""
    report.start(file, 0).notes.append(f"Not there: no {what} in this data set.")
