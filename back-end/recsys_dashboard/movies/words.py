"""Films, languages, reasons and sizes as people say them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from babel import Locale

from recsys_core.movies.reason_groups import GROUPS
from recsys_dashboard.texts import LANGUAGE, number, percent, plain, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.movies.similarity import Reason

CHIPS = 5
# group of a reason -> colour and icon of its chip, the colours of the figure's bars
_CHIPS = {
    "audience": ("blue", ":material/group:"),
    "words": ("yellow", ":material/notes:"),
    "keywords": ("green", ":material/sell:"),
    "people": ("violet", ":material/person:"),
    "genres": ("gray", ":material/category:"),
}
# what TMDB writes where there is no ISO 639 code, or another one than everybody's
_OWN_CODES = {"xx": "zxx", "cn": "yue", "sh": "sr_Latn"}


def film_label(film: dict[str, Any]) -> str:
    """Return title and year, as people tell remakes apart."""
    year = film["year"]
    return str(film["title"]) if pd.isna(year) else f"{film['title']} ({int(year)})"


def language_name(code: str) -> str:
    """Return the name of a language: "French" for fr; what is no code is already a name."""
    known = Locale.parse(LANGUAGE).languages
    return known.get(_OWN_CODES.get(code, code), code)


def chips(reasons: Sequence[Reason]) -> str:
    """Return the heaviest reasons as badges with their part of the similarity, and how many are left."""
    shown = [_chip(reason) for reason in reasons[:CHIPS]]
    more = len(reasons) - len(shown)
    return " ".join([*shown, *([text("movies.more_reasons", n=more)] if more > 0 else [])])


def _chip(reason: Reason) -> str:
    colour, icon = _CHIPS[GROUPS[reason.kind]]
    name = plain(reason.name)
    if reason.kind == "audience":
        name = text("movies.audience_chip", n=int(reason.name))
    return f":{colour}-badge[{icon} {name} · {percent(reason.weight)}]"


def size(n_bytes: float) -> str:
    """Return bytes in the unit people would use, of 1,000 and its powers: 16.54 GB, 19.2 kB, 36 bytes."""
    if n_bytes >= 1e9:
        return text("movies.gigabytes", size=number(n_bytes / 1e9, 4 if n_bytes >= 1e10 else 3))
    if n_bytes >= 1e6:
        return text("movies.megabytes", size=number(n_bytes / 1e6))
    if n_bytes >= 1e3:
        return text("movies.kilobytes", size=number(n_bytes / 1e3))
    return text("movies.bytes", n=round(n_bytes))
