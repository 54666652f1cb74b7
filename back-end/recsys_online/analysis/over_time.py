"""The effect as it was after each part of the sessions: an estimate that settles, a band that shrinks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_online.analysis.effects import LEVEL, relative_effect
from recsys_online.analysis.listeners import CONTROL, METRICS, VALUES, VIEW, SpanOfTime
from recsys_online.analysis.moments import Moments
from recsys_online.analysis.sequential import SCALE, always_valid_effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

POINTS = 60
COLUMNS = [
    *("treatment", "metric", "ended", "sessions", "control_listeners", "treatment_listeners"),
    *("effect", "low", "high", "always_low", "always_high"),
]
# what each listener's sums were after each part, and how much they changed the sums over listeners
_RUNNING = """
    CREATE OR REPLACE TABLE running AS
    WITH placed AS (
        SELECT listener, assigned.arm AS arm, cuts.place AS place, count(*)::DOUBLE AS n,
            sum(tracks)::DOUBLE AS tracks, sum(time) AS time, sum(latency) AS latency
        FROM (SELECT * FROM exposed WHERE finished AND ended >= $1 AND ended < $2) AS one
        JOIN assigned USING (listener) ASOF JOIN cuts ON one.ended <= cuts.ended
        GROUP BY listener, assigned.arm, cuts.place
    )
    SELECT listener, arm, place, n AS added, sum(n) OVER o AS n, sum(tracks) OVER o AS tracks,
        sum(time) OVER o AS time, sum(latency) OVER o AS latency
    FROM placed WINDOW o AS (PARTITION BY listener ORDER BY place)"""
# values are taken from their mean first, so that the squares lose no digits
_CHANGES = """
    WITH long AS (
        FROM (UNPIVOT running_table ON COLUMNS(* EXCLUDE (listener, arm, place, added))
            INTO NAME metric VALUE value)
        WHERE metric IN (SELECT unnest($1::VARCHAR[]))
    ),
    centres AS (SELECT metric, avg(value) AS centre FROM long GROUP BY metric),
    centred AS (SELECT * REPLACE (value - centre AS value) FROM long JOIN centres USING (metric)),
    changed AS (
        SELECT *, lag(value) OVER (PARTITION BY metric, listener ORDER BY place) AS before FROM centred
    )
    SELECT metric, arm, place, any_value(centre) AS centre, sum(added) AS sessions,
        count(*) FILTER (before IS NULL)::DOUBLE AS n, sum(value - coalesce(before, 0)) AS total,
        sum(value * value - coalesce(before * before, 0)) AS squares
    FROM changed GROUP BY metric, arm, place"""


def effect_over_time(
    connection: DuckDBPyConnection,
    metrics: Sequence[str] = METRICS,
    *,
    points: int = POINTS,
    span: SpanOfTime = SpanOfTime(),  # noqa: B008  (a constant)
    control: str = CONTROL,
    level: float = LEVEL,
    scale: float = SCALE,
) -> pd.DataFrame:
    """Return the relative effect of all sessions that had ended by each of ``points`` moments.

    The moments part the sessions evenly. Columns: ``treatment, metric, ended`` (ms), ``sessions`` (of both
    arms so far), ``control_listeners, treatment_listeners, effect, low, high`` (delta method),
    ``always_low, always_high``; the last row of a metric is the report's. The tables ``exposed`` and
    ``assigned`` must be there.
    """
    ended = _cuts(connection, points, span)
    connection.execute(_RUNNING, list(span))
    connection.execute(VIEW.format(table="running", keys="listener, arm, place, added", values=VALUES))
    changes = connection.execute(_CHANGES, [list(metrics)]).df()
    frames = []
    for metric in metrics:
        of_metric = changes[changes["metric"] == metric].groupby("arm")
        arms = {str(arm): _moments(rows, len(ended)) for arm, rows in of_metric}
        if control in arms:
            pairs = {arm: (arms[control], arms[arm]) for arm in arms if arm != control}
            frames += [_frame(arm, metric, ended, *pairs[arm], level, scale) for arm in pairs]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


def _cuts(connection: DuckDBPyConnection, points: int, span: SpanOfTime) -> np.ndarray:
    shares = [(place + 1) / points for place in range(points)]
    (found,) = connection.execute(
        "SELECT quantile_disc(ended, $3::DOUBLE[]) FROM exposed JOIN assigned USING (listener) "
        "WHERE finished AND ended >= $1 AND ended < $2",
        [*span, shares],
    ).fetchone() or (None,)
    ended = np.unique(np.asarray(found or [], np.int64))
    connection.execute("CREATE OR REPLACE TABLE cuts (place INT, ended BIGINT)")
    if len(ended):
        connection.execute(
            "INSERT INTO cuts SELECT unnest($1), unnest($2)", [[*range(len(ended))], [*map(int, ended)]]
        )
    return ended


def _moments(changes: pd.DataFrame, n_cuts: int) -> tuple[np.ndarray, Moments]:
    """Return finished sessions and moments at every cut."""
    centre = float(changes["centre"].iloc[0])
    sums = np.zeros((n_cuts, 4))
    sums[changes["place"]] = changes[["sessions", "n", "total", "squares"]]
    sessions, n, total, squares = sums.cumsum(axis=0).T
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(n > 1, np.maximum(squares - total**2 / n, 0.0) / (n - 1), np.nan)
        return sessions, Moments(n, centre + total / n, variance)


def _frame(
    arm: str,
    metric: str,
    ended: np.ndarray,
    control: tuple[np.ndarray, Moments],
    treatment: tuple[np.ndarray, Moments],
    level: float,
    scale: float,
) -> pd.DataFrame:
    pair = control[1], treatment[1]
    fixed = relative_effect(*pair, level)
    always = always_valid_effect(*pair, level, scale=scale)
    return pd.DataFrame(
        {
            "treatment": arm,
            "metric": metric,
            "ended": ended,
            "sessions": (control[0] + treatment[0]).astype(np.int64),
            "control_listeners": np.asarray(pair[0].n, np.int64),
            "treatment_listeners": np.asarray(pair[1].n, np.int64),
            "effect": fixed.value,
            "low": fixed.low,
            "high": fixed.high,
            "always_low": always.low,
            "always_high": always.high,
        }
    )
