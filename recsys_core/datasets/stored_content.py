"""What people brought, kept under the hash of its content beside a record of how to read it."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from recsys_core.datasets.file_bundle import MAX_FILE_BYTES
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable


class StoredFile(msgspec.Struct, frozen=True):
    """A stored file: its path and the name it came with; what reads it adds its columns."""

    path: str
    filename: str


T = TypeVar("T")
R = TypeVar("R", bound=StoredFile)


def on_disk(name: str, content: bytes, read: Callable[[Path], T]) -> T:
    """Return what ``read`` makes of ``content`` in a file called ``name``, which is gone afterwards.

    Raises
    ------
    DataError
        As ``read`` does, and if ``content`` has more than 200 MB.
    """
    check_length(name, content)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read(path)


def store_content(
    folder: Path, name: str, content: bytes, *, record: Callable[[Path], R], load: Callable[[Path], object]
) -> R:
    """Store ``content`` and its ``record`` in ``folder`` if it loads; the same content again is stored once.

    The name on disk is made of the SHA-256 of the content, so ``name`` is only ever shown.

    Raises
    ------
    DataError
        If ``load`` refuses the file or it has more than 200 MB; nothing is stored then.
    """
    check_length(name, content)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.data"
    stored = record(path)
    with tempfile.TemporaryDirectory(prefix=".upload-", dir=folder) as scratch:
        part = Path(scratch) / "part"
        part.write_bytes(content)
        load(part)
        part.replace(path)
        part.write_bytes(msgspec.json.encode(stored))
        part.replace(path.with_suffix(".json"))
    return stored


def stored_records(folder: Path, kind: type[R]) -> list[R]:
    """Return the records of the stored files, by the name they came with; damaged ones are passed over."""
    found = (find_record(path, kind) for path in folder.glob("*.data"))
    return sorted((one for one in found if one), key=lambda one: (one.filename, one.path))


def find_record(path: Path, kind: type[R]) -> R | None:
    """Return the record of the stored file at ``path``, or None if there is none."""
    try:
        record = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None
    # The folder may have moved since.
    return msgspec.structs.replace(record, path=str(path))


def check_length(name: str, content: bytes) -> None:
    """Refuse contents above the limit for files with :class:`DataError`."""
    if len(content) > MAX_FILE_BYTES:
        raise DataError(
            f"The file has {len(content) / 1e6:,.0f} MB; the limit is {MAX_FILE_BYTES / 1e6:,.0f} MB.",
            fix="Keep only the columns and rows you need, or store it as Parquet.",
            file=name,
        )
