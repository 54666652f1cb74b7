"""Single fields of film tables: clean text, years, votes, addresses."""

from __future__ import annotations

import math
import re
import unicodedata

MAX_NAME = 256
MAX_OVERVIEW = 20_000
MAX_NAMES = 500
MAX_COUNT = 10**12
# The oldest film that survives is from 1888; announced ones lie a few years ahead.
FIRST_YEAR, LAST_YEAR = 1870, 2100
_YEAR = re.compile(r"^(\d{4})(?:\.0+)?(?:\D.*)?$|^.*\D(\d{4})$")
_IMDB = re.compile(r"\btt0*(\d{1,10})\b")
_COMMA = re.compile(r"(-?\d+),(\d+)")
_GROUPED = re.compile(r"\d{1,3}(?:[ ,.'\u2019\u00a0\u202f]\d{3})+")
_WEB = re.compile(r"https?://[^\s\"'<>]{1,2000}")
# They join letters of Persian and of Indian scripts.
_JOINERS = "\u200c\u200d"


def tidy(text: str) -> str:
    """Return ``text`` in Unicode's composed form, with single blanks and without control characters.

    >>> tidy("  Star\\u00a0Wars \\n")
    'Star Wars'
    """
    words = " ".join(unicodedata.normalize("NFC", text).split())
    if words.isprintable():
        return words
    return " ".join("".join(one for one in words if one.isprintable() or one in _JOINERS).split())


def distinct_names(names: list[str]) -> list[str]:
    """Return tidy ``names`` in order, each once whatever its case, empty and overlong ones left out."""
    found: dict[str, str] = {}
    for name in map(tidy, names):
        if 0 < len(name) <= MAX_NAME:
            found.setdefault(name.casefold(), name)
    return list(found.values())[:MAX_NAMES]


def year_of(text: str) -> int | None:
    """Return the year of ``1995``, ``1995.0``, ``1995-10-30`` or ``30/10/1995``; None for anything else."""
    match = _YEAR.match(text)
    year = int(match.group(1) or match.group(2)) if match else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def vote_of(text: str, scale: tuple[float, float]) -> float:
    """Return a mean vote within ``scale``, NaN for anything else."""
    value = _number(text)
    return value if scale[0] <= value <= scale[1] else math.nan


def with_point(text: str) -> str:
    """Return a number written with a decimal comma, as in French, with a point; other text as it is.

    >>> with_point("8,3")
    '8.3'
    """
    return _COMMA.sub(r"\1.\2", text) if _COMMA.fullmatch(text) else text


def without_groups(text: str) -> str:
    """Return a whole number written in groups of three digits as its digits; other text as it is.

    >>> without_groups("1 234 567"), without_groups("800,000")
    ('1234567', '800000')
    """
    return "".join(filter(str.isdigit, text)) if _GROUPED.fullmatch(text) else text


def count_of(text: str) -> int | None:
    """Return a whole number of votes such as ``104`` or ``104.0``; None for anything else."""
    value = _number(text)
    return int(value) if 0 <= value <= MAX_COUNT and value == int(value) else None


def imdb_number(text: str) -> str | None:
    """Return the digits of an IMDb id within ``text`` (``tt0114709``, or an address), at least seven."""
    match = _IMDB.search(text)
    return match.group(1).zfill(7) if match else None


def imdb_link(number: str) -> str:
    """Return the address of a film on IMDb; ``number`` are the digits of its id."""
    return f"https://www.imdb.com/title/tt{number.zfill(7)}/"


def tmdb_link(number: object) -> str:
    """Return the address of a film on The Movie Database."""
    return f"https://www.themoviedb.org/movie/{number}"


def web_address(text: str) -> str | None:
    """Return ``text`` if it is a plain http or https address, else None."""
    return text if _WEB.fullmatch(text) else None


def _number(text: str) -> float:
    """Return a finite number, NaN for anything else."""
    try:
        value = float(text) if "_" not in text else math.nan
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
