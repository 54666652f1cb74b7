"""A catalogue of films: one checked table, whatever source it came from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from recsys_core.datasets.dataset import Dataset, Source

DIRECTOR_SEPARATOR = ", "


class MovieColumns:
    """Column names of the film table, in their order."""

    MOVIE_ID = "movie_id"
    TITLE = "title"
    YEAR = "year"
    GENRES = "genres"
    KEYWORDS = "keywords"
    CAST = "cast"
    DIRECTOR = "director"
    OVERVIEW = "overview"
    VOTE_AVERAGE = "vote_average"
    VOTE_COUNT = "vote_count"
    LANGUAGE = "language"
    LINKS = "links"

    TEXTS = (TITLE, DIRECTOR, OVERVIEW, LANGUAGE)
    LISTS = (GENRES, KEYWORDS, CAST)
    ALL = (
        MOVIE_ID,
        TITLE,
        YEAR,
        GENRES,
        KEYWORDS,
        CAST,
        DIRECTOR,
        OVERVIEW,
        VOTE_AVERAGE,
        VOTE_COUNT,
        LANGUAGE,
        LINKS,
    )


@dataclass(frozen=True, eq=False)
class Movies:
    """Films as rows ``0 .. n-1``; the row is the film's ``movie_idx``. Build with :meth:`from_frame`.

    Parameters
    ----------
    frame
        One row per film, ``RangeIndex``, columns of :class:`MovieColumns`: ``movie_id`` int64 or str,
        distinct; ``title`` str, never empty; ``year`` Int64 or <NA>; ``genres``, ``keywords``, ``cast``
        lists of str, perhaps empty, in the order of the source; ``director`` str, several joined by
        ``", "``; ``overview`` and ``language`` str, "" when unknown; ``vote_average`` float64 on the
        source's own scale (see ``vote_scale``), NaN when unknown; ``vote_count`` int64, 0 when unknown;
        ``links`` dict of site name to address.
    ratings
        Who rated which film, or None; its item ids are among ``movie_id``.
    vote_scale
        Lowest and highest possible vote.

    Raises
    ------
    DataError
        If there is no film, an id repeats, a column is missing or a rated film is unknown.
    """

    frame: pd.DataFrame
    source: Source
    report: LoadingReport = field(default_factory=LoadingReport)
    ratings: Dataset | None = None
    vote_scale: tuple[float, float] = (0.0, 10.0)

    def __post_init__(self) -> None:
        """Check once; everything downstream may trust the table."""
        absent = next((name for name in MovieColumns.ALL if name not in self.frame), None)
        if absent:
            raise DataError("The film table lacks this column.", column=absent)
        if not len(self.frame):
            raise DataError("No usable film is left.", fix="Check the file and the chosen columns.")
        if not self.frame.index.equals(pd.RangeIndex(len(self.frame))):
            raise DataError("The rows of the film table are not numbered from 0.", fix="Reset the index.")
        known = self.ids
        if self.ratings is not None and (known.locate(self.ratings.items.ids) < 0).any():
            raise DataError("Ratings name films that are not in the catalogue.", fix="Drop such ratings.")

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        source: Source,
        *,
        report: LoadingReport | None = None,
        ratings: Dataset | None = None,
        vote_scale: tuple[float, float] = (0.0, 10.0),
    ) -> Movies:
        """Return the catalogue of a table with ``movie_id``, ``title`` and any other of the columns.

        Columns that are not there count as unknown; types are made those of the class.
        """
        whole = pd.DataFrame({name: _column(frame, name) for name in MovieColumns.ALL})
        return cls(whole, source, report or LoadingReport(), ratings, vote_scale)

    def __len__(self) -> int:
        """Return the number of films."""
        return len(self.frame)

    def __repr__(self) -> str:
        """Return ``<Movies tmdb-5000, 4,803 films>``."""
        return f"<Movies {self.source.name}, {len(self):,} films>"

    @cached_property
    def ids(self) -> IdMap:
        """Translation between ``movie_id`` and ``movie_idx``."""
        return IdMap(self.frame[MovieColumns.MOVIE_ID].to_numpy(), kind="film")

    @cached_property
    def fingerprint(self) -> str:
        """First 16 hex digits of the SHA-256 of every field and of the ratings; names the catalogue."""
        digest = hashlib.sha256()
        for name in MovieColumns.ALL:
            digest.update("\x1e".join(map(_spelled, self.frame[name].tolist())).encode())
            digest.update(b"\x1d")
        digest.update((self.ratings.fingerprint if self.ratings else "").encode())
        return digest.hexdigest()[:16]


def directors_of(director: str) -> list[str]:
    """Return the single names of a ``director`` field, in order; empty when unknown."""
    return [name for name in director.split(DIRECTOR_SEPARATOR) if name]


def _column(frame: pd.DataFrame, name: str) -> Any:
    """Return one column in its type, filled with "unknown" where the frame lacks it."""
    values = frame[name].tolist() if name in frame else [_unknown(name) for _ in range(len(frame))]
    if name == MovieColumns.YEAR:
        return pd.array([None if pd.isna(year) else int(year) for year in values], dtype="Int64")
    if name in (MovieColumns.VOTE_AVERAGE, MovieColumns.VOTE_COUNT):
        return np.array(values, np.float64 if name == MovieColumns.VOTE_AVERAGE else np.int64)
    return values


def _unknown(name: str) -> Any:
    """Return what a field holds that its source does not tell."""
    if name in MovieColumns.LISTS:
        return []
    kinds: dict[str, Any] = {
        MovieColumns.YEAR: None,
        MovieColumns.VOTE_AVERAGE: np.nan,
        MovieColumns.VOTE_COUNT: 0,
        MovieColumns.LINKS: {},
    }
    return kinds.get(name, "")


def _spelled(value: object) -> str:
    """Return one field as text, lists and dicts with their parts apart."""
    if isinstance(value, dict):
        return "\x1f".join(f"{key}={value[key]}" for key in sorted(value))
    return "\x1f".join(value) if isinstance(value, list) else str(value)
