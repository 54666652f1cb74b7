"""Every table that leaves the dashboard as a file goes through here."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator

# a spreadsheet runs a cell that starts so as a formula: names in the data come from strangers
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with an apostrophe before every text, column heads included, that starts a formula."""
    safe = frame.rename(columns=_guarded_cell)
    for position, (_, column) in enumerate(safe.items()):
        if not pd.api.types.is_numeric_dtype(column.dtype):
            safe.isetitem(position, column.map(_guarded_cell))
    return safe


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return ``frame`` as guarded CSV without index; the mark before the UTF-8 is for spreadsheets."""
    return guarded(frame).to_csv(index=False).encode("utf-8-sig")


def csv_button(
    frame: pd.DataFrame,
    file_name: str,
    *,
    key: str,
    label: str | None = None,
    into: DeltaGenerator | None = None,
) -> None:
    """Show a button that downloads ``frame`` as ``file_name``; the file is made when asked for."""
    (into or st).download_button(
        label or text("downloads.csv"),
        data=lambda: csv_bytes(frame),
        file_name=file_name,
        mime="text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def parquet_button(table: Callable[[], pd.DataFrame], file_name: str, *, key: str) -> None:
    """Show a button that downloads what ``table`` returns as Parquet, made when asked for.

    No program takes Parquet for formulas.
    """
    st.download_button(
        text("downloads.parquet"),
        data=lambda: _parquet_bytes(table()),
        file_name=file_name,
        mime="application/vnd.apache.parquet",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def _parquet_bytes(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def _guarded_cell(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
