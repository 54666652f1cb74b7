"""Sealed segments to a folder, HDFS or S3: each once, and gone here only when it is whole there."""

from __future__ import annotations

import hashlib
import posixpath
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from recsys_core.whole_files import card_of_file, sync
from recsys_online.events.ledger import Shipped, nobody_else_ships, read_ledger, write_down
from recsys_online.events.places import destination, is_local, or_log_error, protocols
from recsys_online.events.reading import read_seal
from recsys_online.events.segment import SEALED, LogError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsspec import AbstractFileSystem

CHUNK = 2**20
PART = ".inprogress-"
WITHOUT_RENAME = ("s3", "s3a", "memory")  # a put is whole or not there at all


def sync_log(
    folder: Path,
    url: str,
    *,
    delete: bool = False,
    on_segment: Callable[[Shipped, int, int], None] = lambda _shipped, _place, _of: None,
) -> list[Shipped]:
    """Copy every sealed segment that is not there yet to ``url`` and return what was brought there.

    A segment is written under another name, read back and compared by SHA-256, then renamed; the ledger
    is on the disk before a local copy may go. Interrupted anywhere, the next call goes on and removes what
    was left half written; a segment that is there already is compared, not copied again.

    Parameters
    ----------
    url
        A folder, or an address that fsspec knows: ``hdfs://``, ``webhdfs://``, ``s3://``.
    delete
        Remove local segments that are whole at the destination, which is looked at once more for those
        that an earlier call brought there.

    Raises
    ------
    LogError
        If there is no such log, another process is shipping it, the destination cannot be used, or holds
        something else under a name.
    """
    if not folder.is_dir():
        raise LogError(f"There is no log folder {folder}. Name the folder the service writes to.")
    with or_log_error(f"The log could not be brought to {url}", "Try again."), nobody_else_ships(folder):
        known = {one.segment for one in read_ledger(folder) if one.url == url}
        waiting = [path for path in sorted(folder.glob(f"*{SEALED}")) if delete or path.name not in known]
        files, root = destination(url)
        files.makedirs(root, exist_ok=True)
        _remove_parts(files, root, waiting)
        shipped = []
        for place, path in enumerate(waiting, start=1):
            one, copied = _ship(path, files, root, url)
            if copied or path.name not in known:
                write_down(folder, one)
                shipped.append(one)
            if delete:
                path.unlink()
            on_segment(one, place, len(waiting))
        return shipped


def _remove_parts(files: AbstractFileSystem, root: str, waiting: list[Path]) -> None:
    """Remove what killed calls left half written of these segments, which nobody else brings."""
    if not _renames(files):
        return
    files.invalidate_cache()
    names = {path.name for path in waiting}
    for path in files.ls(root, detail=False):
        if PART in path and posixpath.basename(path).partition(PART)[0] in names:
            files.rm_file(path)


def _ship(path: Path, files: AbstractFileSystem, root: str, url: str) -> tuple[Shipped, bool]:
    """Return the segment's line in the ledger, and whether it had to be copied."""
    card = card_of_file(path)
    final = posixpath.join(root, path.name)
    files.invalidate_cache()
    copied = not files.exists(final)
    if copied:
        _upload(path, files, final, card.sha256)
    if _digest(files, final) != card.sha256:
        raise LogError(f"{url} holds another {path.name}: nothing was overwritten. Look at both.")
    if is_local(files):
        sync(Path(final))
        sync(Path(final).parent)
    return Shipped(path.name, url, card.bytes, card.sha256, read_seal(path)), copied


def _renames(files: AbstractFileSystem) -> bool:
    return not set(protocols(files)) & set(WITHOUT_RENAME)


def _upload(path: Path, files: AbstractFileSystem, final: str, digest: str) -> None:
    if not _renames(files):
        files.put_file(str(path), final)
        return
    partial = f"{final}{PART}{secrets.token_hex(8)}"
    try:
        with path.open("rb") as source, files.open(partial, "wb") as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
        if _digest(files, partial) != digest:
            raise LogError(f"{path.name} did not arrive whole. Try again.")
        files.mv(partial, final)
    finally:
        with suppress(Exception):  # a file system that refuses; the next call removes it
            if files.exists(partial):
                files.rm_file(partial)


def _digest(files: AbstractFileSystem, path: str) -> str:
    files.invalidate_cache()
    digest = hashlib.sha256()
    with files.open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
