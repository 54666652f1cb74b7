"""One row per listener and treatment, and the moments of every metric over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from recsys_online.analysis.cuped import PairedMoments
from recsys_online.analysis.moments import Moments

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

METRICS = ("sessions", "time", "mean_tracks_per_session", "mean_time_per_session", "mean_request_latency")
PRIMARY = "mean_time_per_session"
LESS_IS_BETTER = frozenset({"mean_request_latency"})
CONTROL = "C"

# The older service's metrics of a listener, by its names: from finished sessions n, their tracks, time and
# latency (s), all summed.
VALUES = """
    n AS sessions, time, tracks / n AS mean_tracks_per_session, time / n AS mean_time_per_session,
    1000 * latency / tracks AS mean_request_latency"""
_SUMS = """
    CREATE OR REPLACE TABLE {table} AS
    SELECT listener, assigned.arm AS arm, count(*)::DOUBLE AS n, sum(tracks)::DOUBLE AS tracks,
        sum(time) AS time, sum(latency) AS latency
    FROM {source} AS source JOIN assigned USING (listener)
    WHERE finished AND ended >= $1 AND ended < $2 GROUP BY listener, assigned.arm"""
VIEW = "CREATE OR REPLACE VIEW {table}_table AS SELECT {keys}, {values} FROM {table}"
_LONG = """
    CREATE OR REPLACE VIEW {table}_long AS
    UNPIVOT {table}_table ON COLUMNS(* EXCLUDE (listener, arm)) INTO NAME metric VALUE value"""
_PAIRED = """
    WITH filled AS (
        SELECT now.arm AS arm, metric, now.value AS value,
            coalesce(past.value, avg(past.value) OVER (PARTITION BY metric), 0) AS earlier
        FROM listeners_long AS now LEFT JOIN past_long AS past USING (listener, metric)
    )
    SELECT metric, arm, count(*)::DOUBLE, avg(value), var_samp(value), avg(earlier), var_samp(earlier),
        covar_samp(value, earlier)
    FROM filled GROUP BY metric, arm"""


class Arms(msgspec.Struct, frozen=True):
    """Who was in the experiment.

    Attributes
    ----------
    listeners
        Of each treatment with at least one event, by name, control first.
    in_two
        Listeners seen in two arms; in no figure.
    outside
        Listeners whose events name no treatment of this experiment.
    """

    listeners: dict[str, int]
    in_two: int
    outside: int


class SpanOfTime(NamedTuple):
    """Sessions that end in ``[since, until)``, milliseconds since 1970."""

    since: int = -(2**62)
    until: int = 2**62


def count_arms(connection: DuckDBPyConnection) -> Arms:
    """Make the table ``assigned`` (``listener, arm``) of ``sessions`` and return who is in it."""
    connection.execute(
        "CREATE OR REPLACE TABLE seen AS SELECT listener, min(arm) AS arm, max(other) AS other FROM sessions "
        "GROUP BY listener"
    )
    connection.execute("CREATE OR REPLACE TABLE assigned AS SELECT listener, arm FROM seen WHERE arm = other")
    rows = connection.execute("SELECT arm, count(*) FROM assigned GROUP BY arm ORDER BY arm").fetchall()
    two, outside = connection.execute(
        "SELECT count(*) FILTER (arm <> other), count(*) FILTER (arm IS NULL) FROM seen"
    ).fetchone() or (0, 0)
    return Arms(dict(rows), two, outside)


def first_exposure(connection: DuckDBPyConnection) -> int | None:
    """Return when the first session in the experiment ended, ms; None if nothing ended before it."""
    first, earlier = connection.execute(
        "SELECT any_value(first), count(*) FROM sessions, (SELECT min(ended) AS first FROM exposed) "
        "WHERE finished AND ended < first"
    ).fetchone() or (None, 0)
    return first if earlier else None


def sum_up(
    connection: DuckDBPyConnection, span: SpanOfTime, table: str = "listeners", source: str = "exposed"
) -> None:
    """Make the table ``listeners``: listener, arm, and the sums over the sessions that ended in ``span``.

    With it come the views ``listeners_table``, a column per metric, and ``listeners_long``, a row per
    metric. Sessions that the experiment did not answer are no effect of it: ``sessions`` as ``source``
    has them, ``exposed`` leaves them out.
    """
    connection.execute(_SUMS.format(table=table, source=source), list(span))
    connection.execute(VIEW.format(table=table, keys="listener, arm", values=VALUES))
    connection.execute(_LONG.format(table=table))


def listener_table(connection: DuckDBPyConnection) -> pd.DataFrame:
    """Return ``listener, treatment`` and a column per metric (ms for latency), a row per listener."""
    found = connection.execute(
        "SELECT listener, arm AS treatment, * EXCLUDE (listener, arm) FROM listeners_table "
        "ORDER BY arm, listener"
    )
    return found.df()


def sessions_by_arm(connection: DuckDBPyConnection) -> dict[str, int]:
    """Return the finished sessions of every arm, control first."""
    found = connection.execute("SELECT arm, sum(n)::BIGINT FROM listeners GROUP BY arm ORDER BY arm")
    return dict(found.fetchall())


def arm_moments(connection: DuckDBPyConnection) -> dict[str, dict[str, Moments]]:
    """Return the moments of every metric, by metric and arm, control first."""
    rows = connection.execute(
        "SELECT metric, arm, count(*)::DOUBLE, avg(value), var_samp(value) FROM listeners_long "
        "GROUP BY metric, arm ORDER BY arm"
    ).fetchall()
    found: dict[str, dict[str, Moments]] = {name: {} for name in METRICS}
    for metric, arm, n, mean, variance in rows:
        found[metric][arm] = Moments(n, mean, _number(variance))
    return found


def paired_with_earlier(connection: DuckDBPyConnection, since: int) -> dict[str, dict[str, PairedMoments]]:
    """Return, by metric and arm, the moments together with those of the sessions before ``since``.

    A listener without an earlier session gets the mean of those who had one, so that nothing is claimed.
    """
    sum_up(connection, SpanOfTime(until=since), "past", "sessions")
    found: dict[str, dict[str, PairedMoments]] = {name: {} for name in METRICS}
    for metric, arm, n, *figures in connection.execute(_PAIRED).fetchall():
        mean, variance, past, past_variance, together = map(_number, figures)
        found[metric][arm] = PairedMoments(
            Moments(n, mean, variance), Moments(n, past, past_variance), together
        )
    return found


def primary_values(connection: DuckDBPyConnection, arm: str) -> np.ndarray:
    """Return :data:`PRIMARY` of every listener of ``arm``, float64 ``(n_listeners,)``."""
    found = connection.execute(
        "SELECT time / n AS value FROM listeners WHERE arm = $1 ORDER BY listener", [arm]
    ).fetchnumpy()
    return np.asarray(found["value"], np.float64)


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
