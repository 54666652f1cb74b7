"""Ratings of MovieLens: who gave which film how many stars and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.interactions import Interactions
from recsys_core.movies.loaders.opening import open_sheet
from recsys_core.movies.schema import MovieColumns as Col

if TYPE_CHECKING:
    from recsys_core.datasets.loading_report import LoadingReport
    from recsys_core.datasets.row_checks import RowChecks

USER, FILM, STARS, TIME = "userId", "movieId", "rating", "timestamp"
SCALE = (0.5, 5.0)


@dataclass(frozen=True, eq=False)
class Ratings:
    """Each pair of user and film once; users by id, films in the order of the catalogue."""

    interactions: Interactions
    users: IdMap

    def columns(self) -> dict[str, np.ndarray]:
        """Return the mean stars, NaN without ratings, and the number of ratings of every film."""
        rows = self.interactions
        counts = np.bincount(rows.item_idx, minlength=rows.shape[1])
        sums = np.bincount(rows.item_idx, weights=rows.weights, minlength=rows.shape[1])
        means = np.divide(sums, counts, out=np.full(len(counts), np.nan), where=counts > 0)
        return {Col.VOTE_AVERAGE: means, Col.VOTE_COUNT: counts}


def read_ratings(data: bytes, file: str, films: np.ndarray, report: LoadingReport) -> Ratings:
    """Return the ratings of ``films``, int64 ids; who rated a film twice is counted with the later rating."""
    sheet = open_sheet(data, file, (USER, FILM, STARS, TIME), (), report, utf8_only=True)
    user_ids = sheet.whole_ids(USER, unique=False)
    film_ids = sheet.whole_ids(FILM, unique=False)
    stars, times = sheet.checks.weights(STARS), sheet.times(TIME)
    outside = (stars < SCALE[0]) | (stars > SCALE[1])
    sheet.checks.refuse(outside, f"{STARS} is not from {SCALE[0]} to {SCALE[1]}", STARS)
    catalogue = IdMap(films, kind="film")
    film_idx = catalogue.locate(film_ids)
    sheet.checks.refuse(film_idx < 0, "film not in the catalogue", FILM)
    _refuse_earlier(sheet.checks, user_ids, film_ids, times)
    sheet.require_some()
    kept = sheet.checks.alive
    users, user_idx = np.unique(user_ids[kept], return_inverse=True)
    order = np.lexsort((film_idx[kept], user_idx))
    interactions = Interactions(
        user_idx[order].astype(np.int32),
        film_idx[kept][order].astype(np.int32),
        stars[kept][order],
        (len(users), len(films)),
        times[kept][order],
    )
    return Ratings(interactions, IdMap(users, kind="user"))


def _refuse_earlier(checks: RowChecks, users: np.ndarray, films: np.ndarray, times: np.ndarray) -> None:
    """Refuse all but the latest rating of each pair; of equally late ones the last row stays."""
    living = np.flatnonzero(checks.alive)
    order = living[np.lexsort((living, times[living], films[living], users[living]))]
    same = (users[order[1:]] == users[order[:-1]]) & (films[order[1:]] == films[order[:-1]])
    earlier = np.zeros(len(users), dtype=bool)
    earlier[order[:-1][same]] = True
    checks.refuse(earlier, "rated again by the same person (latest kept)", FILM)
