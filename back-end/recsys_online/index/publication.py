"""What is served: lists and catalogue as arrays, checked before they go to disk and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from recsys_core.errors import DataError
from recsys_core.whole_files import card_of_file, sync_folder
from recsys_online.catalogue import Catalogue, Track, read_tracks, write_tracks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

TRACKS, USER_IDS, TRACK_IDS = "tracks.json", "user_ids.json", "track_ids.json"
USERS, LISTS, TOP, NEIGHBOURS, EMBEDDINGS = "users", "lists", "top", "neighbours", "embeddings"


class Numbered(msgspec.Struct, frozen=True):
    """The number that the service knows somebody or something by, and the id it stands for."""

    number: int
    id: str


@dataclass(frozen=True, eq=False)
class Publication:
    """Lists and catalogue ready to be served.

    Parameters
    ----------
    users
        Sorted distinct user ids, int64 ``(n_users,)``, none below 0.
    lists
        Track ids, best first, int32 ``(n_users, k)``, -1 after the last of a shorter list.
    tracks
        The catalogue.
    top
        Track ids, most popular first, int32.
    neighbours, embeddings
        As :class:`recsys_online.catalogue.Catalogue` takes them, or None.
    user_ids, track_ids
        What each number of ``users`` and ``tracks`` stands for, in their order; empty where it is the id.
    """

    users: np.ndarray
    lists: np.ndarray
    tracks: list[Track]
    top: np.ndarray
    neighbours: np.ndarray | None = None
    embeddings: np.ndarray | None = None
    user_ids: Sequence[str] = ()
    track_ids: Sequence[str] = ()

    def catalogue(self) -> Catalogue:
        """Return the catalogue of this publication."""
        return Catalogue(
            self.tracks, top=self.top.tolist(), neighbours=self.neighbours, embeddings=self.embeddings
        )

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays by name, those that are there."""
        found: dict[str, np.ndarray] = {
            USERS: self.users.astype(np.int64),
            LISTS: self.lists.astype(np.int32),
        }
        found[TOP] = self.top.astype(np.int32)
        for name, array in ((NEIGHBOURS, self.neighbours), (EMBEDDINGS, self.embeddings)):
            if array is not None:
                found[name] = array
        return found

    def ids(self) -> dict[str, list[Numbered]]:
        """Return what numbers stand for, by the name of the file that says so; nothing where they are ids."""
        numbers = {USER_IDS: self.users.tolist(), TRACK_IDS: [one.track for one in self.tracks]}
        given = {USER_IDS: self.user_ids, TRACK_IDS: self.track_ids}
        return {
            name: [Numbered(*pair) for pair in zip(numbers[name], ids, strict=True)]
            for name, ids in given.items()
            if ids
        }


def write_folder(folder: Path, publication: Publication) -> dict[str, str]:
    """Write the files of ``publication`` into an empty folder; return the SHA-256 of each by name."""
    write_tracks(folder / TRACKS, publication.tracks)
    for name, array in publication.arrays().items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    for name, ids in publication.ids().items():
        write_ids(folder / name, ids)
    sync_folder(folder)
    return {path.name: card_of_file(path).sha256 for path in sorted(folder.iterdir())}


def read_folder(folder: Path, files: Mapping[str, str]) -> Publication:
    """Return what ``folder`` holds, arrays mapped into memory; ``files`` maps names to their SHA-256.

    Raises
    ------
    DataError
        If a file is missing, changed, or not what its header promises.
    """
    for name, digest in files.items():
        _check_digest(folder / name, digest)
    if missing := {TRACKS, *(f"{name}.npy" for name in (USERS, LISTS, TOP))} - set(files):
        raise DataError(f"Version {folder.name} has no {', '.join(sorted(missing))}.", fix="Publish again.")
    arrays = {name[:-4]: _map(folder / name) for name in files if name.endswith(".npy")}
    publication = Publication(
        arrays[USERS], arrays[LISTS], read_tracks(folder / TRACKS), arrays[TOP],
        arrays.get(NEIGHBOURS), arrays.get(EMBEDDINGS),
        *(_read_ids(folder / name) if name in files else () for name in (USER_IDS, TRACK_IDS)),
    )  # fmt: skip
    check_shapes(publication)
    return publication


def check_shapes(publication: Publication) -> None:
    """Return if the parts fit each other, else raise :class:`DataError`."""
    users, lists = publication.users, publication.lists
    if lists.ndim != 2 or users.shape != lists.shape[:1]:
        raise DataError(f"{users.shape} users and lists of shape {lists.shape} do not fit each other.")
    if len(users) and (users[0] < 0 or (np.diff(users) <= 0).any()):
        raise DataError("User ids must be sorted, distinct and not below 0.")
    for array in (publication.neighbours, publication.embeddings):
        if array is not None and len(array) != len(publication.tracks):
            raise DataError("Neighbours and embeddings need one row per track.")


def check_tracks(publication: Publication) -> None:
    """Return if lists and neighbours name tracks of the catalogue only, else raise :class:`DataError`."""
    known = np.array([-1, *(one.track for one in publication.tracks)])
    for name, rows in ((LISTS, publication.lists), (NEIGHBOURS, publication.neighbours)):
        if rows is not None and not (there := np.isin(rows, known)).all():
            row, place = np.argwhere(~there)[0]
            raise DataError(
                f"Track {rows[row, place]} stands in the {name}, but not in the catalogue.",
                fix="Add it to the tracks, or leave it out.",
            )
    if (np.diff((publication.lists < 0).astype(np.int8), axis=1) < 0).any():
        raise DataError("A list goes on after its end (-1).", fix="Put the tracks of a list first.")


def write_ids(path: Path, ids: Iterable[Numbered]) -> None:
    """Write JSON lines ``{"number", "id"}``."""
    path.write_bytes(msgspec.json.Encoder().encode_lines(ids))


def _read_ids(path: Path) -> list[str]:
    return [one.id for one in msgspec.json.Decoder(Numbered).decode_lines(path.read_bytes())]


def _check_digest(path: Path, digest: str) -> None:
    try:
        found = card_of_file(path).sha256
    except OSError as error:
        raise DataError(f"{error.strerror}.", file=path, fix="Publish again.") from None
    if found != digest:
        raise DataError(
            "It has changed since it was published (SHA-256 differs).", file=path, fix="Publish again."
        )


def _map(path: Path) -> np.ndarray:
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"It is damaged: {error}.", file=path, fix="Publish again.") from None
