"""Names that fit and can be read, and stripes for bars that must not differ by colour alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LENGTH = 22
INK = {False: "#1B2430", True: "#E8EDF2"}  # of names, keyed by "is dark": axes are paler
STRIPES = {
    "fgcolor": "#FFFFFF",
    "fillmode": "overlay",
    "solidity": 0.3,
    "size": 7,
}  # a second channel for bars


def shortened(name: object, length: int = MAX_LENGTH) -> str:
    """Return ``name`` cut to ``length`` characters, the last an ellipsis, and safe to show in a figure.

    Examples
    --------
    >>> shortened("Einstürzende Neubauten live", 12)
    'Einstürzend…'
    >>> shortened("AC<b>DC")
    'AC&lt;b&gt;DC'
    """
    words = " ".join(str(name).split())
    cut = words if len(words) <= length else f"{words[: length - 1].rstrip()}…"
    return literal(cut)


def told_apart(names: Sequence[object], length: int = MAX_LENGTH) -> list[str]:
    """Return ``names`` cut as :func:`shortened` does; those that would read alike keep their ends instead.

    Examples
    --------
    >>> told_apart(["The Lord of the Rings: The Two Towers", "The Lord of the Rings: The Return"], 18)
    ['The Lo…Two Towers', 'The Lo…The Return']
    """
    cut = [shortened(name, length) for name in names]
    repeated = {one for one, times in Counter(cut).items() if times > 1}
    return [
        _without_middle(name, length) if short in repeated else short
        for name, short in zip(names, cut, strict=True)
    ]


def _without_middle(name: object, length: int) -> str:
    """Return the first third and the last two thirds of what fits, an ellipsis between."""
    words = " ".join(str(name).split())
    if len(words) <= length:
        return literal(words)
    first = length // 3
    return literal(f"{words[:first].rstrip()}…{words[-(length - first - 1) :].lstrip()}")


def literal(name: object) -> str:
    """Return ``name`` so that plotly, which reads a little HTML, shows it letter by letter."""
    return str(name).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
