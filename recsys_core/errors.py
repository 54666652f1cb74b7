"""Every error a user can cause or meet, each saying what was wrong, where, and how to mend it.

RefrainError
├── DataError            a file, a row or a column cannot be used
│   └── DownloadError    the official file could not be fetched or is not the official file
├── SettingsError        a parameter is missing, of the wrong type or out of range
├── UnknownIdError       a user or an item the data set does not know
├── NotFittedError       a model is asked for scores before it was trained
├── DivergedError        training produced parameters that are not finite
├── ScoreError           a model returned scores that are not finite
├── RunError             a stored run is missing, damaged or written by a newer version
├── StudyError           a stored study is missing, damaged, or of another search or data set
└── CancelledError       the caller asked to stop
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class RefrainError(Exception):
    """Base of all errors raised on purpose; its text is fit to be shown to people."""


class DataError(RefrainError):
    """A file, a row or a column cannot be used.

    The text reads ``file, line 3, column "weight": what is wrong. How to mend it.``
    """

    def __init__(
        self,
        problem: str,
        *,
        fix: str = "",
        file: str | Path | None = None,
        line: int | None = None,
        column: str | None = None,
    ) -> None:
        self.problem, self.fix, self.file, self.line, self.column = problem, fix, file, line, column
        where = [str(file)] if file is not None else []
        where += [f"line {line}"] if line is not None else []
        where += [f'column "{column}"'] if column is not None else []
        prefix = ", ".join(where) + ": " if where else ""
        super().__init__(f"{prefix}{problem} {fix}".strip())


class DownloadError(DataError):
    """The official file could not be fetched, or what came is not the official file."""


class SettingsError(RefrainError):
    """A parameter is missing, of the wrong type or out of range."""


class UnknownIdError(RefrainError):
    """A user or an item the data set does not know; names close matches when there are any."""

    def __init__(self, kind: str, unknown: object, known: Iterable[object] = ()) -> None:
        self.kind, self.unknown = kind, unknown
        names = [str(name) for name in known]
        close = get_close_matches(str(unknown), names, n=3)
        hint = f" Did you mean {', '.join(close)}?" if close else ""
        example = f" Known {kind}s look like {', '.join(names[:3])}." if names and not close else ""
        super().__init__(f"There is no {kind} {unknown!r} in this data set.{hint}{example}")


class NotFittedError(RefrainError):
    """A model is asked for scores before it was trained."""


class DivergedError(RefrainError):
    """Training produced parameters that are not finite."""


class ScoreError(RefrainError):
    """A model returned scores that are not finite, which no ranking can order."""


class RunError(RefrainError):
    """A stored run is missing, damaged or written by a newer version."""


class StudyError(RefrainError):
    """A stored study is missing, damaged, or searches something else than is asked."""


class CancelledError(RefrainError):
    """The caller asked to stop; nothing was stored."""
