"""The tables of HetRec 2011 Last.fm, one reader each: tab-separated, unquoted, often slightly off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.datasets.features import FeatureMatrix
from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.look_alikes import look_alikes
from recsys_core.datasets.pairs import PairRows, merge_pairs
from recsys_core.datasets.row_checks import RowChecks
from recsys_core.datasets.text_encoding import clean_text
from recsys_core.datasets.text_table import TextFormat, read_text_table
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recsys_core.datasets.interactions import Interactions
    from recsys_core.datasets.loading_report import FileReport, LoadingReport
    from recsys_core.datasets.text_table import TextTable

USER, ARTIST, WEIGHT = "userID", "artistID", "weight"
ID, NAME, TAG, TAG_VALUE, FRIEND, YEAR = "id", "name", "tagID", "tagValue", "friendID", "year"
NO_REAL_ARTIST = frozenset(("[unknown]", "Artista sconosciuto", "Artista desconhecido", "Various Artists"))
# The site opened in 2002 and the data set appeared in May 2011.
PLAUSIBLE_YEARS = range(2002, 2013)
_FIX = "Fetch the official files again."


class Plays(NamedTuple):
    """Who played which artist how often, with the ids behind the positions."""

    interactions: Interactions
    users: IdMap
    artists: IdMap


def read_plays(data: bytes, file: str, report: LoadingReport) -> Plays:
    """Return the plays of ``user_artists.dat``, sorted by user and artist; unusable rows are counted."""
    table, entry = _open(data, file, (USER, ARTIST, WEIGHT), 3, report)
    checks = RowChecks(table, entry)
    user_ids, artist_ids = checks.whole_numbers(USER), checks.whole_numbers(ARTIST)
    weights = checks.weights(WEIGHT)
    checks.require_some(_FIX)
    alive = checks.alive.copy()
    users, user_idx = np.unique(user_ids[alive], return_inverse=True)
    artists, artist_idx = np.unique(artist_ids[alive], return_inverse=True)
    rows = PairRows(user_idx, artist_idx, weights[alive])
    interactions = merge_pairs(rows, (len(users), len(artists)), checks, ARTIST)
    return Plays(interactions, IdMap(users, kind="user"), IdMap(artists, kind="item"))


def read_artists(data: bytes, file: str, artists: IdMap, report: LoadingReport) -> np.ndarray:
    """Return the name of each of ``artists``, object ``(n_items,)``; one without a name shows its number."""
    table, entry = _open(data, file, (ID, NAME, "url", "pictureURL"), 2, report)
    checks = RowChecks(table, entry)
    ids, texts = checks.whole_numbers(ID), checks.names(NAME)
    checks.require_some(_FIX)
    checks.refuse_repeats([ids], f"{ID} seen before (first name kept)", ID)
    idx = artists.locate(ids)
    checks.refuse(idx < 0, "artist without a play", ID)
    names = artists.ids.astype(str).astype(object)
    named = np.zeros(len(artists), dtype=bool)
    names[idx[checks.alive]] = texts.to_numpy(zero_copy_only=False)[checks.alive]
    named[idx[checks.alive]] = True
    _note_names(names, named, entry)
    return names


def _note_names(names: np.ndarray, named: np.ndarray, entry: FileReport) -> None:
    """Note artists without a name and names that stand for no artist; all stay."""
    if not named.all():
        entry.notes.append(f"{(~named).sum():,} artists have plays but no name here: shown by their number.")
    junk = sorted(NO_REAL_ARTIST.intersection(names))
    if junk:
        entry.notes.append(f"Kept, though no real artist: {', '.join(junk)}.")
    alike = look_alikes(names)
    if alike:
        example = " and ".join(alike[0][:2])
        entry.notes.append(f"Kept apart, though the names look alike: {len(alike)} groups such as {example}.")


def read_tags(data: bytes, file: str, report: LoadingReport) -> dict[int, str]:
    """Return the text of each tag by its id."""
    table, entry = _open(data, file, (TAG, TAG_VALUE), 2, report)
    checks = RowChecks(table, entry)
    ids, texts = checks.whole_numbers(TAG), checks.names(TAG_VALUE)
    checks.require_some(_FIX)
    checks.refuse_repeats([ids], f"{TAG} seen before (first text kept)", TAG)
    alive = checks.alive
    return dict(zip(ids[alive].tolist(), texts.to_numpy(zero_copy_only=False)[alive].tolist(), strict=True))


def read_tag_assignments(
    data: bytes, file: str, plays: Plays, tags: Mapping[int, str], report: LoadingReport
) -> FeatureMatrix:
    """Return how many listeners gave each artist each tag, and who, as features ``tag:<text>``."""
    artists = plays.artists
    table, entry = _open(data, file, (USER, ARTIST, TAG, "day", "month", YEAR), 3, report)
    checks = RowChecks(table, entry)
    user_ids, artist_ids, tag_ids = (checks.whole_numbers(name) for name in (USER, ARTIST, TAG))
    checks.require_some(_FIX)
    known_tags = IdMap(np.fromiter(tags, np.int64, len(tags)), kind="tag")
    artist_idx, tag_idx = artists.locate(artist_ids), known_tags.locate(tag_ids)
    checks.refuse_repeats([user_ids, artist_ids, tag_ids], "assignment seen before", TAG)
    checks.refuse(artist_idx < 0, "artist without a play", ARTIST)
    checks.refuse(tag_idx < 0, "tag without a text", TAG)
    _note_dates(table, checks, entry)
    texts = np.array([f"tag:{text}" for text in tags.values()], dtype=object)
    alive = checks.alive
    givers = plays.users.locate(user_ids[alive])
    return FeatureMatrix.from_pairs(artist_idx[alive], texts[tag_idx[alive]], len(artists), givers)


def _note_dates(table: TextTable, checks: RowChecks, entry: FileReport) -> None:
    """Note how many assignments carry an impossible year; dates are not used, so the rows stay."""
    if YEAR not in table.columns:
        return
    years = checks.texts(YEAR).dictionary_encode()
    plausible = np.array([text in map(str, PLAUSIBLE_YEARS) for text in years.dictionary.to_pylist()])
    bogus = ~plausible[years.indices.to_numpy()]
    if bogus.any():
        line = table.line_of(int(np.argmax(bogus)))
        span = f"{PLAUSIBLE_YEARS.start} to {PLAUSIBLE_YEARS.stop - 1}"
        entry.notes.append(
            f"{bogus.sum():,} dates outside {span} (first on line {line:,}): assignments kept, dates ignored."
        )


def read_friends(data: bytes, file: str, users: IdMap, report: LoadingReport) -> FeatureMatrix:
    """Return who is whose friend, as features ``friend:<id>``."""
    table, entry = _open(data, file, (USER, FRIEND), 2, report)
    checks = RowChecks(table, entry)
    user_ids, friend_ids = checks.whole_numbers(USER), checks.whole_numbers(FRIEND)
    checks.require_some(_FIX)
    user_idx = users.locate(user_ids)
    checks.refuse_repeats([user_ids, friend_ids], "friendship seen before", FRIEND)
    checks.refuse(user_idx < 0, "listener without a play", USER)
    checks.refuse(user_ids == friend_ids, "listener befriends oneself", FRIEND)
    friends = [f"friend:{one}" for one in friend_ids[checks.alive].tolist()]
    return FeatureMatrix.from_pairs(user_idx[checks.alive], friends, len(users))


def _open(
    data: bytes, file: str, columns: tuple[str, ...], required: int, report: LoadingReport
) -> tuple[TextTable, FileReport]:
    """Return the table of a file, with or without header; the first ``required`` columns must be there."""
    entry = report.start(file, 0)
    text = clean_text(data, file)
    entry.notes.extend(text.notes)
    names = _header(text.utf8)
    absent = next((name for name in columns[:required] if name not in (names or columns)), None)
    if absent or len(set(names)) < len(names):
        problem = "The header lacks this column." if absent else "The header names a column twice."
        fix = f"Expected: {', '.join(columns)} (or no header at all), separated by tabs."
        raise DataError(problem, fix=fix, file=file, line=1, column=absent)
    order = names or columns
    last = max(order.index(name) for name in columns[:required])
    wanted = tuple(name for name in columns if name in order)
    form = TextFormat(order, required=last + 1, wanted=wanted, header=bool(names))
    return read_text_table(text.utf8, form, entry), entry


def _header(text: bytes) -> tuple[str, ...]:
    """Return the names on the first line, or nothing when that line starts with a number."""
    first = text.lstrip(b"\n")[:10_000].split(b"\n", 1)[0].decode(errors="replace")
    fields = tuple(field.strip() for field in first.split("\t"))
    return () if fields[0].isdigit() else fields
