"""What each listener just heard: one small file mapped into memory and shared by all workers."""

from __future__ import annotations

import math
import mmap
import os
import struct
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from recsys_core.errors import SettingsError
from recsys_online.next_track.request import Play

if TYPE_CHECKING:
    from pathlib import Path

REMEMBERED = 48  # plays of a listener, over all their sessions
SLOTS = 2**16
PROBED = 4  # neighbouring slots a listener may be in
IDLE = 30 * 60.0  # seconds without a request after which a session is over
_OWNER = struct.Struct("<q")
_HEAD = struct.Struct("<qQdii")  # user, session id, time of the last request, plays kept, of this session
# n tracks, then n shares, each at the place it has in a full slot
_PLAYS = [struct.Struct(f"<{n}i{4 * (REMEMBERED - n)}x{n}f") for n in range(REMEMBERED + 1)]
_SIZE = _HEAD.size + _PLAYS[REMEMBERED].size
_play = partial(tuple.__new__, Play)  # what Play(track, share) does, without a call in Python for each
_MIXER = 0x9E3779B97F4A7C15  # Knuth's multiplicative hash: the top bits spread neighbouring ids
_64_BITS = 2**64 - 1


class Listener(NamedTuple):
    """A listener's plays, oldest first, of earlier sessions and of the present one."""

    session: int
    before: tuple[Play, ...]
    plays: tuple[Play, ...]


class SessionStore:
    """Recent plays by user in a fixed number of slots; a newcomer takes the oldest of four.

    A slot is written in one copy. Two requests of one user at the same moment may lose one play,
    which costs a repeat at worst; the event log is elsewhere.

    Parameters
    ----------
    path
        The file; made if missing, replaced if its size is not what it should be.

    Raises
    ------
    SettingsError
        If there can be no such file.
    """

    def __init__(self, path: Path, *, slots: int = SLOTS) -> None:
        self._slots = slots
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _make_whole(path, slots * _SIZE)
            with path.open("r+b") as file:
                self._map = mmap.mmap(file.fileno(), slots * _SIZE)
        except (OSError, ValueError) as error:  # ValueError: cut by another program in between
            raise SettingsError(
                f"{path} cannot hold the listeners' sessions: {error}. "
                "Remove it, or name another REFRAIN_HOME."
            ) from None

    def listener(self, user: int, now: float) -> Listener | None:
        """Return what is remembered of ``user``, None for a stranger; an idle session counts as ended.

        ``session`` is 0 where none is going on.
        """
        start = self._own_place(user)
        if start < 0:
            return None
        _, session, seen, kept, current = _HEAD.unpack_from(self._map, start)
        if not 0 <= current <= kept <= REMEMBERED:
            return None
        if now - seen > IDLE:
            session = current = 0
        values = _PLAYS[kept].unpack_from(self._map, start + _HEAD.size)
        plays = tuple(map(_play, zip(values[:kept], values[kept:], strict=True)))
        return Listener(session, plays[: kept - current], plays[kept - current :])

    def keep(self, user: int, listener: Listener, now: float) -> None:
        """Remember the latest plays of ``user``."""
        plays = (*listener.before, *listener.plays)[-REMEMBERED:]
        current = min(len(listener.plays), len(plays))
        tracks, shares = zip(*plays, strict=True) if plays else ((), ())
        record = _HEAD.pack(user, listener.session, now, len(plays), current)
        record += _PLAYS[len(plays)].pack(*tracks, *shares)
        start = self._own_place(user)
        if start < 0:
            start = self._oldest_place(user)
        self._map[start : start + len(record)] = record

    def close(self) -> None:
        """Let go of the map."""
        self._map.close()

    def _own_place(self, user: int) -> int:
        """Return where the user's slot is, -1 for a stranger."""
        first = (user * _MIXER & _64_BITS) * self._slots >> 64
        for step in range(PROBED):
            start = (first + step) % self._slots * _SIZE
            if _OWNER.unpack_from(self._map, start)[0] == user:
                return start
        return -1

    def _oldest_place(self, user: int) -> int:
        """Return the slot, of those that may be the user's, which was longest without a request."""
        first = (user * _MIXER & _64_BITS) * self._slots >> 64
        places = [(first + step) % self._slots * _SIZE for step in range(PROBED)]
        times = [_HEAD.unpack_from(self._map, start)[2] for start in places]
        ages = [-math.inf if math.isnan(time) else time for time in times]  # no number: damaged
        return places[ages.index(min(ages))]


def _make_whole(path: Path, size: int) -> None:
    """Make the file if it is missing; put another in its place if it has a wrong size.

    Never shortened in place: another worker may have it mapped.
    """
    with path.open("ab") as file:  # several workers may be doing this at the same time
        if file.tell() == 0:
            file.truncate(size)
    if path.stat().st_size != size:
        partial = path.with_name(f".{path.name}-{os.getpid()}")
        with partial.open("wb") as file:
            file.truncate(size)
        partial.replace(path)
