"""Bytes of a text file as clean UTF-8: byte order marks, UTF-16, Latin-1 and foreign files told apart."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from recsys_core.errors import DataError

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FOREIGN = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"MZ": "a Windows program",
    b"\x7fELF": "a Linux program",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file",
    b"\x93NUMPY": "a NumPy array",
}
_PROGRAM = b"MZ"


@dataclass(frozen=True)
class CleanText:
    """Valid UTF-8 with ``\\n`` line ends and no byte order mark; ``notes`` say what had to be assumed."""

    utf8: bytes
    notes: tuple[str, ...] = ()


def foreign_kind(head: bytes) -> str | None:
    """Return what a file really is ("a PNG picture") when its first bytes are not text, else None."""
    start = head[:64].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "a web page or XML document"
    for magic, kind in _FOREIGN.items():
        # "MZ" may well open a text; a program holds zero bytes soon after.
        if head.startswith(magic) and (magic != _PROGRAM or b"\0" in head[:64]):
            return kind
    return None


def clean_text(data: bytes, file: str) -> CleanText:
    """Return ``data`` as clean text: UTF-8 or UTF-16 by its mark, else strict UTF-8, else ISO-8859-1.

    Raises
    ------
    DataError
        If the file is empty, is no text, or holds a zero byte (the line is named).
    """
    if not data.strip():
        raise DataError("The file is empty.", fix="Choose a file with a header and rows.", file=file)
    kind = foreign_kind(data)
    if kind:
        raise DataError(f"This is {kind}, not a text table.", fix="Export it as CSV or Parquet.", file=file)
    utf8, notes = _decode(data, file)
    zero = utf8.find(b"\0")
    if zero >= 0:
        raise DataError(
            "The line holds a zero byte, so the file is damaged or not plain text.",
            fix="Save it again as UTF-8 text.",
            file=file,
            line=line_at(utf8, zero),
        )
    return CleanText(utf8.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), notes)


def line_at(text: bytes, position: int) -> int:
    """Return the line number, from 1, of the byte at ``position``, whatever the line ends."""
    before = text[:position]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


def _decode(data: bytes, file: str) -> tuple[bytes, tuple[str, ...]]:
    """Return UTF-8 bytes and what was assumed to get them."""
    if data.startswith(_UTF16_MARKS):
        return _decode_utf16(data, file), ("Read as UTF-16.",)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # ISO-8859-1 gives every byte its own character, so two different ids never become one.
        line = line_at(data, error.start)
        note = f"Not UTF-8 (first seen on line {line}): read as ISO-8859-1, accents may look wrong."
        return data.decode("latin-1").encode(), (note,)
    return data, ()


def _decode_utf16(data: bytes, file: str) -> bytes:
    """Return the UTF-8 of a UTF-16 file that starts with its mark."""
    try:
        return data.decode("utf-16").encode()
    except UnicodeDecodeError as error:
        raise DataError(
            f"The file starts like UTF-16 but is damaged at byte {error.start:,}.",
            fix="Save it again as UTF-8 text.",
            file=file,
        ) from error
