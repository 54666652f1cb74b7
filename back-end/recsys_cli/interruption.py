"""Ctrl-C as a wish: what is under way is ended properly, unless it is pressed again; and never lost."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def ctrl_c(*, at_once: bool = False) -> Iterator[list[int]]:
    """Yield a list that the first Ctrl-C puts something into; a second one is an ordinary interruption.

    With ``at_once`` the first is one as well, and the list is for where it gets lost: an exception that
    happens to be raised while a library cleans up after itself is ignored there.
    """
    heard: list[int] = []

    def hear(number: int, _frame: object) -> None:
        heard.append(number)
        if at_once or len(heard) > 1:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGINT, before)
