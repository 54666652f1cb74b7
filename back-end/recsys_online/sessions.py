"""What each listener just heard: one small file mapped into memory and shared by all workers."""

from __future__ import annotations

import mmap
import struct
from typing import TYPE_CHECKING, NamedTuple

from recsys_online.next_track.request import Play

if TYPE_CHECKING:
    from pathlib import Path

REMEMBERED = 48  # plays of a listener, over all their sessions
SLOTS = 2**16
IDLE = 30 * 60.0  # seconds without a request after which a session is over
_HEAD = struct.Struct("<qQdii")  # user, session id, time of the last request, plays kept, of this session
_PLAYS = struct.Struct(f"<{REMEMBERED}i{REMEMBERED}f")
_SIZE = _HEAD.size + _PLAYS.size
_MIXER = 0x9E3779B97F4A7C15  # Knuth's multiplicative hash: spreads neighbouring ids over the slots


class Listener(NamedTuple):
    """A listener's plays, oldest first, of earlier sessions and of the present one."""

    session: int
    before: tuple[Play, ...]
    plays: tuple[Play, ...]


class SessionStore:
    """Recent plays by user in a fixed number of slots; whoever comes later to a taken slot gets it.

    A slot is written in one copy. Two requests of one user at the same moment may lose one play,
    which costs a repeat at worst; the event log is elsewhere.

    Parameters
    ----------
    path
        The file; made if missing, started anew if its size is not what it should be.
    """

    def __init__(self, path: Path, *, slots: int = SLOTS) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._slots = slots
        with path.open("ab"):
            pass  # made if missing; another worker may be doing the same
        with path.open("r+b") as file:
            if path.stat().st_size != slots * _SIZE:
                file.truncate(slots * _SIZE)
            self._map = mmap.mmap(file.fileno(), slots * _SIZE)

    def listener(self, user: int, now: float) -> Listener | None:
        """Return what is remembered of ``user``, None for a stranger; an idle session counts as ended.

        ``session`` is 0 where none is going on.
        """
        start = self._place(user)
        owner, session, seen, kept, current = _HEAD.unpack_from(self._map, start)
        if owner != user or not 0 <= current <= kept <= REMEMBERED:
            return None
        if now - seen > IDLE:
            session = current = 0
        values = _PLAYS.unpack_from(self._map, start + _HEAD.size)
        plays = tuple(map(Play, values[:kept], values[REMEMBERED : REMEMBERED + kept]))
        return Listener(session, plays[: kept - current], plays[kept - current :])

    def keep(self, user: int, listener: Listener, now: float) -> None:
        """Remember the latest plays of ``user``."""
        plays = (*listener.before, *listener.plays)[-REMEMBERED:]
        current = min(len(listener.plays), len(plays))
        padding = [0] * (REMEMBERED - len(plays))
        tracks = [play.track for play in plays] + padding
        shares = [play.share for play in plays] + padding
        record = _HEAD.pack(user, listener.session, now, len(plays), current) + _PLAYS.pack(*tracks, *shares)
        start = self._place(user)
        self._map[start : start + _SIZE] = record

    def close(self) -> None:
        """Let go of the map."""
        self._map.close()

    def _place(self, user: int) -> int:
        return (user * _MIXER % 2**64 >> 32) % self._slots * _SIZE
