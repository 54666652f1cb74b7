"""Titles as MovieLens writes them, "Matrix, The (1999)", as people write them."""

from __future__ import annotations

import re

from recsys_core.movies.loaders.fields import FIRST_YEAR, LAST_YEAR, tidy

_YEAR = re.compile(r"\((\d{4})(?:\s*[-–]\s*(?:\d{4})?)?\)$")
_ARTICLES = "The|An?|Les?|La|L'|Une?|Der|Die|Das|Eine?|El|Los|Las|Una|Il|Lo|I|Gli|Da|Det|Den|De|Het|En|Os?|As"
_ARTICLE_LAST = re.compile(rf"^(?P<rest>.+), (?P<article>{_ARTICLES})$")
_PARTS = re.compile(r"\(([^()]*)\)")


def split_title(text: str) -> tuple[str, int | None]:
    """Return title and year, the year None if the text does not end with one in brackets.

    Articles go back to the front, in the title and in other titles given in brackets.

    >>> split_title("City of Lost Children, The (Cité des enfants perdus, La) (1995)")
    ('The City of Lost Children (La Cité des enfants perdus)', 1995)
    """
    whole = tidy(text)
    match = _YEAR.search(whole)
    year = int(match.group(1)) if match else None
    if match is None or year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return _in_order(whole), None
    return _in_order(whole[: match.start()].strip() or whole), year


def _in_order(title: str) -> str:
    """Put the articles of a title, and of titles in brackets after it, to the front."""
    main, bracket, others = title.partition(" (")
    rest = _PARTS.sub(lambda part: f"({_article_first(part.group(1))})", bracket + others)
    return _article_first(main) + rest


def _article_first(title: str) -> str:
    """Return "The Matrix" for "Matrix, The"."""
    match = _ARTICLE_LAST.match(title)
    if match is None:
        return title
    article = match.group("article")
    return f"{article}{'' if article.endswith(chr(39)) else ' '}{match.group('rest')}"
