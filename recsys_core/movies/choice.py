"""The one way in: a catalogue of films named by a small checked struct, loaded from wherever it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from recsys_core.datasets.choice import DOWNLOADS, UPLOADS
from recsys_core.datasets.named_path import named_path
from recsys_core.errors import DataError
from recsys_core.movies.loaders.demo import load_demo_movies
from recsys_core.movies.loaders.imdb import find_imdb, load_imdb
from recsys_core.movies.loaders.movielens import find_movielens, load_movielens
from recsys_core.movies.loaders.movies_dataset import find_movies_dataset, load_movies_dataset
from recsys_core.movies.loaders.own_columns import FilmColumns, guessed_or_refused
from recsys_core.movies.loaders.own_table import load_own_films
from recsys_core.movies.loaders.own_uploads import find_film_upload, store_film_upload, stored_film_uploads
from recsys_core.movies.loaders.tmdb import find_tmdb, load_tmdb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recsys_core.movies.schema import Movies

OWN_FILMS = "films"
Published = Literal["tmdb-5000", "imdb-5000", "movielens", "movies-dataset"]


class _Kind(NamedTuple):
    """How to call, find and load a published catalogue, and how to come by it."""

    title: str
    find: Callable[[Sequence[Path]], Path | None]
    load: Callable[[Path], Movies]
    how_to_get: str


_KINDS: dict[Published, _Kind] = {
    "tmdb-5000": _Kind(
        "TMDB 5000",
        find_tmdb,
        load_tmdb,
        'Fetch "TMDB 5000 Movie Dataset" from Kaggle (an account is needed)',
    ),
    "imdb-5000": _Kind(
        "IMDB 5000",
        find_imdb,
        load_imdb,
        'Fetch "IMDB 5000 Movie Dataset" from Kaggle (an account is needed)',
    ),
    "movielens": _Kind(
        "MovieLens latest-small", find_movielens, load_movielens, "Download it, about 1 MB, on the films page"
    ),
    "movies-dataset": _Kind(
        "The Movies Dataset",
        find_movies_dataset,
        load_movies_dataset,
        'Fetch "The Movies Dataset" from Kaggle (an account is needed)',
    ),
}
CATALOGUES = (*_KINDS, "demo")


class MovieChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which catalogue: the demo, a published one (at ``path`` or as downloaded), or your own file."""

    name: Literal["demo", "tmdb-5000", "imdb-5000", "movielens", "movies-dataset", "file"]
    path: str | None = None
    columns: FilmColumns | None = None

    @property
    def title(self) -> str:
        """What to call it before it is loaded."""
        if self.name == "demo":
            return "Demo films"
        if self.name != "file":
            return _KINDS[self.name].title
        if self.path is None:
            return "Your own films"
        upload = find_film_upload(Path(self.path))
        return upload.filename if upload else Path(self.path).name


def load_movies(choice: MovieChoice, *, data_root: Path) -> Movies:
    """Return the catalogue that ``choice`` names; ``data_root`` is the folder of downloads and uploads.

    Raises
    ------
    DataError
        If it is not there or cannot be used; the text says how to get or mend it.
    """
    if choice.name == "demo":
        return load_demo_movies()
    if choice.name == "file":
        return _load_file(choice)
    kind = _KINDS[choice.name]
    return kind.load(_named_or_found(choice, kind, data_root))


def available_movies(data_root: Path, named: Path | None = None) -> list[MovieChoice]:
    """Return what can be loaded right now: published catalogues found, your own files, then the demo.

    ``named`` is a folder, zip or table that the user pointed at; it and the folders right below it
    are searched before the downloads are.
    """
    candidates = [path for path in (named, data_root / DOWNLOADS) if path is not None]
    found = {name: kind.find(candidates) for name, kind in _KINDS.items()}
    choices = [MovieChoice(name, str(path)) for name, path in found.items() if path is not None]
    if named is not None and named not in found.values():
        choices += _named_file(named)
    uploads = stored_film_uploads(data_root / UPLOADS / OWN_FILMS)
    choices += [MovieChoice("file", one.path, one.columns) for one in uploads]
    return [*choices, MovieChoice("demo")]


def store_movies(data_root: Path, filename: str, content: bytes, columns: FilmColumns) -> MovieChoice:
    """Store a film table that someone brought and return the choice that loads it.

    Raises
    ------
    DataError
        If the file cannot be loaded with ``columns``; nothing is stored then.
    """
    upload = store_film_upload(data_root / UPLOADS / OWN_FILMS, filename, content, columns)
    return MovieChoice("file", upload.path, upload.columns)


def _named_or_found(choice: MovieChoice, kind: _Kind, data_root: Path) -> Path:
    """Return where the files should be."""
    if choice.path is not None:
        return named_path(choice.path)
    found = kind.find([data_root / DOWNLOADS])
    if found is None:
        raise DataError(
            f"{kind.title} is not on this computer.",
            fix=(
                f"{kind.how_to_get}, or name the folder or zip that you have (REFRAIN_DATA or --data-dir), "
                f"or put it into {data_root / DOWNLOADS}."
            ),
        )
    return found


def _load_file(choice: MovieChoice) -> Movies:
    """Load a table of films; columns not given are guessed."""
    if choice.path is None:
        raise DataError("No file is named.", fix="Name the file to read.")
    path = named_path(choice.path)
    columns = choice.columns or guessed_or_refused(path)
    upload = find_film_upload(path)
    return load_own_films(path, columns, title=upload.filename if upload else None)


def _named_file(path: Path) -> list[MovieChoice]:
    """Return the choice of a table of films whose columns can be guessed, if ``path`` is one."""
    try:
        return [MovieChoice("file", str(path), guessed_or_refused(path))] if path.is_file() else []
    except (DataError, OSError):  # no table, or in a folder that may not be looked into
        return []
