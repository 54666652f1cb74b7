"""Every line of a log as a narrow row of the table ``lines``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recsys_core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from recsys_online.analysis.files import LogFiles

TYPES = {
    "message": "VARCHAR",
    "timestamp": "BIGINT",
    "user": "VARCHAR",
    "track": "VARCHAR",
    "time": "DOUBLE",
    "latency": "DOUBLE",
    "recommendation": "VARCHAR",
    "recommender": "VARCHAR",
    "propensity": "DOUBLE",
    "fallback": "BOOLEAN",
    "w": "VARCHAR",
    "seq": "BIGINT",
    "dropped": "BIGINT",
    "session": "VARCHAR",
}
# of each line, by its name in the table
ALWAYS = {
    "message": "message",
    "listener": '"user"',
    "stamp": "timestamp",
    "time": "time",
    "latency": "coalesce(latency, 0)",
    "w": "coalesce(w, '')",
    "seq": "coalesce(seq, -1)",
    "dropped": "dropped",
    "visit": "hash(coalesce(session, ''))",  # the service's own name of a session
    # a record of a request, with all that counting needs
    "readable": """(message IN ('next', 'last') AND "user" IS NOT NULL AND timestamp IS NOT NULL
        AND time IS NOT NULL) IS TRUE""",
}
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")  # what an experiment may be called


_TABLE = (
    "CREATE OR REPLACE TABLE lines AS SELECT {columns}, NULL::VARCHAR AS arm FROM (SELECT {nothing}) LIMIT 0"
)
_FROM_LINES = """
    INSERT INTO lines SELECT {columns}, experiments['{experiment}']
    FROM read_json($1, format = 'newline_delimited', ignore_errors = true, columns = {{{types}}})"""
_FROM_PARQUET = "INSERT INTO lines SELECT {columns}, experiments['{experiment}'] FROM read_parquet($1)"


def load(connection: DuckDBPyConnection, log: LogFiles, experiment: str, extra: Sequence[str] = ()) -> None:
    """Make the table ``lines``: all that the log holds, unreadable lines as rows without a message.

    ``arm`` is the treatment of ``experiment`` that the line names, NULL where it names none. Identifiers
    are text, so that a user is one user whether logged as 7 or as "7".

    Raises
    ------
    SettingsError
        If no experiment can be called that.
    """
    if not _NAME.fullmatch(experiment):
        raise SettingsError(f"{experiment!r} is no name of an experiment: letters, digits, dot, dash, _.")
    columns = ", ".join(f"{sql} AS {name}" for name, sql in {**ALWAYS, **{one: one for one in extra}}.items())
    nothing = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in TYPES.items())
    connection.execute(_TABLE.format(columns=columns, nothing=nothing))
    words = {"columns": columns, "experiment": experiment, "types": _types(experiment, extra)}
    if log.lines:
        connection.execute(_FROM_LINES.format(**words), [log.lines])
    if log.parquet:
        connection.execute(_FROM_PARQUET.format(**words), [log.parquet])


def _types(experiment: str, extra: Sequence[str]) -> str:
    """Return only what is to be taken out of a line, of the experiments the one."""
    needed = {"message", "user", "timestamp", "time", "latency", "w", "seq", "dropped", "session", *extra}
    types = {name: kind for name, kind in TYPES.items() if name in needed}
    types["experiments"] = f'STRUCT("{experiment}" VARCHAR)'
    return ", ".join(f"\"{name}\": '{kind}'" for name, kind in types.items())
