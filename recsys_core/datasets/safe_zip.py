"""Reading wanted files out of a zip that nobody vouches for, in memory and without trusting its headers."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_MEMBERS = 1000
MAX_RATIO = 100
MAX_MEMBER_BYTES = 200_000_000
# A small text of one repeated character may well shrink a hundredfold.
_RATIO_FREE_BYTES = 1_000_000
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


def looks_like_zip(path: Path) -> bool:
    """Tell whether ``path`` is a file that starts like a zip, whole or not."""
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def member_names(path: Path) -> set[str]:
    """Return the names that :func:`read_members` can find in the zip, folders stripped.

    Raises
    ------
    DataError
        If the zip is damaged.
    """
    with _opened(path) as archive:
        return set(_by_name(archive))


def read_members(path: Path, wanted: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of the ``wanted`` file names found at the top of a zip or one folder deep.

    Nothing is written anywhere, so a member called ``../../evil`` has nowhere to go; links, folders
    and names not wanted are not looked at.

    Raises
    ------
    DataError
        If the zip is truncated, damaged or encrypted, holds a wanted name twice or more than 1,000
        members, or if a member grows beyond 200 MB or a hundredfold of its compressed size.
    """
    with _opened(path) as archive:
        found = _by_name(archive)
        return {name: _read_one(archive, found[name], path) for name in wanted if _single(found, name, path)}


def _opened(path: Path) -> zipfile.ZipFile:
    """Open the zip, refusing one with too many members."""
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGED as error:
        raise _damaged(path, error) from error
    if len(archive.infolist()) > MAX_MEMBERS:
        archive.close()
        raise DataError(
            f"The zip holds more than {MAX_MEMBERS:,} files.", fix="Pack only the needed files.", file=path
        )
    return archive


def _by_name(archive: zipfile.ZipFile) -> dict[str, list[zipfile.ZipInfo]]:
    """Group the plain files at most one folder deep by name; absolute and climbing paths are left out."""
    found: dict[str, list[zipfile.ZipInfo]] = {}
    for info in archive.infolist():
        path = PurePosixPath(info.filename.replace("\\", "/"))
        unsafe = path.is_absolute() or ".." in path.parts or ":" in info.filename or _is_link(info)
        if not (info.is_dir() or unsafe or len(path.parts) > 2):
            found.setdefault(path.name, []).append(info)
    return found


def _is_link(info: zipfile.ZipInfo) -> bool:
    """Tell whether the member is a symbolic link."""
    return (info.external_attr >> 16) & 0o170000 == 0o120000


def _single(found: dict[str, list[zipfile.ZipInfo]], name: str, path: Path) -> bool:
    """Tell whether ``name`` is there, refusing a zip that holds it twice."""
    if len(found.get(name, [])) > 1:
        raise DataError(f"The zip holds {name} twice.", fix="Pack each file once.", file=path)
    return name in found


def _read_one(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], path: Path) -> bytes:
    """Return one member's contents, counting while it unfolds."""
    (info,) = infos
    if info.flag_bits & _ENCRYPTED:
        raise DataError(
            f"{info.filename} is encrypted.", fix="Unpack the zip with its password first.", file=path
        )
    chunks, size = [], 0
    try:
        with archive.open(info) as member:
            while chunk := member.read(_CHUNK):
                size += len(chunk)
                _check_growth(size, info, path)
                chunks.append(chunk)
    except _DAMAGED as error:
        raise _damaged(path, error) from error
    return b"".join(chunks)


def _check_growth(size: int, info: zipfile.ZipInfo, path: Path) -> None:
    """Refuse a member that unfolds beyond all measure."""
    bomb = size > _RATIO_FREE_BYTES and size > MAX_RATIO * max(1, info.compress_size)
    if bomb or size > MAX_MEMBER_BYTES:
        raise DataError(
            f"{info.filename} unfolds beyond {MAX_RATIO} times its size or {MAX_MEMBER_BYTES // 10**6} MB.",
            fix="Unpack the zip yourself if you trust it, and name the folder.",
            file=path,
        )


def _damaged(path: Path, error: BaseException) -> DataError:
    """Say that the zip cannot be read."""
    return DataError(f"The zip is truncated or damaged ({error}).", fix="Download it again.", file=path)
