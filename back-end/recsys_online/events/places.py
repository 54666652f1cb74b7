"""Where logs are: a folder here, or an address that fsspec knows."""

from __future__ import annotations

import io
import posixpath
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from recsys_online.events.segment import LogError, holds_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsspec import AbstractFileSystem

BUFFER = 2**20
EXTRAS = {"hdfs": "hdfs", "s3": "s3", "s3a": "s3"}  # beginning of an address, and what brings its package


class RemoteFile(NamedTuple):
    """A file elsewhere, named and opened as a path is."""

    files: AbstractFileSystem
    path: str

    @property
    def name(self) -> str:
        """Its name without folders."""
        return posixpath.basename(self.path)

    def open(self, mode: str = "rb") -> BinaryIO:
        """Return it as a file to read by lines."""
        return io.BufferedReader(_Stream(self.files.open(self.path, mode)), BUFFER)


class _Stream(io.RawIOBase):
    """What a file system opened: all of them have ``read``, not all have more."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._file.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._file.close()
        super().close()


def segments(place: Path | str) -> list[Path] | list[RemoteFile]:
    """Return the files of a log by name: sealed, open, set aside, and those of the older service.

    Raises
    ------
    LogError
        If there is no such folder, or it cannot be looked into.
    """
    folder = local_folder(place)
    if folder is not None:
        if not folder.is_dir():
            raise LogError(f"There is no log folder {folder}. Name the folder the service writes to.")
        return sorted(path for path in folder.iterdir() if holds_lines(path.name))
    with or_log_error(f"The log at {place} cannot be read"):
        files, root = destination(str(place))
        files.invalidate_cache()
        found = sorted(path for path in files.ls(root, detail=False) if holds_lines(path))
        return [RemoteFile(files, path) for path in found]


def local_folder(place: Path | str) -> Path | None:
    """Return a place as a folder of this computer, None if it is elsewhere."""
    return Path(place) if isinstance(place, Path) or "://" not in place else None


def destination(url: str) -> tuple[AbstractFileSystem, str]:
    """Return the file system of ``url`` and the folder in it.

    Raises
    ------
    LogError
        If the package that reaches it is not installed.
    """
    import fsspec  # noqa: PLC0415  (slow to import, and the service itself never goes elsewhere)

    protocol = url.partition("://")[0]
    try:
        if protocol == "hdfs":
            from hdfs_native.fsspec import HdfsFileSystem  # noqa: PLC0415  (an extra)

            fsspec.register_implementation("hdfs", HdfsFileSystem, clobber=True)
        return fsspec.core.url_to_fs(url)
    except ImportError as error:
        if protocol not in EXTRAS:
            raise
        raise LogError(
            f"Addresses that begin with {protocol}:// need a package that is not installed. In the project's "
            f"folder, install it with: .venv/bin/python -m pip install --editable '.[{EXTRAS[protocol]}]'"
        ) from error


def protocols(files: AbstractFileSystem) -> tuple[str, ...]:
    """Return the beginnings of addresses that ``files`` answers to."""
    return (files.protocol,) if isinstance(files.protocol, str) else tuple(files.protocol)


def is_local(files: AbstractFileSystem) -> bool:
    """Return whether the files are this computer's own."""
    return "file" in protocols(files)


@contextmanager
def or_log_error(sentence: str, advice: str = "") -> Iterator[None]:
    """Turn what any file system raises, each errors of its own, into a :class:`LogError`."""
    try:
        yield
    except LogError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise LogError(f"{sentence}: {reason}. {advice}".rstrip()) from error
