"""Names that fit and can be read, and stripes for bars that must not differ by colour alone."""

from __future__ import annotations

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


def literal(name: object) -> str:
    """Return ``name`` so that plotly, which reads a little HTML, shows it letter by letter."""
    return str(name).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
