"""A table taken away: for a spreadsheet, a text or a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.comparison.export import to_latex, to_markdown
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

_WRITERS: dict[str, tuple[Callable[[pd.DataFrame], str], str]] = {
    "md": (to_markdown, "text/markdown"),
    "tex": (to_latex, "application/x-tex"),
}


def export_buttons(table: pd.DataFrame, name: str, *, key: str, what: str = "") -> None:
    """Draw the buttons that save ``table`` as ``name`` with the ending .csv, .md or .tex, ``what`` before."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if what:
            st.caption(what, width="content")
        csv_button(table, f"{name}.csv", key=f"{key}.csv", label=text("models.as_csv"))
        for ending, (write, kind) in _WRITERS.items():
            st.download_button(
                text(f"models.as_{ending}"), write(table), f"{name}.{ending}", kind, key=f"{key}.{ending}",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip
