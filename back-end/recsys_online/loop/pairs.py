"""From logs of any size to training pairs: who liked what, and when first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import pandas as pd

from recsys_core.columns import Columns
from recsys_core.errors import DataError
from recsys_online.analysis.database import database
from recsys_online.analysis.files import LogFiles, find_log
from recsys_online.analysis.loading import load
from recsys_online.analysis.sessions import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

# what a line says of the track it names was chosen by the recommender of the line before
_PLAYS = """
    INSERT INTO plays
    WITH {ordered}, once AS (SELECT * FROM ordered WHERE NOT copy IS TRUE)
    SELECT listener, track, stamp, time, arm, row_number() OVER o = 1, lag(recommender) OVER o
    FROM once WINDOW o AS (PARTITION BY listener, place, visit ORDER BY clock, w, seq, message = 'last')"""
_USUAL = """
    CREATE OR REPLACE TABLE usual AS
    SELECT listener, coalesce(avg(time) FILTER (WHERE chooser = 'random'), avg(time), 0) AS share
    FROM plays WHERE NOT first GROUP BY listener"""
# rounded: the last digits of a mean depend on the order in which it was added up
_PAIRS = """
    SELECT listener, track, min(stamp) // 1000 AS stamp
    FROM plays LEFT JOIN usual USING (listener)
    WHERE time > $1 AND round(time - coalesce(usual.share, 0), 6) > $2
        AND (arm IS NULL OR len($3::VARCHAR[]) = 0 OR list_contains($3::VARCHAR[], arm))
    GROUP BY listener, track ORDER BY stamp, listener, track"""
_COUNTS = """
    SELECT count(*)::BIGINT, count(DISTINCT listener)::BIGINT, count(*) FILTER (time > $1)::BIGINT
    FROM plays"""
NO_RULE = -1.0


class Rule(NamedTuple):
    """Which plays become pairs: see :class:`recsys_online.loop.request.LoopRequest`."""

    listened: float = 0.5
    above_usual: float | None = 0.5
    arms: tuple[str, ...] = ()


class Counts(msgspec.Struct, frozen=True):
    """Plays in the logs, those listened to long enough, the pairs they came to, and who is in them."""

    plays: int
    liked: int
    listeners: int
    pairs: int
    pair_listeners: int
    tracks: int


def training_pairs(urls: Sequence[str], experiment: str, rule: Rule = Rule()) -> tuple[pd.DataFrame, Counts]:  # noqa: B008  (a constant)
    """Return distinct pairs ``user_id, item_id, timestamp`` of liked tracks, oldest first, and counts.

    The self-chosen first track of a session counts as any other. What a listener usually gives is their
    mean share of tracks chosen at random, of all recommended tracks where none was. Memory is bounded by
    the pairs, not by the logs.

    Parameters
    ----------
    urls
        Folders or addresses of logs of one file system, read as one.
    experiment
        Whose treatments ``rule.arms`` names.

    Raises
    ------
    LogError
        If a log cannot be read.
    DataError
        If no play becomes a pair.
    """
    log = _together([find_log(url) for url in urls])
    with database(log.files) as connection:
        load(connection, log, experiment, extra=("track", "recommender"))
        _read_plays(connection)
        values = [rule.listened, NO_RULE if rule.above_usual is None else rule.above_usual, [*rule.arms]]
        found = connection.execute(_PAIRS, values).df()
        plays, listeners, liked = connection.execute(_COUNTS, [rule.listened]).fetchone() or (0, 0, 0)
    if found.empty:
        fix = "Log more sessions, or lower what counts as liked."
        raise DataError(f"None of {plays:,} plays was liked enough to learn from.", fix=fix)
    pairs = pd.DataFrame(
        {
            Columns.USER_ID: _ids(found["listener"]),
            Columns.ITEM_ID: _ids(found["track"]),
            Columns.TIMESTAMP: found["stamp"].astype("int64"),
        }
    )
    distinct = pairs[Columns.USER_ID].nunique(), pairs[Columns.ITEM_ID].nunique()
    return pairs, Counts(plays, liked, listeners, len(pairs), *distinct)


def _read_plays(connection: DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE plays (listener VARCHAR, track VARCHAR, stamp BIGINT, time DOUBLE, arm VARCHAR, "
        "first BOOLEAN, chooser VARCHAR)"
    )
    for ordered in in_order(connection):
        connection.execute(_PLAYS.format(ordered=ordered))
    connection.execute(_USUAL)


def _together(logs: list[LogFiles]) -> LogFiles:
    lines = [path for one in logs for path in one.lines]
    return LogFiles(logs[0].files, lines, [path for one in logs for path in one.parquet])


def _ids(column: pd.Series) -> pd.Series:
    """Return whole numbers where all are, text else: a user is one user whether logged as 7 or as "7"."""
    whole = column.str.fullmatch(r"-?\d{1,18}").all()
    return column.astype("int64") if whole else column
