"""Stored experiments, opened once per server and read again only when their files have changed."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from recsys_dashboard.settings import read_settings
from recsys_online.loop import LoopCard, LoopStore, read_look
from recsys_online.loop.looking import LOOK, Look
from recsys_online.loop.store import CARD, Loop
from recsys_online.loop.turn import turn_home

NOTHING = (0, 0)


def store() -> LoopStore:
    """Return the store of loops, below the dashboard's own data."""
    return LoopStore(read_settings().data_root / "loops")


def cards() -> list[LoopCard]:
    """Return the cards of all loops, newest first."""
    folder = store().root
    changed = tuple(sorted((str(path), _stamp(path)) for path in folder.glob(f"*/{CARD}")))
    return list(_cards(str(folder), changed))


def exists(loop_id: str) -> bool:
    """Return whether there is something by that name, damaged or not."""
    return _stamp(store().root / loop_id / CARD) != NOTHING


def opened(loop_id: str) -> Loop:
    """Return a loop; raises LoopError if it is missing or damaged."""
    return store().open(loop_id)


def look_of(loop: Loop, turn: int) -> Look | None:
    """Return the last look at a turn's experiment, None before the first."""
    home = turn_home(loop, turn)
    return _look(str(home), _stamp(home / LOOK))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return NOTHING
    return stat.st_mtime_ns, stat.st_size


@st.cache_resource(max_entries=4, show_spinner=False)
def _cards(folder: str, changed: tuple[tuple[str, tuple[int, int]], ...]) -> tuple[LoopCard, ...]:
    return tuple(LoopStore(Path(folder)).list())


@st.cache_resource(max_entries=16, show_spinner=False)
def _look(home: str, stamp: tuple[int, int]) -> Look | None:
    return read_look(Path(home))
