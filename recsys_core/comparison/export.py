"""A table as CSV, Markdown or LaTeX text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

_LATEX = {
    "\\": r"\textbackslash{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def to_csv(table: pd.DataFrame) -> str:
    """Return the table with all its digits, a comma between cells."""
    return table.to_csv(index=False, lineterminator="\n")


def to_markdown(table: pd.DataFrame, *, digits: int = 4) -> str:
    """Return a pipe table, numbers to the right, a dash where there is none."""
    heads = [_markdown(str(name)) for name in table]
    rule = ["---:" if numeric else ":---" for numeric in _numeric(table)]
    rows = [heads, rule, *([_markdown(cell) for cell in row] for row in _cells(table, digits))]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def to_latex(table: pd.DataFrame, *, digits: int = 4) -> str:
    """Return a ``tabular`` of the package booktabs, special characters escaped."""
    columns = "".join("r" if numeric else "l" for numeric in _numeric(table))
    heads = " & ".join(_latex(str(name)) for name in table)
    lines = [" & ".join(_latex(cell) for cell in row) + r" \\" for row in _cells(table, digits)]
    top, end = [f"\\begin{{tabular}}{{{columns}}}", r"\toprule"], [r"\bottomrule", r"\end{tabular}"]
    return "\n".join([*top, heads + r" \\", r"\midrule", *lines, *end]) + "\n"


FORMATS: dict[str, Callable[[pd.DataFrame], str]] = {"csv": to_csv, "md": to_markdown, "tex": to_latex}


def _numeric(table: pd.DataFrame) -> list[bool]:
    return [
        bool(np.issubdtype(kind, np.number)) if isinstance(kind, np.dtype) else False for kind in table.dtypes
    ]


def _cells(table: pd.DataFrame, digits: int) -> list[list[str]]:
    return [[_cell(value, digits) for value in row] for row in table.itertuples(index=False, name=None)]


def _cell(value: object, digits: int) -> str:
    if value is None or (isinstance(value, float | np.floating) and not np.isfinite(value)):
        return "–"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:.{digits}f}" if isinstance(value, float | np.floating) else " ".join(str(value).split())


def _markdown(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)
