"""What happened to every row of a file: read, kept or dropped, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class FileReport:
    """Row counts of one file; ``read == kept + sum(dropped.values())`` at all times."""

    file: str
    read: int
    dropped: dict[str, int] = field(default_factory=dict)
    first_lines: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """Rows that made it into the data set."""
        return self.read - sum(self.dropped.values())

    def drop(self, reason: str, count: int, first_line: int | None = None) -> None:
        """Record ``count`` rows lost for ``reason``, the first of them on ``first_line`` of the file."""
        if count <= 0:
            return
        self.dropped[reason] = self.dropped.get(reason, 0) + count
        if first_line is not None:
            self.first_lines.setdefault(reason, first_line)


@dataclass
class LoadingReport:
    """The reports of all files of a data set, in reading order."""

    files: list[FileReport] = field(default_factory=list)

    def start(self, file: str | Path, read: int) -> FileReport:
        """Add and return the report of ``file`` with ``read`` rows, all kept so far."""
        report = FileReport(str(getattr(file, "name", file)), read)
        self.files.append(report)
        return report

    def to_frame(self) -> pd.DataFrame:
        """Return one row per file and reason: ``file, read, kept, dropped, reason, first_line``."""
        rows = []
        for report in self.files:
            reasons = report.dropped.items() or [("", 0)]
            rows += [
                (report.file, report.read, report.kept, count, reason, report.first_lines.get(reason))
                for reason, count in reasons
            ]
        frame = pd.DataFrame(rows, columns=["file", "read", "kept", "dropped", "reason", "first_line"])
        return frame.astype({"first_line": "Int64"})
