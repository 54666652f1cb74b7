"""What came of a simulation, arm by arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Z = 1.96  # half a 95 % interval in standard errors; sessions are many


class Arm(msgspec.Struct):
    """Sums over the sessions of one arm; means per session come from them.

    Attributes
    ----------
    name
        Recommender, and treatment where an experiment decides.
    tracks, time
        Tracks played, and their listened shares added up, the self-chosen first track (1.0) included.
    fallbacks
        Tracks for which a stand-in answered.
    """

    name: str
    sessions: int = 0
    tracks: int = 0
    time: float = 0.0
    time_squared: float = 0.0
    tracks_squared: float = 0.0
    fallbacks: int = 0

    @property
    def tracks_per_session(self) -> float:
        """Mean number of tracks, 0 without a session."""
        return self.tracks / max(1, self.sessions)

    @property
    def time_per_session(self) -> float:
        """Mean listened share in all, 0 without a session."""
        return self.time / max(1, self.sessions)

    @property
    def tracks_margin(self) -> float:
        """Half the 95 % interval of :attr:`tracks_per_session`."""
        return _margin(self.sessions, self.tracks, self.tracks_squared)

    @property
    def time_margin(self) -> float:
        """Half the 95 % interval of :attr:`time_per_session`."""
        return _margin(self.sessions, self.time, self.time_squared)

    def add(self, tracks: np.ndarray, time: np.ndarray, fallbacks: int) -> None:
        """Count sessions of so many ``tracks`` and so much ``time``, shapes ``(n,)``."""
        self.sessions += len(tracks)
        self.tracks += int(tracks.sum())
        self.time += float(time.sum())
        self.tracks_squared += float((tracks.astype(np.float64) ** 2).sum())
        self.time_squared += float((time**2).sum())
        self.fallbacks += fallbacks

    def add_one(self, tracks: int, time: float) -> None:
        """Count one session of so many ``tracks`` and so much ``time``."""
        self.sessions += 1
        self.tracks += tracks
        self.time += time
        self.tracks_squared += tracks * tracks
        self.time_squared += time * time

    def to_dict(self) -> dict[str, object]:
        """Return name, counts, means and margins."""
        return {
            "name": self.name,
            "sessions": self.sessions,
            "tracks_per_session": self.tracks_per_session,
            "tracks_margin": self.tracks_margin,
            "time_per_session": self.time_per_session,
            "time_margin": self.time_margin,
            "fallback_share": self.fallbacks / max(1, self.tracks - self.sessions),
        }


class Summary(msgspec.Struct):
    """A whole simulation.

    Attributes
    ----------
    asked
        Sessions that were wanted; fewer were held if it was stopped or the service failed.
    seconds
        By the wall clock, the making of the world left out.
    events, dropped
        Lines written to the log, and those that a full disk refused.
    failed
        Sessions broken off because the service did not answer properly.
    latency
        Milliseconds from question to answer over HTTP: median, 95th and 99th percentile; empty in process.
    """

    world: str
    seed: int
    asked: int
    arms: list[Arm]
    seconds: float = 0.0
    events: int = 0
    dropped: int = 0
    failed: int = 0
    latency: dict[str, float] = {}

    @property
    def sessions(self) -> int:
        """Sessions held to their end."""
        return sum(arm.sessions for arm in self.arms)

    def to_dict(self) -> dict[str, object]:
        """Return everything, fit for JSON."""
        found = msgspec.to_builtins(self)
        arms = [arm.to_dict() for arm in self.arms]
        rate = self.sessions / self.seconds if self.seconds else 0.0
        return {**found, "arms": arms, "sessions": self.sessions, "sessions_per_second": rate}


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return median, 95th and 99th percentile in milliseconds, nothing for no measurement."""
    if not len(seconds):
        return {}
    values = np.percentile(np.asarray(seconds), (50, 95, 99)) * 1000
    return dict(zip(("p50", "p95", "p99"), values.round(3).tolist(), strict=True))


def _margin(n: int, total: float, squared: float) -> float:
    if n < 2:
        return float("inf")
    variance = max(0.0, (squared - total * total / n) / (n - 1))
    return Z * float(np.sqrt(variance / n))
