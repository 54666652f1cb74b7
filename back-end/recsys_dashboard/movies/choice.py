"""Which catalogue the page shows: found on this computer, in folders people named, or brought by them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import streamlit as st

from recsys_core.datasets.choice import UPLOADS
from recsys_core.datasets.named_path import is_there, named_path
from recsys_core.errors import DataError, RefrainError
from recsys_core.movies import MovieChoice, available_movies
from recsys_core.whole_files import write_whole
from recsys_dashboard.data.files import key_of
from recsys_dashboard.movies import address
from recsys_dashboard.movies.catalogue import FilmCatalogue, open_catalogue
from recsys_dashboard.page_frame import Badge
from recsys_dashboard.settings import read_settings
from recsys_dashboard.texts import plain, text, whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

FOLDERS = "film-folders.json"
_REMEMBERING = threading.Lock()
OF_ONE_CATALOGUE = (address.VIA, "genre", "decade", "spoken", "how")
"""What an address says only of the catalogue it was written for."""


def known_catalogues() -> dict[str, MovieChoice]:
    """Return what can be loaded now by its name in addresses: published ones, own files, the demo last."""
    settings = read_settings()
    found: dict[str, MovieChoice] = {}
    for named in [settings.data_dir, *named_folders()]:
        for choice in available_movies(settings.data_root, named):
            found.setdefault(key_of(choice), choice)
    demo = found.pop("demo")
    return {**found, "demo": demo}


def named_folders() -> list[Path]:
    """Return the folders, zips and tables that people named on this computer and that are still there."""
    try:
        content = _folders_file().read_bytes()
        paths = [Path(one) for one in msgspec.json.decode(content, type=list[str])]
    except (OSError, msgspec.MsgspecError):
        return []
    return [path for path in paths if is_there(path)]


def name_folder(words: str) -> MovieChoice:
    """Remember a folder, zip or table with films and return the first catalogue in it.

    Raises
    ------
    DataError
        If it is not there or holds no catalogue that we can read.
    OSError
        If it cannot be remembered.
    """
    path = named_path(words.strip().strip("\"'")).absolute()
    if not is_there(path):
        raise DataError(text("movies.folder_missing", path=path))
    settings = read_settings()
    found = [one for one in available_movies(settings.data_root, path) if one.path]
    inside = [one for one in found if Path(str(one.path)).absolute().is_relative_to(path)]
    if not inside:
        raise DataError(text("movies.folder_nothing", path=path))
    _remember(path)
    return inside[0]


def _remember(path: Path) -> None:
    file = _folders_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with _REMEMBERING:
        kept = [str(one) for one in named_folders() if one != path]
        write_whole(file, msgspec.json.encode([*kept, str(path)]))


def _folders_file() -> Path:
    return read_settings().data_root / UPLOADS / FOLDERS


def pick_catalogue() -> MovieChoice:
    """Draw the choice and return it; the address names it, the best there is comes first."""
    known = known_catalogues()
    best, wanted = next(iter(known)), address.asked(address.FILMS)
    key = address.select(address.FILMS, list(known), best)
    picked = st.selectbox(
        text("movies.catalogue"),
        list(known),
        format_func=lambda one: known[one].title,
        key=key,
        on_change=_switch,
        args=(known,),
        help=text("movies.catalogue_help"),
        width=240,
    )
    if wanted and wanted not in known:
        words = text(
            "movies.catalogue_unknown", asked=plain(wanted[: address.LONGEST]), shown=plain(known[best].title)
        )
        st.warning(words, icon=":material/search_off:")
    return known[picked]


def opening(choice: MovieChoice) -> AbstractContextManager[None]:
    """Return what says that a catalogue is being opened, for as long as that takes half a second or more."""
    return st.spinner(text("movies.opening", title=plain(choice.title)), show_time=True)


def show_catalogue(choice: MovieChoice) -> None:
    """Turn the page to another catalogue; for a button's callback."""
    _turn_to(key_of(choice), choice)


def catalogue_badge(films: FilmCatalogue) -> Badge:
    """Return the badge that says which films are shown; simulated votes are never left unsaid."""
    source = films.movies.source
    if source.simulated:
        return Badge(text("movies.badge_demo", n=len(films.movies)), "orange", ":material/science:")
    words = text("movies.badge", title=plain(source.title), n=len(films.movies))
    return Badge(words, "green", ":material/verified:")


def source_line(films: FilmCatalogue) -> str:
    """Return where a figure's numbers come from."""
    source = films.movies.source
    parts = [text("movies.source", title=plain(source.title), films=whole(len(films.movies)))]
    parts += [text("movies.simulated")] if source.simulated else []
    return " · ".join([*parts, text("footer.data", fingerprint=films.movies.fingerprint)])


def _switch(known: Mapping[str, MovieChoice]) -> None:
    picked = st.session_state[f"movies.{address.FILMS}"]
    _turn_to(picked, known[picked])


def _turn_to(key: str, choice: MovieChoice) -> None:
    """Write the catalogue into the address, with the same film if it has it."""
    # a large one takes half a minute, and whoever clicked at the foot of the page sees nothing else move
    st.toast(text("movies.opening", title=plain(choice.title)), icon=":material/movie:", duration="long")
    leaving = dict.fromkeys(OF_ONE_CATALOGUE)
    address.change(films=key, film=_same_film(choice), view=None, **leaving)


def _same_film(choice: MovieChoice) -> str | None:
    """Return the id that the film shown has in another catalogue, if it is there under the same name."""
    label = st.session_state.get("movies.shown")
    if not label:
        return None
    try:
        return str(open_catalogue(choice).search.by_title(label).movie_id)
    except RefrainError:
        return None
