"""MovieLens latest-small: films with genres, tags and ratings of real people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.datasets.dataset import Dataset, Source
from recsys_core.datasets.features import FeatureMatrix
from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.errors import DataError
from recsys_core.movies.loaders.fields import imdb_link, tmdb_link
from recsys_core.movies.loaders.film_files import find_films, read_films
from recsys_core.movies.loaders.movielens_ratings import SCALE, Ratings, read_ratings
from recsys_core.movies.loaders.movielens_tags import read_tags
from recsys_core.movies.loaders.movielens_titles import split_title
from recsys_core.movies.loaders.opening import open_sheet
from recsys_core.movies.loaders.sheet import Sheet
from recsys_core.movies.schema import MovieColumns as Col
from recsys_core.movies.schema import Movies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILMS, RATINGS, TAGS, LINKS, README = "movies.csv", "ratings.csv", "tags.csv", "links.csv", "README.txt"
LICENCE = (
    "Research use, no commercial use without permission of GroupLens, University of Minnesota. "
    "Not part of this project: everybody fetches their own copy."
)
CITATION = (
    "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. "
    "ACM Transactions on Interactive Intelligent Systems (TiiS) 5, 4: 19:1-19:19. "
    "https://doi.org/10.1145/2827872"
)
NO_GENRES = "(no genres listed)"
_SAID = re.compile(r"contains (\d+) ratings and (\d+) tag applications across (\d+) movies")


def find_movielens(candidates: Sequence[Path]) -> Path | None:
    """Return the first folder or zip with films and ratings, at each candidate or one level below."""
    return find_films(candidates, (FILMS, RATINGS))


def load_movielens(path: Path) -> Movies:
    """Return MovieLens' films, 9,742 in latest-small, with 100,836 ratings of 610 people in ``ratings``.

    Keywords are people's tags, the most given first; the mean vote is the mean rating, 0.5 to 5 stars,
    and films nobody rated have none. ``ratings`` has a column for every film, in the order of the
    catalogue: its ``item_idx`` is the ``movie_idx``. Tags and links may be missing; a note says so.

    Raises
    ------
    DataError
        If films or ratings are missing or damaged, or have fewer rows than the README beside them tells.
    """
    contents = read_films(path, (FILMS, RATINGS), (TAGS, LINKS, README))
    report = LoadingReport()
    sheet = open_sheet(contents[FILMS], FILMS, ("movieId", "title"), ("genres",), report, utf8_only=True)
    ids = sheet.whole_ids("movieId")
    titles = sheet.titles("title")
    frame = sheet.frame({Col.MOVIE_ID: ids, **_fields(sheet, titles)})
    films = frame[Col.MOVIE_ID].to_numpy()
    ratings = read_ratings(contents[RATINGS], RATINGS, films, report)
    tags = read_tags(contents.get(TAGS), TAGS, films, report)
    links = _links(contents.get(LINKS), films, report)
    _check_readme(contents, report)
    source = Source("movielens", "MovieLens latest-small", False, str(path), LICENCE, CITATION)
    return Movies.from_frame(
        frame.assign(**ratings.columns(), **{Col.KEYWORDS: tags, Col.LINKS: links}),
        source,
        report=report,
        ratings=_dataset(ratings, frame, tags, source, report),
        vote_scale=SCALE,
    )


def _fields(sheet: Sheet, titles: list[str]) -> dict[str, list]:
    """Return titles, years and genres."""
    split = [split_title(title) for title in titles]
    sheet.mended([year is None for _, year in split], "no year in the title, read as unknown")
    return {
        Col.TITLE: [title for title, _ in split],
        Col.YEAR: [year for _, year in split],
        Col.GENRES: sheet.lists("genres", lambda cell: [] if cell == NO_GENRES else cell.split("|")),
    }


def _links(data: bytes | None, films: np.ndarray, report: LoadingReport) -> list[dict[str, str]]:
    """Return the addresses of each film on MovieLens, IMDb and The Movie Database."""
    own = {one: {"movielens": f"https://movielens.org/movies/{one}"} for one in films.tolist()}
    if data is None:
        report.start(LINKS, 0).notes.append("Not there: films have no addresses elsewhere.")
        return list(own.values())
    sheet = open_sheet(data, LINKS, ("movieId", "imdbId"), ("tmdbId",), report, utf8_only=True)
    ids = sheet.whole_ids("movieId")
    sheet.checks.refuse(~np.isin(ids, films), f"film not in {FILMS}", "movieId")
    imdb, tmdb = sheet.raw("imdbId"), sheet.raw("tmdbId")
    for row in np.flatnonzero(sheet.checks.alive).tolist():
        addresses = own[int(ids[row])]
        addresses |= {"imdb": imdb_link(imdb[row])} if imdb[row].isdigit() else {}
        addresses |= {"tmdb": tmdb_link(tmdb[row])} if tmdb[row].isdigit() else {}
    return list(own.values())


def _label(title: str, year: int | None) -> str:
    """Return a film's name for lists, in which remakes must differ."""
    return title if pd.isna(year) else f"{title} ({year:.0f})"


def _dataset(
    ratings: Ratings, frame: pd.DataFrame, tags: list[list[str]], source: Source, report: LoadingReport
) -> Dataset:
    """Return the ratings as the project's data set, with genres and tags as features of the films."""
    names = [_label(*one) for one in zip(frame[Col.TITLE], frame[Col.YEAR], strict=True)]
    kinds = (("genre", frame[Col.GENRES]), ("tag", tags))
    pairs = [(at, f"{kind}:{name}") for kind, lists in kinds for at, own in enumerate(lists) for name in own]
    features = FeatureMatrix.from_pairs(
        np.array([at for at, _ in pairs], dtype=np.int64), [name for _, name in pairs], len(frame)
    )
    return Dataset(
        source=source,
        interactions=ratings.interactions,
        users=ratings.users,
        items=IdMap(frame[Col.MOVIE_ID].to_numpy(), kind="item"),
        names=np.array(names, dtype=object),
        item_features=features if pairs else None,
        report=report,
    )


def _check_readme(contents: dict[str, bytes], report: LoadingReport) -> None:
    """Refuse files with fewer rows than the README beside them tells, and note those with more."""
    said = _SAID.search(contents.get(README, b"").decode(errors="replace"))
    if said is None:
        return
    told = dict(zip((RATINGS, TAGS, FILMS), map(int, said.groups()), strict=True))
    for entry in report.files:
        surplus = entry.read - told.get(entry.file, entry.read) if entry.file in contents else 0
        if surplus < 0:
            raise DataError(
                f"There are {entry.read:,} rows, but {README} tells of {told[entry.file]:,}.",
                fix="The file was cut short: fetch it again, or remove the README if you mean it.",
                file=entry.file,
            )
        if surplus:
            entry.notes.append(f"{surplus:,} rows more than {README} tells: added since, and kept.")
