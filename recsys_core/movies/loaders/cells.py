"""Lists of records inside one cell: JSON, or Python literals, read without running anything."""

from __future__ import annotations

import ast
import re

import msgspec

# csv refuses longer fields as well.
MAX_CELL = 131_072
# the escapes that Python writes; any other would make it warn
_ESCAPE = r"""\\(?:[\\'"nrtabfv]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})"""
_STRING = rf"""(?:'(?:[^'\\\n]|{_ESCAPE})*+'|"(?:[^"\\\n]|{_ESCAPE})*+")"""
_VALUE = rf"(?:{_STRING}|-?\d{{1,18}}(?:\.\d{{1,18}})?(?:[eE][+-]?\d{{1,3}})?|None|True|False)"
_PAIR = rf"{_STRING}:\s*+{_VALUE}"
_RECORD = rf"\{{\s*+{_PAIR}(?:,\s*+{_PAIR})*+\s*+\}}"
# Possessive repeats: a cell is read once, never tried again, however it is malformed.
_OPENING, _CLOSING = re.compile(r"\s*+\[\s*+"), re.compile(r"\]\s*+")
_NEXT_RECORD = re.compile(rf"({_RECORD})\s*+(?:,\s*+(?=\{{)|(?=\]))")


def _value_of(key: str) -> re.Pattern[str]:
    """Return what finds the value of ``key`` in a record: passing over the others makes no object of them."""
    return re.compile(rf"\{{\s*+(?:(?!['\"]{key}['\"]){_PAIR},\s*+)*+['\"]{key}['\"]:\s*+({_VALUE})")


_NAME, _JOB = _value_of("name"), _value_of("job")
_TEXTS_CELL = re.compile(rf"\s*+\[\s*+(?:{_STRING}(?:\s*+,\s*+{_STRING})*+)?\s*+\]\s*+", re.DOTALL)
_TEXT = re.compile(_STRING, re.DOTALL)
# What IMDb's own tables write where they know nothing.
_NOTHING = "\\N"


class CellError(ValueError):
    """A cell is not the list of records that it should be."""


class Record(msgspec.Struct, frozen=True):
    """What is read of a record: its name, and its job if it is a person of the crew."""

    name: str | None = None
    job: str | None = None


def read_json(cell: str) -> list[Record]:
    """Return the records of a JSON cell such as ``[{"id": 28, "name": "Action"}]``; empty for no text.

    Raises
    ------
    CellError
        If it is no list of objects, or has more than 131,072 characters.
    """
    if not _sized(cell):
        return []
    try:
        return _decoder.decode(cell)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise CellError(str(error)) from None


def read_literal(cell: str, *, first: int | None = None, holding: str = "") -> list[Record]:
    """Return the records of a cell of Python literals such as ``[{'id': 28, 'name': 'Action'}]``.

    ``first`` and ``holding`` keep the work small: at most so many records, of those that hold this text.
    The cell must be a list of flat dictionaries of texts, numbers, None and truth values: a regular
    expression says so first, and ``ast.literal_eval`` is asked only for single texts with an escape in them.

    Raises
    ------
    CellError
        If it is anything else, or has more than 131,072 characters.
    """
    if not _sized(cell):
        return []
    found = [text for text in _records(cell) if holding in text]
    return [_record(text) for text in found[:first]]


def read_any_list(cell: str) -> list[str]:
    """Return the names in a cell of whatever form: JSON or Python list of texts or of records, or a,b or a|b.

    Raises
    ------
    CellError
        If it looks like a list in brackets and is none, or has more than 131,072 characters.
    """
    if not _sized(cell) or cell == _NOTHING:
        return []
    if cell.lstrip().startswith("["):
        return _bracketed(cell)
    return cell.split(next((cut for cut in "|;," if cut in cell), ","))


def _bracketed(cell: str) -> list[str]:
    """Return the names of a list in brackets."""
    try:
        return _text_decoder.decode(cell)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        pass
    if _TEXTS_CELL.fullmatch(cell):
        return [ast.literal_eval(text) for text in _TEXT.findall(cell)]
    try:
        return names_of(read_json(cell))
    except CellError:
        return names_of(read_literal(cell))


def names_of(records: list[Record]) -> list[str]:
    """Return the names of ``records``, in order, without those that have none."""
    return [one.name for one in records if one.name]


def directors_among(records: list[Record]) -> list[str]:
    """Return the names of those whose job is to direct, in order."""
    return [one.name for one in records if one.name and one.job == "Director"]


def _sized(cell: str) -> bool:
    """Tell whether there is a cell to read, refusing one of excessive length."""
    if len(cell) > MAX_CELL:
        raise CellError(f"longer than {MAX_CELL:,} characters")
    return bool(cell) and not cell.isspace()


def _records(cell: str) -> list[str]:
    """Return the texts of the records of a cell; refuses anything between, before or after them."""
    opening = _OPENING.match(cell)
    at, found = opening.end() if opening else 0, []
    while opening and (record := _NEXT_RECORD.match(cell, at)):
        found.append(record[1])
        at = record.end()
    if not opening or not _CLOSING.fullmatch(cell, at):
        raise CellError("no list of flat dictionaries")
    return found


def _record(text: str) -> Record:
    """Return name and job of one flat dictionary; evaluating all of it would take several times as long."""
    name, job = _NAME.match(text), _JOB.match(text) if "job" in text else None
    return Record(_text(name and name[1]), _text(job and job[1]))


def _text(literal: str | None) -> str | None:
    """Return the text that a literal spells, None for anything but a text."""
    if literal is None or literal[0] not in "'\"":
        return None
    return literal[1:-1] if "\\" not in literal else ast.literal_eval(literal)


_decoder = msgspec.json.Decoder(list[Record])
_text_decoder = msgspec.json.Decoder(list[str])
