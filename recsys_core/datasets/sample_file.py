"""A small table in the form that own files should have, to be filled with other rows."""

from __future__ import annotations

import pandas as pd

_ROWS = (
    ("anna", "Radiohead", 312, "2024-01-14"),
    ("anna", "Portishead", 95, "2024-02-02"),
    ("anna", "Björk", 41, "2024-03-21"),
    ("ben", "Portishead", 230, "2024-01-30"),
    ("ben", "Massive Attack", 187, "2024-02-11"),
    ("ben", "Radiohead", 12, "2024-04-05"),
    ("chiara", "Air", 77, "2024-01-03"),
    ("chiara", "Daft Punk", 402, "2024-02-27"),
    ("chiara", "Massive Attack", 15, "2024-05-19"),
    ("deniz", "Daft Punk", 58, "2024-03-08"),
    ("deniz", "Björk", 133, "2024-03-30"),
    ("deniz", "Air", 9, "2024-06-01"),
)


def sample_table() -> pd.DataFrame:
    """Return twelve invented rows of ``user, artist, plays, date``; the last two columns are optional."""
    return pd.DataFrame(_ROWS, columns=["user", "artist", "plays", "date"])
