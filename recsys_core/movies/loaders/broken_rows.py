"""Rows of The Movies Dataset that a line break inside the overview tore into two: joined again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.movies.loaders.fields import count_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.movies.loaders.sheet import Sheet

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TORN = "overview"


def join_broken_rows(sheet: Sheet, schema: Sequence[str]) -> None:
    """Move the second half of each torn row to its first half, and refuse the row left over.

    The second half starts with the rest of the overview, so that everything after it stands too far to
    the left: a date where the id should be. It is joined if the row above ends at the overview and the
    two make a whole row; other odd rows are left to the checks of their fields. Columns that are
    not those of ``schema``, 24 as published, cannot be told by position and are left alone.
    """
    ids = sheet.raw("id")
    tails = [row for row in range(1, len(sheet)) if _DATE.fullmatch(ids[row])]
    if not tails or not sheet.has(schema):
        return
    fields = {name: sheet.raw(name) for name in schema}
    joined = {row: whole for row in tails if (whole := _joined(fields, row, schema))}
    for name in schema:
        sheet.overwrite(name, {row - 1: whole[name] for row, whole in joined.items()})
    left_over = np.zeros(len(sheet), dtype=bool)
    left_over[list(joined)] = True
    sheet.mended(np.roll(left_over, -1).tolist(), "the line broke inside the overview, both halves joined")
    sheet.checks.refuse(left_over, "second half of a broken row (joined to the row above)", "id")


def _joined(fields: dict[str, list[str]], tail: int, schema: Sequence[str]) -> dict[str, str] | None:
    """Return the whole row made of the rows ``tail - 1`` and ``tail``, or None if they do not fit."""
    at = list(schema).index(_TORN)
    first = [fields[name][tail - 1] for name in schema]
    second = [fields[name][tail] for name in schema]
    width = len(schema) - at
    if any(first[at + 1 :]) or any(second[width:]):
        return None
    texts = [*first[:at], f"{first[at]}\n{second[0]}", *second[1:width]]
    whole = dict(zip(schema, texts, strict=True))
    fits = whole["id"].isdigit() and whole["title"] and count_of(whole["vote_count"]) is not None
    return whole if fits else None
