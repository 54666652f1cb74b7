"""Your own listening data: CSV, TSV or Parquet with a user and an item on every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recsys_core.datasets.dataset import Dataset, Source
from recsys_core.datasets.file_bundle import check_size, read_file
from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.datasets.pairs import PairRows, merge_pairs
from recsys_core.datasets.parquet_table import is_parquet, read_parquet_table
from recsys_core.datasets.row_checks import RowChecks
from recsys_core.datasets.table_head import UNIT_SEPARATOR, parse_head
from recsys_core.datasets.text_encoding import clean_text
from recsys_core.datasets.text_table import TextFormat, read_text_table
from recsys_core.datasets.timestamps import read_timestamps
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from recsys_core.datasets.column_guess import ColumnChoice
    from recsys_core.datasets.loading_report import FileReport
    from recsys_core.datasets.text_table import TextTable

# Two embedding tables of 64 numbers for this many users take about 1 GB with their gradients.
MAX_DISTINCT_IDS = 2_000_000
_FIX = "Check the file, and that the right columns are chosen."


def load_table(path: Path, columns: ColumnChoice, *, title: str | None = None) -> Dataset:
    """Return the data set of a CSV, TSV or Parquet file, read as ``columns`` says.

    Ids stay strings unless every id of the column is a plain whole number. A file without weights
    counts 1 a row; repeated pairs are added up. Rows that cannot be used are dropped and counted by
    reason in ``report``.

    Raises
    ------
    DataError
        If the file is above 200 MB, no table, lacks a chosen column or has no usable row.
    """
    file = title or path.name
    _check_choice(columns, file)
    report = LoadingReport()
    entry = report.start(file, 0)
    table = _read(path, columns, entry)
    checks = RowChecks(table, entry)
    user_ids, item_ids = checks.ids(columns.user), checks.ids(columns.item)
    weights = np.ones(len(table)) if columns.weight is None else checks.weights(columns.weight)
    times = None if columns.timestamp is None else read_timestamps(checks, columns.timestamp, entry)
    checks.require_some(_FIX)
    alive = checks.alive.copy()
    users, user_idx = _encode(user_ids.filter(pa.array(alive)), "user", columns.user, file)
    items, item_idx = _encode(item_ids.filter(pa.array(alive)), "item", columns.item, file)
    rows = PairRows(user_idx, item_idx, weights[alive], None if times is None else times[alive])
    return Dataset(
        source=Source("file", file, origin=str(path)),
        interactions=merge_pairs(rows, (len(users), len(items)), checks, columns.item),
        users=users,
        items=items,
        names=items.ids.astype(str).astype(object),
        report=report,
    )


def _check_choice(columns: ColumnChoice, file: str) -> None:
    """Refuse a column that is chosen for two roles."""
    names = columns.columns
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise DataError("This column is chosen twice.", fix="Choose another one.", file=file, column=twice)


def _read(path: Path, columns: ColumnChoice, entry: FileReport) -> TextTable:
    """Return the chosen columns of the file."""
    check_size(path)
    if is_parquet(path):
        return read_parquet_table(path, columns.columns, entry)
    text = clean_text(read_file(path), entry.file)
    entry.notes.extend(text.notes)
    head = parse_head(text.utf8, entry.file, separator=columns.separator, header=columns.header)
    absent = next((name for name in columns.columns if name not in head.names), None)
    if absent:
        fix = f"The file has: {', '.join(head.names)}."
        raise DataError("There is no such column.", fix=fix, file=entry.file, line=1, column=absent)
    body, delimiter = text.utf8, head.separator
    if len(delimiter) > 1:
        body, delimiter = body.replace(delimiter.encode(), UNIT_SEPARATOR.encode()), UNIT_SEPARATOR
    form = TextFormat(
        names=head.names,
        required=1 + max(head.names.index(name) for name in columns.columns),
        wanted=columns.columns,
        delimiter=delimiter,
        quoting=True,
        header=head.header,
    )
    return read_text_table(body, form, entry)


def _encode(ids: pa.Array, kind: str, column: str, file: str) -> tuple[IdMap, np.ndarray]:
    """Return the map of the distinct ids, sorted, and the position of each row's id, int32."""
    coded = ids.dictionary_encode()
    distinct = coded.dictionary
    if len(distinct) > MAX_DISTINCT_IDS:
        raise DataError(
            f"There are {len(distinct):,} distinct {kind}s; the limit is {MAX_DISTINCT_IDS:,}.",
            fix="Keep the most active ones.",
            file=file,
            column=column,
        )
    values = _plainest(distinct)
    order = np.argsort(values, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return IdMap(values[order], kind=kind), place[coded.indices.to_numpy()]


def _plainest(distinct: pa.Array) -> np.ndarray:
    """Return ids as int64 if each is spelled as a plain whole number would be, else as strings."""
    if pa.types.is_integer(distinct.type):
        return distinct.to_numpy()
    plain = pc.all(pc.match_substring_regex(distinct, r"^(0|-?[1-9][0-9]{0,17})$")).as_py()
    return distinct.cast(pa.int64()).to_numpy() if plain else distinct.to_numpy(zero_copy_only=False)
