"""Published versions on disk: ``index/<version>/`` written whole, ``index/CURRENT`` swapped by a rename."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

import msgspec

from recsys_core.errors import DataError
from recsys_core.whole_files import sync_folder, write_whole
from recsys_online.index.publication import (
    Publication,
    check_shapes,
    check_tracks,
    read_folder,
    write_folder,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "Manifest",
    "Publication",
    "earlier_version",
    "make_current",
    "publish",
    "read_current",
    "read_manifest",
    "read_publication",
    "versions",
]

FORMAT = 1
CURRENT, MANIFEST = "CURRENT", "manifest.json"
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


def publish(
    root: Path,
    publication: Publication,
    manifest: Manifest,
    *,
    before_current: Callable[[], None] = lambda: None,
) -> Manifest:
    """Write a version below ``root``, make it the current one and return its manifest with checksums.

    Readers keep the version they have open; the one before stays for going back.

    Parameters
    ----------
    before_current
        Called when the version is on disk but not yet the current one; if it fails the version is removed.

    Raises
    ------
    DataError
        If the arrays do not fit each other, a list names a track that is not in the catalogue, the
        version's name is taken or unfit, or the disk is full.
    """
    check_shapes(publication)
    check_tracks(publication)
    final = _folder(root, manifest.version)
    if final.exists():
        raise DataError(f"Version {manifest.version} is published already: versions are never overwritten.")
    partial = root / f".partial-{manifest.version}-{os.getpid()}"
    try:
        partial.mkdir(parents=True)
        manifest = msgspec.structs.replace(manifest, files=write_folder(partial, publication))
        (partial / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        sync_folder(partial)
        partial.rename(final)
        _hand_over(final, before_current)
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


def earlier_version(root: Path) -> Manifest:
    """Return the manifest of the newest version before the current one.

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
    return names[place + 1]


def read_current(root: Path) -> str:
    """Return the name of the current version, '' if nothing was published or no name can be read."""
    try:
        name = (root / CURRENT).read_bytes().decode("ascii", "replace").strip()
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
    if manifest.format > FORMAT:
        raise DataError(
            f"It is of format {manifest.format}, newer than {FORMAT}.", file=path, fix="Update the service."
        )
    if manifest.version != version:
        raise DataError(f"It belongs to version {manifest.version}.", file=path, fix="Publish again.")
    return manifest


def read_publication(root: Path, version: str) -> Publication:
    """Return a version with its arrays mapped into memory, each file checked against its SHA-256.

    Raises
    ------
    DataError
        If a file is missing, changed, or not what its header promises.
    """
    return read_folder(_folder(root, version), read_manifest(root, version).files)


def _folder(root: Path, version: str) -> Path:
    if not _VERSION.fullmatch(version):
        raise DataError(f"{version!r} cannot be the name of a version.")
    return root / version


def _hand_over(folder: Path, before_current: Callable[[], None]) -> None:
    try:
        before_current()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
