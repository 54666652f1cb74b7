"""Sealed segments to a folder, HDFS or S3: each once, and gone here only when it is whole there."""

from __future__ import annotations

import hashlib
import os
import posixpath
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

import fsspec
import msgspec

from recsys_core.whole_files import card_of_file
from recsys_online.events.segment import SEALED, LogError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fsspec import AbstractFileSystem

LEDGER = "shipped.ledger"
CHUNK = 2**20
WITHOUT_RENAME = ("s3", "s3a", "memory")  # a put is whole or not there at all


class Shipped(msgspec.Struct, frozen=True):
    """One line of the ledger: a segment that is whole at its destination."""

    segment: str
    url: str
    bytes: int
    sha256: str


def sync_log(
    folder: Path,
    url: str,
    *,
    delete: bool = False,
    on_segment: Callable[[Shipped, int, int], None] = lambda _shipped, _place, _of: None,
) -> list[Shipped]:
    """Copy every sealed segment that is not there yet to ``url`` and return what was copied.

    A segment is written under another name, read back and compared by SHA-256, then renamed; the ledger
    is on the disk before a local copy may go. Interrupted anywhere, the next call goes on; a segment
    that another call brought there meanwhile is compared, not copied again.

    Parameters
    ----------
    url
        A folder, or an address that fsspec knows: ``hdfs://``, ``webhdfs://``, ``s3://``.
    delete
        Remove local segments that are whole at the destination.

    Raises
    ------
    LogError
        If there is no such log, the destination cannot be used, or holds something else under a name.
    """
    if not folder.is_dir():
        raise LogError(f"There is no log folder {folder}. Name the folder the service writes to.")
    known = {one.segment for one in read_ledger(folder) if one.url == url}
    waiting = [path for path in sorted(folder.glob(f"*{SEALED}")) if path.name not in known]
    try:
        files, root = destination(url)
        files.makedirs(root, exist_ok=True)
        shipped = []
        for place, path in enumerate(waiting, start=1):
            shipped.append(_ship(path, files, root, url))
            _write_down(folder, shipped[-1])
            on_segment(shipped[-1], place, len(waiting))
    except LogError:
        raise
    except Exception as error:  # every file system has errors of its own
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise LogError(f"The log could not be brought to {url}: {reason}. Try again.") from error
    if delete:
        _delete(folder, url)
    return shipped


def destination(url: str) -> tuple[AbstractFileSystem, str]:
    """Return the file system of ``url`` and the folder in it."""
    if url.startswith("hdfs://"):
        from hdfs_native.fsspec import HdfsFileSystem  # noqa: PLC0415  (an extra: only where it is asked for)

        fsspec.register_implementation("hdfs", HdfsFileSystem, clobber=True)
    return fsspec.core.url_to_fs(url)


def read_ledger(folder: Path) -> list[Shipped]:
    """Return what has been shipped from ``folder``; a last line cut short by a crash does not count."""
    try:
        lines = (folder / LEDGER).read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    decoder, found = msgspec.json.Decoder(Shipped), []
    for line in lines:
        with suppress(msgspec.DecodeError):
            found.append(decoder.decode(line))
    return found


def _ship(path: Path, files: AbstractFileSystem, root: str, url: str) -> Shipped:
    card = card_of_file(path)
    final = posixpath.join(root, path.name)
    if not files.exists(final):
        _upload(path, files, final, card.sha256)
    if _digest(files, final) != card.sha256:
        raise LogError(f"{url} holds another {path.name}: nothing was overwritten. Look at both.")
    return Shipped(path.name, url, card.bytes, card.sha256)


def _upload(path: Path, files: AbstractFileSystem, final: str, digest: str) -> None:
    protocols = (files.protocol,) if isinstance(files.protocol, str) else files.protocol
    if set(protocols) & set(WITHOUT_RENAME):
        files.put_file(str(path), final)
        return
    partial = f"{final}.inprogress-{secrets.token_hex(8)}"
    try:
        with path.open("rb") as source, files.open(partial, "wb") as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
        if _digest(files, partial) != digest:
            raise LogError(f"{path.name} did not arrive whole. Try again.")
        files.mv(partial, final)
    finally:
        with suppress(FileNotFoundError, OSError):
            if files.exists(partial):
                files.rm_file(partial)


def _digest(files: AbstractFileSystem, path: str) -> str:
    files.invalidate_cache()
    digest = hashlib.sha256()
    with files.open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _write_down(folder: Path, shipped: Shipped) -> None:
    fd = os.open(folder / LEDGER, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(fd).st_size
        torn = size and os.pread(fd, 1, size - 1) != b"\n"
        os.write(fd, (b"\n" if torn else b"") + msgspec.json.encode(shipped) + b"\n")
        os.fsync(fd)
    finally:
        os.close(fd)


def _delete(folder: Path, url: str) -> None:
    for one in read_ledger(folder):
        if one.url == url:
            (folder / one.segment).unlink(missing_ok=True)
