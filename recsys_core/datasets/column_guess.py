"""Which column of a file is the user, the item, the weight and the time: chosen, or guessed by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import pandas as pd

from recsys_core.datasets.file_bundle import check_size
from recsys_core.datasets.parquet_table import is_parquet, parquet_preview
from recsys_core.datasets.table_head import parse_head, read_head_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PREVIEW_ROWS = 20
_USERS: tuple[str, ...] = (
    "userid",
    "user",
    "uid",
    "listenerid",
    "listener",
    "memberid",
    "customerid",
    "visitorid",
)
_USERS += ("accountid", "account", "member", "customer", "visitor", "person", "who")
_ITEMS: tuple[str, ...] = (
    "itemid",
    "item",
    "iid",
    "artistid",
    "artist",
    "artistname",
    "trackid",
    "track",
    "songid",
    "song",
)
_ITEMS += ("movieid", "movie", "filmid", "film", "productid", "product", "bookid", "book", "title", "name")
_WEIGHTS = (
    "weight",
    "playcount",
    "plays",
    "nplays",
    "listens",
    "count",
    "rating",
    "score",
    "quantity",
    "value",
)
_TIMES = ("timestamp", "time", "datetime", "date", "ts", "unixtime", "playedat", "createdat", "when")


class ColumnChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The columns to read; ``separator`` and ``header`` are sniffed when None."""

    user: str
    item: str
    weight: str | None = None
    timestamp: str | None = None
    separator: str | None = None
    header: bool | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The chosen names, user and item first."""
        optional = (name for name in (self.weight, self.timestamp) if name is not None)
        return (self.user, self.item, *optional)


@dataclass(frozen=True, eq=False)
class ColumnGuess:
    """What a file seems to hold, for a person to confirm; roles without a fitting column are None."""

    columns: tuple[str, ...]
    user: str | None
    item: str | None
    weight: str | None
    timestamp: str | None
    separator: str | None
    header: bool
    preview: pd.DataFrame

    def to_choice(self) -> ColumnChoice | None:
        """Return the guess as a choice, or None while user or item is open."""
        if self.user is None or self.item is None:
            return None
        return ColumnChoice(
            self.user, self.item, self.weight, self.timestamp, self.separator, header=self.header
        )


def guess_columns(path: Path, *, separator: str | None = None, header: bool | None = None) -> ColumnGuess:
    """Return the columns of a CSV, TSV or Parquet file, their likely roles and the first rows.

    ``separator`` and ``header`` overrule what is sniffed of a text file.

    Raises
    ------
    DataError
        If the file is missing, above 200 MB, no table, or names a column twice.
    """
    check_size(path)
    if is_parquet(path):
        return _guess(parquet_preview(path, PREVIEW_ROWS), separator=None, header=True)
    head = parse_head(read_head_text(path), path.name, separator=separator, header=header)
    width = len(head.names)
    rows = [(*row, *[""] * width)[:width] for row in head.rows[:PREVIEW_ROWS]]
    preview = pd.DataFrame(rows, columns=list(head.names), dtype=object)
    return _guess(preview, separator=head.separator, header=head.header)


def _guess(preview: pd.DataFrame, *, separator: str | None, header: bool) -> ColumnGuess:
    """Return the guess for a file with the columns of ``preview``."""
    names = tuple(map(str, preview.columns))
    user, item, weight, timestamp = _by_name(names) if header else _by_position(names)
    return ColumnGuess(names, user, item, weight, timestamp, separator, header, preview)


def _by_name(names: Sequence[str]) -> list[str | None]:
    """Return the likely user, item, weight and time columns; no column plays two roles."""
    plain = {re.sub(r"[^a-z]", "", name.lower()): name for name in reversed(names)}
    vocabularies = (_USERS, _ITEMS, _WEIGHTS, _TIMES)
    return [next((plain[word] for word in words if word in plain), None) for words in vocabularies]


def _by_position(names: Sequence[str]) -> list[str | None]:
    """Return the first four columns of a file without header as user, item, weight and time."""
    return [*names[:4], *[None] * 4][:4]
