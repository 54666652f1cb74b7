"""Finished segments as Parquet: checked line by line, and less than a tenth of the size."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from recsys_online.analysis.files import PARQUET
from recsys_online.events.reading import read_lines
from recsys_online.events.record import Event, Gap
from recsys_online.events.segment import SEALED, LogError
from recsys_online.events.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_TEXT = pa.string()
SCHEMA = pa.schema(
    {
        "message": _TEXT, "timestamp": pa.int64(), "user": _TEXT, "track": _TEXT, "time": pa.float64(),
        "latency": pa.float64(), "recommendation": _TEXT, "experiments": pa.map_(_TEXT, _TEXT),
        "v": pa.int32(), "w": _TEXT, "seq": pa.int64(), "request": _TEXT, "session": _TEXT,
        "experiment": _TEXT, "treatment": _TEXT, "recommender": _TEXT, "propensity": pa.float64(),
        "fallback": pa.bool_(), "index_version": _TEXT, "dropped": pa.int64(),
    }
)  # fmt: skip
BATCH = 50_000


class Compacted(NamedTuple):
    """A segment and the bytes before and after."""

    segment: str
    bytes_before: int
    bytes_after: int


def compact_log(
    folder: Path, *, on_segment: Callable[[int, int], None] = lambda _place, _of: None
) -> list[Compacted]:
    """Write a Parquet file beside every sealed segment that has none, and return what was written.

    Every line is checked on the way. The file is renamed into place when it is whole; the lines stay.

    Raises
    ------
    LogError
        If there is no such folder or a segment is damaged; its lines go on being read.
    """
    damaged = set(verify(folder).bad_seals)
    waiting = [path for path in sorted(folder.glob(f"*{SEALED}")) if not path.with_suffix(PARQUET).exists()]
    done = []
    for place, path in enumerate(waiting, start=1):
        if path.name in damaged:
            raise LogError(
                f"{path.name} is not what was sealed and was not compacted. See refrain logs verify."
            )
        done.append(_compact(path))
        on_segment(place, len(waiting))
    return done


def _compact(path: Path) -> Compacted:
    partial = path.with_name(f".{path.stem}-{os.getpid()}{PARQUET}.partial")
    try:
        with pq.ParquetWriter(partial, SCHEMA, compression="zstd") as writer:
            rows: list[dict] = []
            for line in read_lines(path):
                if isinstance(line.record, Event | Gap):
                    rows.append(_row(line.record))
                if len(rows) == BATCH:
                    writer.write_table(pa.Table.from_pylist(rows, SCHEMA))
                    rows = []
            writer.write_table(pa.Table.from_pylist(rows, SCHEMA))
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path.with_suffix(PARQUET))
    finally:
        partial.unlink(missing_ok=True)
    return Compacted(path.name, path.stat().st_size, path.with_suffix(PARQUET).stat().st_size)


def _row(record: Event | Gap) -> dict:
    if isinstance(record, Gap):
        return {"message": "gap", **msgspec.structs.asdict(record)}
    row = msgspec.structs.asdict(record)
    for name in ("user", "track", "recommendation"):
        row[name] = None if row[name] is None else str(row[name])
    return {**row, "experiments": list(record.experiments.items())}
