"""The files of a log, in a folder here or at an address elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsys_online.events.places import destination, is_local, or_log_error
from recsys_online.events.segment import LogError, holds_lines

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

PARQUET = ".parquet"


class LogFiles(NamedTuple):
    """Where the lines of a log are: addresses for DuckDB, and the file system they are in."""

    files: AbstractFileSystem
    lines: list[str]
    parquet: list[str]


def find_log(url: str) -> LogFiles:
    """Return the files of the log at ``url``: a folder (with its folders) or one file.

    Segments that were compacted are read from Parquet only, even if their lines are still there.

    Raises
    ------
    LogError
        If the place cannot be read or holds no log.
    """
    with or_log_error(f"The log at {url} cannot be read"):
        files, root = destination(url)
        found = sorted(files.find(root))
    parquet = [path for path in found if path.endswith(PARQUET)]
    compacted = {path.removesuffix(PARQUET) for path in parquet}
    lines = [path for path in found if holds_lines(path) and path.rpartition(".")[0] not in compacted]
    if not parquet and not lines:
        raise LogError(
            f"There is no log at {url}: no .open, .jsonl, .json or .parquet file. Name the log's folder."
        )
    return LogFiles(files, [_address(files, one) for one in lines], [_address(files, one) for one in parquet])


def _address(files: AbstractFileSystem, path: str) -> str:
    return path if is_local(files) else files.unstrip_protocol(path)
