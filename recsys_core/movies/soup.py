"""What a film is made of: its keywords, first actors, directors and first genres, as one bag of terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recsys_core.movies.schema import MovieColumns, directors_of
from recsys_core.movies.terms import Terms, counted

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies

FIRST_GENRES = FIRST_ACTORS = 3


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
    return counted([[one.term for one in soup_of(movies, at)] for at in range(len(movies))])


def soup_of(movies: Movies, movie_idx: int) -> list[Ingredient]:
    """Return the first three genres, the directors, the first three actors and all keywords of a film."""
    frame = movies.frame

    def field(name: str) -> Any:
        return frame[name].iat[movie_idx]

    parts = (
        ("genre", field(MovieColumns.GENRES)[:FIRST_GENRES]),
        ("director", directors_of(field(MovieColumns.DIRECTOR))),
        ("actor", field(MovieColumns.CAST)[:FIRST_ACTORS]),
        ("keyword", field(MovieColumns.KEYWORDS)),
    )
    found = [Ingredient(kind, name) for kind, names in parts for name in names]
    return [one for one in found if one.term]
