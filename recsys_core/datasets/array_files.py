"""Plain arrays and texts as raw ``.npy`` files, read through a memory map once they have been checked."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib import format as npy

from recsys_core.errors import DataError
from recsys_core.whole_files import card_of_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import IO

    from recsys_core.whole_files import FileCard

PLAIN_KINDS = "biuf"
"""numpy's letters for truth values and numbers: what holds no reference and runs no code."""


def write_array(path: Path, array: np.ndarray) -> FileCard:
    """Write an array of plain numbers to ``path`` and return what identifies the file.

    Raises
    ------
    DataError
        If the array holds anything but plain numbers.
    """
    if array.dtype.kind not in PLAIN_KINDS:
        raise DataError(f"An array of {array.dtype} cannot be stored as plain numbers.", file=path.name)
    with path.open("wb") as file:
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)
    return card_of_file(path)


def read_array(path: Path, card: FileCard) -> np.ndarray:
    """Return the array of ``path``, read-only, its pages read from disk when they are looked at.

    The header is compared with the size of the file before anything is mapped: a forged one may promise
    terabytes, and reading past the end of a file that is too short would end the process.

    Raises
    ------
    DataError
        If the file is missing, has changed since ``card`` was made, or is no array of plain numbers.
    """
    try:
        n_values = _checked_length(path)
        if card_of_file(path) != card:
            raise ValueError("it has changed since it was written")
        # a file without values cannot be mapped
        values = np.load(path, mmap_mode="r" if n_values else None, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"The stored array is damaged: {error}.", file=path.name) from None
    array = np.asarray(values)
    array.setflags(write=False)
    return array


def write_texts(path: Path, texts: Iterable[str]) -> dict[str, FileCard]:
    """Write texts as two arrays, their UTF-8 bytes and where each ends, counted in characters."""
    all_texts = list(texts)
    letters, ends = text_files(path.name)
    joined = "".join(all_texts).encode("utf-8", "surrogatepass")
    stops = np.cumsum([len(text) for text in all_texts], dtype=np.int64)
    return {
        letters: write_array(path.with_name(letters), np.frombuffer(joined, np.uint8)),
        ends: write_array(path.with_name(ends), stops),
    }


def read_texts(path: Path, cards: dict[str, FileCard]) -> list[str]:
    """Return the texts that :func:`write_texts` wrote; raises DataError as :func:`read_array` does."""
    letters, ends = (read_array(path.with_name(name), cards[name]) for name in text_files(path.name))
    try:
        joined = letters.tobytes().decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise DataError(f"The stored texts are damaged: {error}.", file=path.name) from None
    starts = [0, *ends.tolist()]
    if starts[-1] != len(joined) or np.any(np.diff(starts) < 0):
        raise DataError("The stored texts are damaged: they do not end where they should.", file=path.name)
    return [joined[start:end] for start, end in pairwise(starts)]


def text_files(name: str) -> tuple[str, str]:
    """Return the names of the two files behind the texts ``name``."""
    return f"{name}-letters.npy", f"{name}-ends.npy"


def _checked_length(path: Path) -> int:
    """Return how many values the header promises, all of which the file has."""
    with path.open("rb") as file:
        shape, fortran, dtype = _header(file)
        promised = file.tell() + math.prod(shape) * dtype.itemsize
    if dtype.kind not in PLAIN_KINDS or fortran or promised != path.stat().st_size:
        raise ValueError("it does not hold what its header promises")
    return math.prod(shape)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = npy.read_magic(file)
    reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    return reader(file)
