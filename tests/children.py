"""Programs that end when the tests do, however those end."""

from __future__ import annotations

import shutil


def ending_with_us(command: list[str], by: str = "KILL") -> list[str]:
    """Return ``command`` so that it is sent the signal ``by`` when this process is gone, even by kill -9.

    That is a matter of Linux; elsewhere a killed test leaves its programs behind.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", by, *command] if setpriv else command
