"""Lines put in order, counted once, and cut into sessions: the table ``sessions``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

ROWS = 2_000_000  # lines put in order at once

# Order within a listener: a writer's sequence, writers merged by the clock, which never runs backwards within
# one; the older service has no sequence, and there `last` comes after `next` of the same millisecond.
_CLOCKS = {
    "older": "stamp",
    "one writer": "0",
    "several": "CASE WHEN w = '' THEN stamp ELSE max(stamp) OVER (PARTITION BY listener, w ORDER BY seq) END",
}
ORDERED = """
    timed AS (SELECT *, {clock} AS clock FROM lines WHERE readable AND hash(listener) % {parts} = {part}),
    ordered AS (
        SELECT *, w <> '' AND w = lag(w) OVER o AND seq = lag(seq) OVER o IS TRUE AS copy,
            sum((message = 'last')::INT) OVER (o ROWS UNBOUNDED PRECEDING) - (message = 'last')::INT AS place
        FROM timed WINDOW o AS (PARTITION BY listener ORDER BY clock, w, seq, message = 'last')
    )"""
_CUT = """
    INSERT INTO sessions
    WITH {ordered}
    SELECT listener, min(arm), max(arm), bool_or(message = 'last'), max(stamp), count(*),
        count(*) FILTER (w = ''), sum(time), sum(latency)
    FROM ordered WHERE NOT copy IS TRUE GROUP BY listener, place, visit"""


class LogCounts(msgspec.Struct, frozen=True):
    """What was found in a log.

    Attributes
    ----------
    events
        Distinct records of requests.
    torn_lines
        Lines that are no record: cut short by a kill, or damaged.
    copies
        Further copies of a record; counted once.
    holes
        Sequence numbers missing before a writer's last.
    dropped
        Events that a writer could not store and said so.
    seals
        Finished segments that were read as lines.
    sessions, unfinished
        Sessions that ended, and those still going on (in no metric).
    """

    events: int
    torn_lines: int
    copies: int
    holes: int
    dropped: int
    seals: int
    writers: int
    users: int
    sessions: int
    unfinished: int


def cut_sessions(connection: DuckDBPyConnection) -> None:
    """Make the table ``sessions`` of ``lines``, one row each, and the view ``exposed``, the experiment's.

    A session ends at ``last``, and where the service gave the next line another session: a listener who
    left without a word and came back did not stay for days. Columns: ``listener, arm, other`` (differs from
    ``arm`` if two arms answered), ``finished, ended`` (ms), ``tracks`` (lines, the self-chosen first one
    included), ``older`` (of these, lines without a sequence), ``time`` and ``latency`` (s), summed.
    """
    connection.execute(
        "CREATE OR REPLACE TABLE sessions (listener VARCHAR, arm VARCHAR, other VARCHAR, finished BOOLEAN, "
        "ended BIGINT, tracks BIGINT, older BIGINT, time DOUBLE, latency DOUBLE)"
    )
    for ordered in in_order(connection):
        connection.execute(_CUT.format(ordered=ordered))
    connection.execute("CREATE OR REPLACE VIEW exposed AS FROM sessions WHERE arm IS NOT NULL")


def in_order(connection: DuckDBPyConnection) -> Iterator[str]:
    """Yield the definition of ``ordered`` for one part of the listeners after another, to bound the memory.

    It has the columns of ``lines``, ``copy`` for what came before, and ``place``,
    how many sessions ended before.
    """
    (lines,) = connection.execute("SELECT count(*) FROM lines").fetchone() or (0,)
    parts, clock = lines // ROWS + 1, _CLOCKS[_writers(connection)]
    for part in range(parts):
        yield ORDERED.format(clock=clock, parts=parts, part=part)


def count_log(connection: DuckDBPyConnection) -> LogCounts:
    """Return what was found; the tables ``lines`` and ``sessions`` must be there."""
    row = connection.execute(_COUNTS).fetchone()
    names = [one[0] for one in connection.description or ()]
    return msgspec.convert(dict(zip(names, row or (), strict=True)), LogCounts)


def _writers(connection: DuckDBPyConnection) -> str:
    found = connection.execute("SELECT DISTINCT w FROM lines WHERE readable LIMIT 2").fetchall()
    if len(found) > 1:
        return "several"
    return "one writer" if found and found[0][0] else "older"


_COUNTS = """
    WITH gaps AS (SELECT DISTINCT w, seq, dropped FROM lines WHERE message = 'gap'),
    cut AS (
        SELECT coalesce(sum(tracks), 0) AS events, coalesce(sum(tracks - older), 0) AS ours,
            count(DISTINCT listener) AS users, count(*) FILTER (finished) AS sessions,
            count(*) FILTER (NOT finished) AS unfinished
        FROM sessions
    ),
    writers AS (SELECT w, max(seq) + 1 AS length FROM lines
        WHERE w <> '' AND (readable OR message = 'gap') GROUP BY w),
    all_lines AS (
        SELECT count(*) FILTER (readable) AS readable, count(*) FILTER (message = 'seal') AS seals,
            count(*) FILTER (message = 'gap') AS gap_lines, count(*) AS n
        FROM lines
    )
    SELECT events::BIGINT AS events, (n - readable - seals - gap_lines)::BIGINT AS torn_lines,
        (readable - events)::BIGINT AS copies,
        ((SELECT coalesce(sum(length), 0) FROM writers) - ours
            - (SELECT count(*) FROM gaps))::BIGINT AS holes,
        (SELECT coalesce(sum(dropped), 0)::BIGINT FROM gaps) AS dropped, seals::BIGINT AS seals,
        (SELECT count(*)::BIGINT FROM writers) AS writers, users, sessions, unfinished
    FROM cut, all_lines"""
