"""Times of a table as whole seconds since 1970, whatever they were written as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from recsys_core.datasets.loading_report import FileReport
    from recsys_core.datasets.row_checks import RowChecks

# 1970-01-01 to 2100-01-01.
_EARLIEST, _LATEST = 0, 4_102_444_800
# From which size on a number counts which unit: 100 billion seconds lie in the year 5138,
# as many milliseconds in 1973, and so on.
_UNITS = ((1e11, 1e3), (1e14, 1e6), (1e17, 1e9))
_NUMBER = r"^-?[0-9]{1,19}(\.[0-9]+)?$"
_DATE_DIGITS = r"^(19|20)[0-9]{2}((0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01]))?$"


def read_timestamps(checks: RowChecks, column: str, entry: FileReport) -> np.ndarray:
    """Return int64 seconds since 1970, shape ``(n_rows,)``; rows without a usable time are refused.

    Takes seconds, milli-, micro- or nanoseconds since 1970 (told apart by the size of each, noted), ISO
    dates with or without time and zone, and ``20240531``. Times without a zone are read as UTC.
    """
    values = checks.column(column)
    if pa.types.is_temporal(values.type):
        seconds = _from_temporal(values)
    elif pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        seconds = _from_numbers(pc.fill_null(values.cast(pa.float64()), np.nan), entry, column)
    else:
        seconds = _from_texts(checks.texts(column), entry, column)
    known = np.isfinite(seconds)
    reason = f"{column} is neither a number of seconds since 1970 nor a date like 2024-05-31"
    checks.refuse(~known, reason, column)
    inside = (seconds >= _EARLIEST) & (seconds < _LATEST)
    checks.refuse(known & ~inside, f"{column} is before 1970 or after 2099", column)
    return np.where(known & inside, seconds, 0).astype(np.int64)


def _from_temporal(values: pa.Array) -> np.ndarray:
    """Return float64 seconds of a date or timestamp column, NaN where empty."""
    whole = values.cast(pa.timestamp("s"), safe=False).cast(pa.int64())
    return whole.cast(pa.float64()).to_numpy(zero_copy_only=False)


def _from_numbers(values: pa.Array, entry: FileReport, column: str) -> np.ndarray:
    """Return float64 seconds of numbers, each in the unit that its size speaks for."""
    numbers = values.to_numpy(zero_copy_only=False)
    divisor = np.ones(len(numbers))
    for least, parts in _UNITS:
        divisor[np.abs(numbers) >= least] = parts
    finer = int((divisor > 1).sum())
    if finer:
        entry.notes.append(f"{column}: {finer:,} values read as milliseconds (or finer) since 1970.")
    return np.floor(numbers / divisor)


def _from_texts(texts: pa.Array, entry: FileReport, column: str) -> np.ndarray:
    """Return float64 seconds of numbers and ISO dates, NaN for anything else."""
    numeric = _matches(texts, _NUMBER)
    dates = _matches(texts, _DATE_DIGITS)
    if dates[numeric].all():
        numeric = np.zeros(len(texts), dtype=bool)
    seconds = np.full(len(texts), np.nan)
    if numeric.any():
        seconds[numeric] = _from_numbers(texts.filter(pa.array(numeric)).cast(pa.float64()), entry, column)
    if not numeric.all():
        seconds[~numeric] = _from_iso(texts.filter(pa.array(~numeric)))
    return seconds


def _from_iso(texts: pa.Array) -> np.ndarray:
    """Return float64 seconds of ISO dates, NaN for anything else."""
    words = pd.Series(texts.to_pylist(), dtype=object)
    parsed = pd.to_datetime(words, format="ISO8601", utc=True, errors="coerce")
    instants = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    return np.where(np.isnat(instants), np.nan, instants.astype(np.int64))


def _matches(texts: pa.Array, pattern: str) -> np.ndarray:
    """Tell which texts match ``pattern``, bool ``(n,)``."""
    return pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
