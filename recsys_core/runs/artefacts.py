"""What was computed from a run and is kept beside it: ``<run>/artefacts/<name>/``, gone with the run.

An artefact is a folder of files and a card with their checksums, written whole or not at all. It can always
be computed again, so a new one of the same name takes the place of the old.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from recsys_core.errors import RunError
from recsys_core.runs.manifest import FORMAT
from recsys_core.runs.on_disk import DELETED, PARTIAL, check_file
from recsys_core.whole_files import FileCard, card_of_file, sync, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from recsys_core.runs.store import RunStore

FOLDER, CARD = "artefacts", "artefact.json"
ATTEMPTS = 1_000
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_MEND = "Compute it again."


class ArtefactCard(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of an artefact; ``about`` is JSON-ready and the writer's own: settings, figures."""

    format: int = FORMAT
    run_id: str
    name: str
    about: dict[str, Any] = {}
    files: dict[str, FileCard] = {}


@dataclass(frozen=True)
class Artefact:
    """A stored artefact whose files matched their checksums when it was read."""

    card: ArtefactCard
    folder: Path

    @property
    def about(self) -> dict[str, Any]:
        """What the writer said about it."""
        return self.card.about

    def path(self, file_name: str) -> Path:
        """Return where one of its files is.

        Raises
        ------
        RunError
            If it has no such file.
        """
        if file_name not in self.card.files:
            raise RunError(f"Artefact {self.card.name} of run {self.card.run_id} has no file {file_name!r}.")
        return self.folder / file_name


def write_artefact(
    store: RunStore,
    run_id: str,
    name: str,
    files: Mapping[str, bytes | Callable[[Path], None]],
    *,
    about: dict[str, Any] | None = None,
) -> Artefact:
    """Store ``files`` as the artefact ``name`` of a run, in the place of any older one, and return it.

    Parameters
    ----------
    files
        Name to content, or to a function that writes the file at the path it is given.
    about
        JSON-ready remarks kept in the card.

    Raises
    ------
    RunError
        If there is no such run, a name is unfit, or the folder cannot be written.
    """
    final = _folder(store, run_id, name)
    for file_name in files:
        if not _FILE_NAME.fullmatch(file_name) or file_name == CARD:
            raise RunError(f"{file_name!r} cannot be the name of a file of an artefact.")
    store.manifest(run_id)
    card = ArtefactCard(run_id=run_id, name=name, about=about or {})
    try:
        return Artefact(_write(final, card, files), final)
    except OSError as error:
        raise RunError(
            f"Artefact {name} of run {run_id} could not be stored: {error.strerror or error}. Make room."
        ) from None


def read_artefact(store: RunStore, run_id: str, name: str) -> Artefact | None:
    """Return an artefact with every file checked against its SHA-256, or None if there is none.

    Raises
    ------
    RunError
        If the name is unfit, or the artefact is damaged or was written by a newer version.
    """
    folder = _folder(store, run_id, name)
    of = f"artefact {name} of run {run_id}"
    try:
        card = msgspec.json.decode((folder / CARD).read_bytes(), type=ArtefactCard)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RunError(f"The card of {of} is damaged: {error}. {_MEND}") from None
    if card.format > FORMAT:
        raise RunError(f"{of.capitalize()} was written by a newer version: update first.")
    if (card.run_id, card.name) != (run_id, name):
        raise RunError(f"The card of {of} is damaged: it belongs to something else. {_MEND}")
    for file_name, file_card in card.files.items():
        if not _FILE_NAME.fullmatch(file_name):
            raise RunError(f"The card of {of} is damaged: it names the file {file_name!r}. {_MEND}")
        check_file(folder / file_name, file_card, of, _MEND)
    return Artefact(card, folder)


def artefact_names(store: RunStore, run_id: str) -> list[str]:
    """Return the names of a run's artefacts, sorted; none if there is no such run."""
    folder = store.folder(run_id) / FOLDER
    if not folder.is_dir():
        return []
    return sorted(one.name for one in folder.iterdir() if _NAME.fullmatch(one.name) and one.is_dir())


def delete_artefact(store: RunStore, run_id: str, name: str) -> None:
    """Delete an artefact; nothing happens if there is none."""
    folder = _folder(store, run_id, name)
    doomed = _hidden(folder, DELETED)
    try:
        folder.rename(doomed)
        shutil.rmtree(doomed)
    except FileNotFoundError:
        return
    except OSError as error:
        raise RunError(f"Artefact {name} of run {run_id} could not be deleted: {error.strerror}.") from None


def _folder(store: RunStore, run_id: str, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise RunError(f"{name!r} cannot be the name of an artefact.")
    return store.folder(run_id) / FOLDER / name


def _write(
    final: Path, card: ArtefactCard, files: Mapping[str, bytes | Callable[[Path], None]]
) -> ArtefactCard:
    partial = _hidden(final, PARTIAL)
    try:
        # no parents: a run deleted meanwhile must not come back as an empty folder
        final.parent.mkdir(exist_ok=True)
        partial.mkdir()
        for file_name, content in files.items():
            path = partial / file_name
            _ = path.write_bytes(content) if isinstance(content, bytes) else content(path)
        cards = {file_name: card_of_file(partial / file_name) for file_name in files}
        card = msgspec.structs.replace(card, files=cards)
        (partial / CARD).write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2))
        sync_folder(partial)
        _take_place(partial, final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return card


def _take_place(partial: Path, final: Path) -> None:
    """Rename ``partial``, moving aside what another writer may put there at the same moment.

    An attempt fails only where another writer was quicker, so attempts run out only if that never ends.
    """
    doomed = _hidden(final, DELETED)
    try:
        for attempt in range(ATTEMPTS):
            try:
                partial.rename(final)
                break
            except OSError as error:
                if error.errno not in (errno.EEXIST, errno.ENOTEMPTY) or attempt == ATTEMPTS - 1:
                    raise
            _set_aside(final, doomed / str(attempt))
        sync(final.parent)
    finally:
        # removing takes long enough for another writer to come first, so it waits until the place is taken
        shutil.rmtree(doomed, ignore_errors=True)


def _set_aside(folder: Path, place: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):
        folder.rename(place)


def _hidden(folder: Path, start: str) -> Path:
    """Return a name that only this thread of this process uses; its end says who may still be writing."""
    return folder.with_name(f"{start}{folder.name}-{threading.get_ident()}-{os.getpid()}")
