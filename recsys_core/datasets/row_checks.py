"""Strings of a table as ids and weights, with every refused row counted by reason and first line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.datasets.loading_report import FileReport
    from recsys_core.datasets.text_table import TextTable

MAX_WEIGHT = 1e9
MAX_ID_LENGTH = 256
_WHOLE = r"^[+-]?[0-9]{1,18}$"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_NOT_FINITE = r"^[+-]?(nan|inf|infinity)$"
_DECIMAL_COMMA = r"^[+-]?[0-9]+,[0-9]+$"


class RowChecks:
    """Which rows of a table are still alive; the first reason met for a row is the one counted."""

    def __init__(self, table: TextTable, report: FileReport) -> None:
        self._table, self._report = table, report
        self.alive = np.ones(len(table), dtype=bool)
        self._first: tuple[int, str, str] | None = None

    def refuse(self, bad: np.ndarray, reason: str, column: str) -> None:
        """Drop the rows where ``bad``, shape ``(n_rows,)``, unless dropped already."""
        lost = bad & self.alive
        if not lost.any():
            return
        self.alive &= ~lost
        line = self._table.line_of(int(np.argmax(lost)))
        self._report.drop(reason, int(lost.sum()), line)
        if self._first is None or line < self._first[0]:
            self._first = (line, reason, column)

    def refuse_repeats(self, keys: Sequence[np.ndarray], reason: str, column: str) -> None:
        """Drop living rows whose ``keys``, arrays of shape ``(n_rows,)``, were all seen on an earlier row."""
        repeated = np.zeros(len(self.alive), dtype=bool)
        living = pd.DataFrame({at: key[self.alive] for at, key in enumerate(keys)})
        repeated[self.alive] = living.duplicated().to_numpy()
        self.refuse(repeated, reason, column)

    def require_some(self, fix: str) -> None:
        """Raise DataError about the first refused row when no row is left."""
        if self.alive.any():
            return
        if self._first is None:
            line = min(self._report.first_lines.values(), default=None)
            raise DataError("There is no complete row.", fix=fix, file=self._report.file, line=line)
        line, reason, column = self._first
        raise DataError(
            f"No usable row is left; the first one lost: {reason}.",
            fix=fix,
            file=self._report.file,
            line=line,
            column=column,
        )

    def column(self, column: str) -> pa.Array:
        """Return the fields of ``column`` as they were read."""
        return self._table.columns[column]

    def texts(self, column: str) -> pa.Array:
        """Return the fields of ``column`` as text without surrounding white space; no text is empty text."""
        return pc.utf8_trim_whitespace(pc.fill_null(self.column(column).cast(pa.string()), ""))

    def whole_numbers(self, column: str) -> np.ndarray:
        """Return int64 values, 0 where refused: fields that are not a whole number of up to 18 digits."""
        texts = self.texts(column)
        good = _matches(texts, _WHOLE)
        self.refuse(~good, f"{column} is not a whole number", column)
        return _cast(texts, good, pa.int64(), "0")

    def ids(self, column: str) -> pa.Array:
        """Return ids, int64 if they were stored as numbers, else texts in Unicode's composed form (NFC)."""
        values = self.column(column)
        if pa.types.is_floating(values.type):
            values = _as_whole(values)
        if not pa.types.is_integer(values.type):
            return pc.utf8_normalize(self.names(column), form="NFC")
        self.refuse(values.is_null().to_numpy(zero_copy_only=False), f"{column} is empty", column)
        return pc.fill_null(values, 0)

    def names(self, column: str) -> pa.Array:
        """Return texts, refusing empty ones and those of more than 256 characters."""
        texts = self.texts(column)
        length = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
        self.refuse(length == 0, f"{column} is empty", column)
        self.refuse(length > MAX_ID_LENGTH, f"{column} is longer than {MAX_ID_LENGTH} characters", column)
        return texts

    def weights(self, column: str) -> np.ndarray:
        """Return float64 weights, refusing what is no number, not finite, negative, zero or above 1e9."""
        values = self.column(column)
        if not pa.types.is_string(values.type):
            self.refuse(values.is_null().to_numpy(zero_copy_only=False), f"{column} is empty", column)
            return self.checked_weights(_as_float(values), column)
        texts = self.texts(column)
        good = _matches(texts, _NUMBER)
        if not good.all():
            self.refuse(_matches(texts, r"^$"), f"{column} is empty", column)
            self.refuse(_matches(pc.utf8_lower(texts), _NOT_FINITE), f"{column} is not finite", column)
            self.refuse(_matches(texts, _DECIMAL_COMMA), f"{column} has a decimal comma (write 1.5)", column)
            self.refuse(~good, f"{column} is not a number", column)
        return self.checked_weights(_cast(texts, good, pa.float64(), "1"), column)

    def checked_weights(self, values: np.ndarray, column: str) -> np.ndarray:
        """Return ``values`` as they are, refusing those not finite, negative, zero or above 1e9."""
        self.refuse(~np.isfinite(values), f"{column} is not finite", column)
        self.refuse(values < 0, f"{column} is negative", column)
        self.refuse(values == 0, f"{column} is zero", column)
        self.refuse(values > MAX_WEIGHT, f"{column} is above {MAX_WEIGHT:.0e}".replace("+0", ""), column)
        return values


def _matches(texts: pa.Array, pattern: str) -> np.ndarray:
    """Tell which texts match ``pattern``, bool ``(n,)``."""
    return pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)


def _cast(texts: pa.Array, good: np.ndarray, kind: pa.DataType, filler: str) -> np.ndarray:
    """Return ``texts`` as numbers, with ``filler`` where not ``good``."""
    clean = texts if good.all() else pc.if_else(pa.array(good), texts, filler)
    return pc.utf8_ltrim(clean, "+").cast(kind).to_numpy(zero_copy_only=False)


def _as_float(values: pa.Array) -> np.ndarray:
    """Return numbers as float64, NaN where empty."""
    return values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)


def _as_whole(values: pa.Array) -> pa.Array:
    """Return floats as int64 if all are whole, as pandas stores whole numbers beside a gap."""
    try:
        return pc.if_else(pc.is_nan(values), None, values).cast(pa.int64())
    except pa.ArrowInvalid:
        return values
