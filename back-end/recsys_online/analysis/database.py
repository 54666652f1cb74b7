"""A DuckDB of our own for the time of one analysis: on disk, small in memory, nothing downloaded."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from recsys_online.events.places import is_local
from recsys_online.events.segment import LogError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsspec import AbstractFileSystem

MEMORY = "200MB"  # of DuckDB's own; reading takes about as much again
THREADS = 2  # each reads with buffers of its own: four need more memory than this


@contextmanager
def database(files: AbstractFileSystem) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection that reads ``files`` too; what it wrote is gone afterwards.

    Raises
    ------
    LogError
        If DuckDB cannot read something.
    """
    with (
        tempfile.TemporaryDirectory(prefix="refrain-analysis-") as folder,
        duckdb.connect(Path(folder) / "analysis.db", config=_config(folder)) as connection,
    ):
        if not is_local(files):
            connection.register_filesystem(files)
        try:
            yield connection
        except duckdb.Error as error:
            reason = str(error).partition("\n")[0][:300]  # what follows is our own query
            raise LogError(
                f"The log cannot be analysed. {reason} Take the file away, or restore it."
            ) from error


def _config(folder: str) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "temp_directory": folder,
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
