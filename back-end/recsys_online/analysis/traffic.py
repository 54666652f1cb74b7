"""What a service was asked and how it kept up: requests a second, waiting times, stand-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LATELY = 10_000  # milliseconds that "lately" means
_TRAFFIC = """
    WITH asked AS (SELECT stamp, latency, message, fallback FROM lines WHERE readable),
    span AS (SELECT min(stamp) AS first, max(stamp) AS last, count(*) AS n FROM asked)
    SELECT n AS requests, coalesce((last - first) / 1000, 0) AS seconds, last AS last_stamp,
        (SELECT count(*) FROM asked WHERE stamp > last - $1)
            / greatest(least($1, last - first + 1) / 1000, 0.001) AS lately,
        (SELECT quantile_cont(latency, [0.5, 0.95, 0.99]) FROM asked) AS waited,
        (SELECT avg(fallback::INT) FROM asked WHERE message = 'next') AS fallback_share
    FROM span"""


class Traffic(msgspec.Struct, frozen=True):
    """Requests of a log.

    Attributes
    ----------
    requests, seconds
        How many, and from the first to the last of them.
    last_stamp
        When the last one came, ms since 1970; None without one.
    lately
        Requests a second over the last ten seconds of the log.
    waited
        Median, 95th and 99th percentile of the service's own time, ms; 0 where nobody waited.
    fallback_share
        Share of recommendations for which a stand-in answered; None where the log does not say.
    """

    requests: int
    seconds: float
    last_stamp: int | None
    lately: float | None
    waited: tuple[float, float, float] | None
    fallback_share: float | None


def traffic(connection: DuckDBPyConnection) -> Traffic:
    """Return the traffic of the table ``lines``, loaded with the column ``fallback``."""
    found = connection.execute(_TRAFFIC, [LATELY]).fetchone()
    requests, seconds, last, lately, waited, fallback = found or (0, 0.0, None, None, None, None)
    ms = None if waited is None else (1000 * waited[0], 1000 * waited[1], 1000 * waited[2])
    return Traffic(requests, seconds, last, lately, ms, fallback)
