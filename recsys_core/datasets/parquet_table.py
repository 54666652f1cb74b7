"""Parquet files as columns of plain type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from recsys_core.datasets.text_table import LineNumbers, TextTable, in_one_piece
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from recsys_core.datasets.loading_report import FileReport

_MAGIC = b"PAR1"
# A few kilobytes of Parquet can claim billions of equal rows.
MAX_ROWS = 50_000_000


def is_parquet(path: Path) -> bool:
    """Tell by its first bytes whether ``path`` is a Parquet file."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def parquet_preview(path: Path, n_rows: int) -> pd.DataFrame:
    """Return the first ``n_rows`` rows as a frame.

    Raises
    ------
    DataError
        If the file is damaged or empty.
    """
    file = _opened(path)
    try:
        batch = next(file.iter_batches(batch_size=n_rows), None)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error
    return (pa.table({}) if batch is None else pa.table(batch)).to_pandas()


def read_parquet_table(
    path: Path, wanted: Sequence[str], report: FileReport, *, lists: bool = False
) -> TextTable:
    """Return the ``wanted`` columns as int64, float64, timestamp or string arrays; lines are row numbers.

    With ``lists``, a list of texts is read as the text that JSON writes for it.

    Raises
    ------
    DataError
        If the file is damaged, claims more than 50 million rows, lacks a column or nests one.
    """
    file = _opened(path)
    names = file.schema_arrow.names
    absent = next((name for name in wanted if name not in names), None)
    if absent:
        raise DataError(
            "There is no such column.",
            fix=f"The file has: {', '.join(names)}.",
            file=path.name,
            column=absent,
        )
    types = {name: file.schema_arrow.field(name).type for name in wanted}
    spelled = {name for name, kind in types.items() if lists and _holds_texts(kind)}
    kinds = {
        name: pa.string() if name in spelled else _plain_type(kind, path, name)
        for name, kind in types.items()
    }
    try:
        table = file.read(columns=list(wanted))
        read = {
            name: _as_json(table.column(name)) if name in spelled else table.column(name) for name in kinds
        }
        columns = {name: in_one_piece(read[name].cast(kind)) for name, kind in kinds.items()}
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error
    report.read = table.num_rows
    return TextTable(columns, LineNumbers(first=1))


def _opened(path: Path) -> pq.ParquetFile:
    """Open the file, refusing one with too many rows or two columns of one name."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error
    names = file.schema_arrow.names
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError("Two columns have this name.", fix="Rename one.", file=path.name, column=twice)
    if file.metadata.num_rows > MAX_ROWS:
        raise DataError(
            f"The file has {file.metadata.num_rows:,} rows; the limit is {MAX_ROWS:,}.",
            fix="Keep only the rows you need.",
            file=path.name,
        )
    return file


def _plain_type(kind: pa.DataType, path: Path, column: str) -> pa.DataType:
    """Return the type that a column is read as."""
    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type, path, column)
    if pa.types.is_uint64(kind):
        return pa.string()
    plain = (
        (pa.types.is_integer, pa.int64()),
        (pa.types.is_floating, pa.float64()),
        (pa.types.is_decimal, pa.float64()),
        (pa.types.is_string, pa.string()),
        (pa.types.is_large_string, pa.string()),
        (pa.types.is_date, pa.timestamp("s")),
        (pa.types.is_timestamp, kind),
    )
    found = next((target for test, target in plain if test(kind)), None)
    if found is None:
        raise DataError(
            f"A column of type {kind} cannot be used.",
            fix="Store text, whole numbers, numbers or times.",
            file=path.name,
            column=column,
        )
    return found


def _holds_texts(kind: pa.DataType) -> bool:
    """Tell whether a type is a list of texts."""
    nested = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    return nested and (pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type))


def _as_json(lists: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return each list of texts as JSON, without the texts that are missing."""
    cells = (None if one is None else [text for text in one if text] for one in lists.to_pylist())
    written = [None if one is None else msgspec.json.encode(one).decode() for one in cells]
    return pa.chunked_array([pa.array(written, pa.string())])


def _damaged(path: Path, error: Exception) -> DataError:
    """Say that the file cannot be read."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return DataError(f"The Parquet file is damaged ({reason}).", fix="Write it again.", file=path.name)
