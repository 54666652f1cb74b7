"""Names that differ only by case, accents, spaces or signs: perhaps one artist under two ids."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def look_alikes(names: Iterable[str]) -> list[list[str]]:
    """Return groups of two or more distinct names with the same letters and digits, in order of appearance.

    Examples
    --------
    >>> look_alikes(["BIG BANG", "Rihanna", "BigBang", "Muse"])
    [['BIG BANG', 'BigBang']]
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        groups[_letters(name)].append(name)
    return [group for letters, group in groups.items() if letters and len(group) > 1]


def _letters(name: str) -> str:
    """Return the letters and digits of ``name`` without case and accents."""
    if name.isascii():
        return "".join(filter(str.isalnum, name.casefold()))
    spelled = unicodedata.normalize("NFKD", name).casefold()
    return "".join(filter(str.isalnum, spelled))
