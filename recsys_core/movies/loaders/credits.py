"""Who acts in and who directs which film, read from a file of its own and joined by id, never merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.movies.schema import DIRECTOR_SEPARATOR
from recsys_core.movies.schema import MovieColumns as Col

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.datasets.loading_report import LoadingReport
    from recsys_core.movies.loaders.sheet import Sheet

# The leading parts; the files go on to the last extra.
MAX_CAST = 10


@dataclass(frozen=True)
class Credits:
    """Cast in billing order and directors by film id; one entry a film, so a join multiplies no row."""

    cast: dict[int, list[str]] = field(default_factory=dict)
    directors: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def from_sheet(
        cls, sheet: Sheet, ids: np.ndarray, cast: list[list[str]], directors: list[list[str]]
    ) -> Credits:
        """Return the credits of the rows of ``sheet`` that were not refused."""
        rows = np.flatnonzero(sheet.checks.alive).tolist()
        return cls(
            {int(ids[row]): cast[row] for row in rows}, {int(ids[row]): directors[row] for row in rows}
        )

    def columns_for(self, ids: Iterable[int]) -> dict[str, list]:
        """Return the columns ``cast`` and ``director`` for films in the order of ``ids``."""
        wanted = list(ids)
        return {
            Col.CAST: [self.cast.get(one, []) for one in wanted],
            Col.DIRECTOR: [join_directors(self.directors.get(one, [])) for one in wanted],
        }


def join_directors(names: list[str]) -> str:
    """Return directors as one field; a comma inside a name ("Jr.") would look like two people."""
    return DIRECTOR_SEPARATOR.join(name.replace(DIRECTOR_SEPARATOR, " ") for name in names)


def note_no_credits(file: str, report: LoadingReport) -> Credits:
    """Return no credits, with a note that the file is not there."""
    report.start(file, 0).notes.append("Not there: no cast and no directors in this catalogue.")
    return Credits()
