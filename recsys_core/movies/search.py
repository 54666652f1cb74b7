"""Find a film by what people type: accents, case, small errors and half a title do not matter."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from recsys_core.errors import SettingsError, UnknownIdError
from recsys_core.movies.schema import MovieColumns

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies

LEAST_SCORE = 70.0
"""Of 100: below that, spellings are not alike."""
LEAST_BEGINNING, BEGINNING_COUNTS = 4, 0.95
SUGGESTIONS = 5
_YEAR = re.compile(r"\s*\((\d{4})\)\s*$")
_EXACT, _BEGINS, _WORD_BEGINS = 400.0, 300.0, 200.0


class TitleMatch(NamedTuple):
    """A film found; ``score`` orders matches of one search and means nothing else."""

    movie_id: Any
    title: str
    year: int | None
    score: float

    @property
    def label(self) -> str:
        """Title and year, as people tell remakes apart."""
        return self.title if self.year is None else f"{self.title} ({self.year})"


class UnknownTitleError(UnknownIdError):
    """No film has this title; ``suggestions`` are those that look like it."""

    def __init__(self, title: str, suggestions: list[TitleMatch]) -> None:
        super().__init__("film", title)
        self.suggestions = suggestions
        named = ", ".join(one.label for one in suggestions)
        hint = f" Did you mean {named}?" if named else ""
        self.args = (f"There is no film called {title!r} in this catalogue.{hint}",)


class AmbiguousTitleError(SettingsError):
    """Several films have this title; ``choices`` says which."""

    def __init__(self, title: str, choices: list[TitleMatch]) -> None:
        self.choices = choices
        named = ", ".join(f"{one.label} has id {one.movie_id}" for one in choices)
        super().__init__(f"{len(choices)} films are called {title!r}: {named}. Name one by its id.")


class MovieSearch:
    """The titles of a catalogue, ready to be searched at every key press."""

    def __init__(self, movies: Movies) -> None:
        self.movies = movies
        frame = movies.frame
        self._titles = [plain(title) for title in frame[MovieColumns.TITLE]]
        self._lengths = np.array([len(title) for title in self._titles])
        self._years = frame[MovieColumns.YEAR].to_numpy(np.float64, na_value=np.nan)
        self._votes = frame[MovieColumns.VOTE_COUNT].to_numpy()

    def find(self, text: str, limit: int = SUGGESTIONS) -> list[TitleMatch]:
        """Return up to ``limit`` films, best match first; nothing for a text without letters or digits.

        The very title comes before titles that begin with the text, these before titles with a word that
        does, these before similar spellings; equal matches by number of votes. "Title (1989)" asks for
        that year first.
        """
        wanted, year = _title_and_year(text)
        if not wanted:
            return []
        scores = self._scores(wanted)
        if year is not None:
            scores = scores + (self._years == year) * (scores > 0)
        order = np.lexsort((np.arange(len(scores)), -self._votes, -scores))[:limit]
        return [self._match(int(at), float(scores[at])) for at in order if scores[at] > 0]

    def by_title(self, title: str) -> TitleMatch:
        """Return the one film of this title, case and accents aside; "Title (1989)" tells remakes apart.

        Raises
        ------
        UnknownTitleError
            If there is none.
        AmbiguousTitleError
            If there are several.
        """
        whole = [at for at, known in enumerate(self._titles) if known == plain(title)]
        found = whole or self._of_year(*_title_and_year(title))
        if not found:
            raise UnknownTitleError(title, self.find(title))
        if len(found) > 1:
            raise AmbiguousTitleError(title, [self._match(at, _EXACT) for at in found])
        return self._match(found[0], _EXACT)

    def _of_year(self, title: str, year: int | None) -> list[int]:
        same = [at for at, known in enumerate(self._titles) if known == title]
        return [at for at in same if self._years[at] == year]

    def _scores(self, wanted: str) -> np.ndarray:
        """Return how well each title matches, 0 for not at all."""
        scores = self._alike(wanted)
        inner = f" {wanted}"
        for at, title in enumerate(self._titles):
            if title.startswith(wanted):
                scores[at] = _EXACT if title == wanted else _BEGINS
            elif inner in title:
                scores[at] = _WORD_BEGINS
        return scores

    def _alike(self, wanted: str) -> np.ndarray:
        """Return the likeness of spelling, 0 below ``LEAST_SCORE``; a title may go on where the text ends."""
        whole = np.maximum(
            *(_compared(wanted, self._titles, scorer) for scorer in (fuzz.ratio, fuzz.token_sort_ratio))
        )
        if len(wanted) >= LEAST_BEGINNING:
            beginnings = [title[: len(wanted)] for title in self._titles]
            started = _compared(wanted, beginnings, fuzz.ratio)
            whole = np.maximum(whole, BEGINNING_COUNTS * started)
        # every word of the text is in the title, in whatever order
        among = _compared(wanted, self._titles, fuzz.token_set_ratio, least=100)
        whole = np.maximum(whole, np.where(self._lengths >= len(wanted), among, 0))
        return np.where(whole >= LEAST_SCORE, whole, 0).astype(np.float64)

    def _match(self, movie_idx: int, score: float) -> TitleMatch:
        film = self.movies.frame.iloc[movie_idx]
        year = film[MovieColumns.YEAR]
        known = None if pd.isna(year) else int(year)
        movie_id = film[MovieColumns.MOVIE_ID]
        own = movie_id.item() if isinstance(movie_id, np.generic) else movie_id
        return TitleMatch(own, film[MovieColumns.TITLE], known, score)


def _compared(wanted: str, titles: list[str], scorer: Any, *, least: float = LEAST_SCORE) -> np.ndarray:
    """Return the likeness of each title, 0 below ``least``: what cannot reach it is soon given up."""
    return process.cdist([wanted], titles, scorer=scorer, dtype=np.float32, score_cutoff=least)[0]


def plain(text: str) -> str:
    """Return ``text`` in lower case without accents and punctuation, words parted by single spaces.

    Examples
    --------
    >>> plain("Amélie:  L'ÉTÉ")
    'amelie l ete'
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", bare))


def _title_and_year(text: str) -> tuple[str, int | None]:
    """Return the plain title and the year of "Title (1989)"; None for a text without one."""
    found = _YEAR.search(text)
    return (plain(text[: found.start()]), int(found.group(1))) if found else (plain(text), None)
