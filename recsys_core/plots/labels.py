"""Text that fits: names shortened for axes, whole names are for hovering."""

from __future__ import annotations

MAX_LENGTH = 22


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
