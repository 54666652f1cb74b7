"""The address of the films page is its state: what is shown, by which method, and the way walked there.

Nothing is written into the address while the page is drawn, only when somebody clicks: each click is one
step of the browser's back button, and going back is never undone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FILM, VIA, FILMS, VIEW = "film", "via", "films", "view"
STEPS = 6
LONGEST = 80
_LONGEST_VALUE = 300
ON = "yes"


def asked(name: str) -> str | None:
    """Return what the address says under ``name``."""
    value = st.query_params.get(name)
    return value[:_LONGEST_VALUE] if value else None


def way() -> list[str]:
    """Return the ids of the films walked through on the way to this one, the first first."""
    return [one[:_LONGEST_VALUE] for one in st.query_params.get_all(VIA)][-STEPS:]


def change(**values: str | Sequence[str] | None) -> None:
    """Change several parts of the address in one step; None and nothing take a part away."""
    parts: dict[str, Any] = {name: st.query_params.get_all(name) for name in st.query_params}
    for name, value in values.items():
        parts.pop(name, None)
        if value:
            parts[name] = value if isinstance(value, str) else list(value)
    st.query_params.from_dict(parts)


def walk_to(movie_id: object) -> None:
    """Go on to a film from the one shown, or back to one that was passed on the way."""
    wanted, before = str(movie_id), way()
    if wanted in before:
        change(film=wanted, via=before[: before.index(wanted)], view=None)
        return
    here = asked(FILM)
    passed = [*before, here] if here and here != wanted else before
    change(film=wanted, via=passed[-STEPS:], view=None)


def jump_to(movie_id: object) -> None:
    """Begin a new walk at a film."""
    change(film=str(movie_id), via=None, view=None)


def select(name: str, options: Sequence[Any], default: Any, spell: Callable[[Any], str] = str) -> str:
    """Let the control ``movies.<name>`` show what the address says, or ``default``; return its key."""
    spelled = {spell(option): option for option in options}
    st.session_state[_key(name)] = spelled.get(asked(name) or "", default)
    return _key(name)


def switch(name: str) -> str:
    """Let the toggle ``movies.<name>`` show whether the address says yes; return its key."""
    st.session_state[_key(name)] = asked(name) == ON
    return _key(name)


def level(name: str, default: int, low: int, high: int) -> str:
    """Let the slider ``movies.<name>`` show the number of the address, or ``default``; return its key."""
    word = asked(name) or ""
    number = int(word) if word.isascii() and word.isdecimal() and len(word) < 10 else default
    st.session_state[_key(name)] = number if low <= number <= high else default
    return _key(name)


def write(name: str, default: Any = None, spell: Callable[[Any], str] = str) -> None:
    """Write what the control ``movies.<name>`` shows into the address; for its ``on_change``."""
    value = st.session_state.get(_key(name))
    if isinstance(value, bool):
        change(**{name: ON if value else None})
    else:
        change(**{name: None if value is None or value == default else spell(value)})


def _key(name: str) -> str:
    return f"movies.{name}"
