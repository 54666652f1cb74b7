"""Arrays on disk as ``.npz`` that a stranger can open and that cannot run code or exhaust memory."""

from __future__ import annotations

import math
import zipfile
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib import format as npy

from recsys_core.errors import RunError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

ENCRYPTED = 0x1


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write named arrays of plain numbers to ``path``, uncompressed."""
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of ``path``.

    Each header is compared with the bytes that follow before anything is allocated: a forged one
    may ask for terabytes. Object arrays are refused; there is no pickle path.

    Raises
    ------
    RunError
        If the file is damaged, forged or not an archive of plain arrays.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_sizes(members, path.stat().st_size)
            return {info.filename.removesuffix(".npy"): _member(archive, info) for info in members}
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, RuntimeError) as error:
        raise RunError(f"{path.name} is damaged: {error}. Delete this run and train again.") from None


def _check_sizes(members: list[zipfile.ZipInfo], file_size: int) -> None:
    """Refuse compressed or overlapping members: a small file must not unfold into a large one."""
    if any(info.compress_type != zipfile.ZIP_STORED or info.flag_bits & ENCRYPTED for info in members):
        raise ValueError("it is compressed or encrypted, which this program never writes")
    if sum(info.file_size for info in members) > file_size:
        raise ValueError("it promises more bytes than it has")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> np.ndarray:
    with archive.open(info) as file:
        shape, fortran, dtype = _header(file)
        expected = math.prod(shape) * dtype.itemsize
        if dtype.kind not in "biuf" or info.file_size - file.tell() != expected:
            raise ValueError(f"{info.filename} does not hold what its header promises")
        flat = np.frombuffer(file.read(), dtype=dtype)
    return flat.reshape(shape, order="F" if fortran else "C").copy()


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = npy.read_magic(file)
    reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    return reader(file)
