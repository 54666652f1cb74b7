"""Where the service can run: it tells living writers of the log from dead ones by locks of Unix."""

from __future__ import annotations

from importlib.util import find_spec

NOT_HERE = "The online service runs on Linux and macOS only; on Windows start it inside WSL."


def can_serve() -> bool:
    """Return whether this system has what the event log needs."""
    return find_spec("fcntl") is not None
