"""Waiting for bodies, but not for ever."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from recsys_online.http_errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LONGEST = 5.0  # seconds for a body to arrive


class Patience:
    """Gives up on bodies that do not arrive.

    One look at all of them twice a second costs far less than a timer for each request.

    Parameters
    ----------
    clock
        Seconds by a clock that never jumps.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since: dict[asyncio.Task[object], float] = {}

    async def wait(self, body: Awaitable[bytes]) -> bytes:
        """Return ``body``.

        Raises
        ------
        RefusedError
            408 if it does not arrive in time.
        """
        task = asyncio.current_task()
        assert task is not None
        self._since[task] = self._clock()
        try:
            return await body
        except asyncio.CancelledError:
            if task in self._since:  # not by us: the service ends
                raise
            task.uncancel()
            raise RefusedError(408, f"The body did not arrive within {LONGEST:.0f} seconds.") from None
        finally:
            self._since.pop(task, None)

    async def give_up(self) -> None:
        """Refuse what has been waited for too long."""
        too_late = self._clock() - LONGEST
        for task, since in list(self._since.items()):
            if since < too_late:
                del self._since[task]
                task.cancel()
