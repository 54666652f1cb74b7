"""Published versions on disk: ``index/<version>/`` written whole, ``index/CURRENT`` swapped by a rename."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from recsys_core.errors import DataError
from recsys_core.whole_files import card_of_file, sync_folder, write_whole
from recsys_online.catalogue import Catalogue, Track, read_tracks, write_tracks

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
CURRENT, MANIFEST, TRACKS = "CURRENT", "manifest.json", "tracks.json"
USERS, LISTS, TOP, NEIGHBOURS, EMBEDDINGS = "users", "lists", "top", "neighbours", "embeddings"
_VERSION = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a version is made of; ``files`` maps names to SHA-256."""

    format: int = FORMAT
    version: str
    created: str
    title: str
    run_id: str = ""
    simulated: bool = False
    n_users: int
    n_tracks: int
    k: int
    files: dict[str, str] = {}


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
    """

    users: np.ndarray
    lists: np.ndarray
    tracks: list[Track]
    top: np.ndarray
    neighbours: np.ndarray | None = None
    embeddings: np.ndarray | None = None

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


def publish(root: Path, publication: Publication, manifest: Manifest) -> Manifest:
    """Write a version below ``root``, make it the current one and return its manifest with checksums.

    Readers keep the version they have open; the one before stays for :func:`roll_back`.

    Raises
    ------
    DataError
        If the arrays do not fit each other, the version's name is taken or unfit, or the disk is full.
    """
    _check(publication)
    final = _folder(root, manifest.version)
    if final.exists():
        raise DataError(f"Version {manifest.version} is published already: versions are never overwritten.")
    partial = root / f".partial-{manifest.version}-{os.getpid()}"
    try:
        partial.mkdir(parents=True)
        manifest = _write(partial, publication, manifest)
        partial.rename(final)
        make_current(root, manifest.version)
    except OSError as error:
        raise DataError(
            f"{error.strerror}: the index was not published.", file=root, fix="Make room."
        ) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


def make_current(root: Path, version: str) -> None:
    """Point ``CURRENT`` to a published version, at once for all readers."""
    if not (_folder(root, version) / MANIFEST).is_file():
        raise DataError(f"There is no published version {version!r}.", file=root)
    write_whole(root / CURRENT, f"{version}\n".encode())


def versions(root: Path) -> list[Manifest]:
    """Return the manifests of all readable versions, newest first."""
    found = []
    for folder in root.iterdir() if root.is_dir() else ():
        if _VERSION.fullmatch(folder.name):
            try:
                found.append(read_manifest(root, folder.name))
            except DataError:
                continue
    return sorted(found, key=lambda one: (one.created, one.version), reverse=True)


def roll_back(root: Path) -> Manifest:
    """Make the newest version before the current one current, and return its manifest.

    Raises
    ------
    DataError
        If there is none.
    """
    current = read_current(root)
    names = versions(root)
    place = next((i for i, one in enumerate(names) if one.version == current), len(names))
    if place + 1 >= len(names):
        raise DataError("There is no earlier version to go back to.", file=root)
    make_current(root, names[place + 1].version)
    return names[place + 1]


def read_current(root: Path) -> str:
    """Return the name of the current version, '' if nothing was published."""
    try:
        name = (root / CURRENT).read_text().strip()
    except OSError:
        return ""
    return name if _VERSION.fullmatch(name) else ""


def read_manifest(root: Path, version: str) -> Manifest:
    """Return the manifest of a version.

    Raises
    ------
    DataError
        If it is missing, damaged, or of a newer format.
    """
    path = _folder(root, version) / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise DataError(f"{error.strerror}.", file=path, fix="Publish again.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(f"It is damaged: {error}.", file=path, fix="Publish again.") from None
    if manifest.format > FORMAT or manifest.version != version:
        raise DataError("It is of a newer format or of another version.", file=path, fix="Publish again.")
    return manifest


def read_publication(root: Path, version: str) -> Publication:
    """Return a version with its arrays mapped into memory, each file checked against its SHA-256.

    Raises
    ------
    DataError
        If a file is missing, changed, or not what its header promises.
    """
    manifest, folder = read_manifest(root, version), _folder(root, version)
    for name, digest in manifest.files.items():
        _check_digest(folder / name, digest)
    arrays = {name: _map(folder / f"{name}.npy") for name in _stored(manifest)}
    publication = Publication(
        arrays[USERS], arrays[LISTS], read_tracks(folder / TRACKS), arrays[TOP],
        arrays.get(NEIGHBOURS), arrays.get(EMBEDDINGS),
    )  # fmt: skip
    _check(publication)
    return publication


def _folder(root: Path, version: str) -> Path:
    if not _VERSION.fullmatch(version):
        raise DataError(f"{version!r} cannot be the name of a version.")
    return root / version


def _write(folder: Path, publication: Publication, manifest: Manifest) -> Manifest:
    write_tracks(folder / TRACKS, publication.tracks)
    for name, array in publication.arrays().items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    files = {path.name: card_of_file(path).sha256 for path in sorted(folder.iterdir())}
    manifest = msgspec.structs.replace(manifest, files=files)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    sync_folder(folder)
    return manifest


def _stored(manifest: Manifest) -> list[str]:
    names = {name.removesuffix(".npy") for name in manifest.files if name.endswith(".npy")}
    if missing := {USERS, LISTS, TOP} - names:
        raise DataError(
            f"Version {manifest.version} has no {', '.join(sorted(missing))}.", fix="Publish again."
        )
    return sorted(names)


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


def _check(publication: Publication) -> None:
    users, lists = publication.users, publication.lists
    if lists.ndim != 2 or users.shape != lists.shape[:1]:
        raise DataError(f"{users.shape} users and lists of shape {lists.shape} do not fit each other.")
    if len(users) and (users[0] < 0 or (np.diff(users) <= 0).any()):
        raise DataError("User ids must be sorted, distinct and not below 0.")
    for array in (publication.neighbours, publication.embeddings):
        if array is not None and len(array) != len(publication.tracks):
            raise DataError("Neighbours and embeddings need one row per track.")
