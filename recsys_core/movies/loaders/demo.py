"""Demo films: over 400 well-known ones, facts and sentences written by hand, votes simulated."""

from __future__ import annotations

from pathlib import Path

from recsys_core.datasets.dataset import Source
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.errors import DataError
from recsys_core.movies.loaders.credits import join_directors
from recsys_core.movies.loaders.demo_votes import simulated_votes
from recsys_core.movies.loaders.opening import open_sheet
from recsys_core.movies.schema import MovieColumns as Col
from recsys_core.movies.schema import Movies

DEMO_FILMS = Path(__file__).resolve().parents[3] / "data" / "demo" / "movies.csv"
_LISTS = (Col.GENRES, Col.KEYWORDS, Col.CAST, Col.DIRECTOR)
_COLUMNS = ("id", Col.TITLE, Col.YEAR, *_LISTS, Col.LANGUAGE, Col.OVERVIEW)
_SOURCE = Source(
    name="demo",
    title="Demo films",
    simulated=True,
    origin=(
        "Titles, years, people and keywords are facts, the sentences were written by hand for this project; "
        "all votes are simulated."
    ),
    licence="Free to use, part of this project.",
)


def load_demo_movies() -> Movies:
    """Return the films of ``data/demo/movies.csv``; vote counts and means are simulated from their ids.

    A few films have no overview on purpose. Raises DataError if the file is missing or damaged.
    """
    report = LoadingReport()
    sheet = open_sheet(_read(), DEMO_FILMS.name, _COLUMNS, (), report, utf8_only=True)
    ids = sheet.whole_ids("id")
    lists = {name: sheet.lists(name, lambda cell: cell.split("|")) for name in _LISTS}
    counts, means = simulated_votes(ids)
    sheet.note("No real person voted: counts and means are simulated from the ids of the films.")
    frame = sheet.frame(
        {
            Col.MOVIE_ID: ids,
            Col.TITLE: sheet.titles(Col.TITLE),
            Col.YEAR: sheet.years(Col.YEAR),
            **lists,
            Col.DIRECTOR: [join_directors(names) for names in lists[Col.DIRECTOR]],
            Col.OVERVIEW: sheet.overviews(Col.OVERVIEW),
            Col.LANGUAGE: sheet.texts(Col.LANGUAGE),
            Col.VOTE_AVERAGE: means,
            Col.VOTE_COUNT: counts,
        }
    )
    return Movies.from_frame(frame, _SOURCE, report=report)


def _read() -> bytes:
    """Return the contents of the hand-written file."""
    try:
        return DEMO_FILMS.read_bytes()
    except OSError as error:
        fix = "Restore data/demo from the project's repository."
        raise DataError("The demo films are not there.", fix=fix, file=DEMO_FILMS) from error
