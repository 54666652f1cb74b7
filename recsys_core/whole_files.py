"""Files that are there whole or not at all, and the checksums that tell whether they changed."""

from __future__ import annotations

import hashlib
import os
import threading
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


class FileCard(msgspec.Struct, frozen=True):
    """Size in bytes and SHA-256 of one file."""

    bytes: int
    sha256: str


def card_of_file(path: Path) -> FileCard:
    """Return size and SHA-256 of a file; raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return FileCard(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write_whole(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of ``path``: readers find the old file or the new one, never a part.

    Raises
    ------
    OSError
        If it cannot be written; the old file is untouched then.
    """
    partial = path.with_name(f".{path.name}-{threading.get_ident()}-{os.getpid()}")
    try:
        partial.write_bytes(content)
        sync(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the files of ``folder`` and their names are on the disk."""
    for path in (*folder.iterdir(), folder):
        sync(path)
