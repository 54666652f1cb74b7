"""Everything the dashboard says: a message file per page, numbers written as the language writes them.

Keys read ``page.what``; ``{name}`` in a message is filled in by :func:`text`. A message with a plural
is chosen by its value ``n``.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal, format_percent

LANGUAGE = "en"
NOTHING = "–"
_LOCALES = Path(__file__).with_name("locale")
_ESCAPED = re.compile(r"\\([^\w\s])")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


@cache
def catalogue(language: str = LANGUAGE) -> dict[str, str | tuple[str, ...]]:
    """Return all messages of ``language`` by key; a message with a plural is a tuple (one, other)."""
    found: dict[str, str | tuple[str, ...]] = {}
    for path in sorted((_LOCALES / language / "LC_MESSAGES").glob("*.po")):
        area = _messages(path, language)
        if twice := sorted(found.keys() & area.keys()):
            raise ValueError(f"{path.name} repeats messages of another file: {', '.join(twice)}")
        found |= area
    return found


def _messages(path: Path, language: str) -> dict[str, str | tuple[str, ...]]:
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    found: dict[str, str | tuple[str, ...]] = {}
    for message in messages:
        key, *_ = [message.id] if isinstance(message.id, str) else message.id
        if key:
            found[key] = message.string if isinstance(message.string, str) else tuple(message.string or ())
    return found


def text(key: str, **values: Any) -> str:
    """Return the message called ``key`` with ``values`` filled in.

    Raises
    ------
    KeyError
        If there is no such message, or it needs a value that was not given.
    """
    message = catalogue()[key]
    if isinstance(message, tuple):
        one = Locale.parse(LANGUAGE).plural_form(values["n"]) == "one"
        message = message[0] if one else message[-1]
        values = {**values, "n": whole(values["n"])}
    return message.format(**values)


def plain(words: object) -> str:
    """Return ``words`` (a name from the data) so that Markdown shows it letter by letter."""
    return _MARKDOWN.sub(r"\\\1", str(words))


def spoken(markdown: str) -> str:
    """Return a message written in Markdown as a screen reader should say it: no backslashes, no asterisks.

    Examples
    --------
    >>> spoken(rf"**Listens most to {plain('R.E.M.')}**")
    'Listens most to R.E.M.'
    """
    return _ESCAPED.sub(r"\1", markdown.replace("**", ""))


def number(value: float | None, digits: int = 3) -> str:
    """Return ``value`` with ``digits`` significant digits: 0.877, 1.60, 12.3."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    return format_decimal(_rounded(value, digits), format="@" * digits, locale=LANGUAGE)


def whole(value: float | None) -> str:
    """Return a count with thousands separators: 17,632."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return format_decimal(round(value), format="#,##0", locale=LANGUAGE)


def amount(value: float | None) -> str:
    """Return a count as a count, and what is no whole number with three digits: 352,698 and 0.500."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return whole(value) if value == round(value) else number(value)


def compact(value: float | None) -> str:
    """Return a count short enough to stand beside a bar: 611, 9,481, 12.3K, 533K, 2.39M."""
    if value is None or not math.isfinite(value) or abs(value) < 10_000:
        return whole(value)
    digits = 2 - (len(str(round(abs(value)))) - 1) % 3
    return format_compact_decimal(round(value), fraction_digits=digits, locale=LANGUAGE)


def percent(share: float | None) -> str:
    """Return a share with two significant digits: .467 is 47%, .0314 is 3.1%, 1 is 100%."""
    if share is None or not math.isfinite(share):
        return NOTHING
    pattern = "#,##0%" if abs(share) >= 0.0995 or share == 0 else "@@%"
    return format_percent(_rounded(share, 2) if "@" in pattern else share, format=pattern, locale=LANGUAGE)


def _rounded(value: float, digits: int) -> float:
    """Return ``value`` rounded beforehand: Babel 2.18 writes .09996 with three digits as .0100."""
    return float(f"{value:.{digits - 1}e}")


def moment(iso: str) -> str:
    """Return a time written as ISO 8601 as people say it, in this computer's time zone."""
    return format_datetime(datetime.fromisoformat(iso).astimezone(), "d MMM y, HH:mm", locale=LANGUAGE)


def seconds(duration: float | None) -> str:
    """Return a duration as people say it: 0.31 s, 12 s, 2 min 5 s, 1 h 2 min."""
    if duration is None or not math.isfinite(duration):
        return NOTHING
    if duration < 10:
        return text("units.seconds", seconds=number(duration, 2))
    minutes, rest = divmod(round(duration), 60)
    if not minutes:
        return text("units.seconds", seconds=rest)
    if minutes < 60:
        return text("units.minutes", minutes=minutes, seconds=rest)
    return text("units.hours", hours=minutes // 60, minutes=minutes % 60)
