"""What a film is made of: its keywords, first actors, directors and first genres, as one bag of terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recsys_core.movies.schema import MovieColumns, directors_of
from recsys_core.movies.terms import Terms, counted

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies

FIRST_GENRES = FIRST_ACTORS = 3
_FIELDS = (MovieColumns.GENRES, MovieColumns.DIRECTOR, MovieColumns.CAST, MovieColumns.KEYWORDS)


class Ingredient(NamedTuple):
    """``kind`` is genre, director, actor or keyword; ``name`` as the source spells it."""

    kind: str
    name: str

    @property
    def term(self) -> str:
        """The name as a term: letter case and spacing aside."""
        return " ".join(self.name.casefold().split())


def soup_terms(movies: Movies) -> Terms:
    """Return each film's ingredients as counts, rows of length one.

    The same name in two roles is one term, counted twice: a keyword "animation" meets the genre.
    """
    frame = movies.frame
    films = zip(*(frame[name].tolist() for name in _FIELDS), strict=True)
    return counted([[one.term for one in _ingredients(*film)] for film in films])


def soup_of(movies: Movies, movie_idx: int) -> list[Ingredient]:
    """Return the first three genres, the directors, the first three actors and all keywords of a film."""
    return _ingredients(*(movies.frame[name].iat[movie_idx] for name in _FIELDS))


def _ingredients(genres: list[str], director: str, cast: list[str], keywords: list[str]) -> list[Ingredient]:
    parts = (
        ("genre", genres[:FIRST_GENRES]),
        ("director", directors_of(director)),
        ("actor", cast[:FIRST_ACTORS]),
        ("keyword", keywords),
    )
    found = [Ingredient(kind, name) for kind, names in parts for name in names]
    return [one for one in found if one.term]
