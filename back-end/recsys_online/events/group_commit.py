"""Waiting for the disk together: whoever arrives during one sync shares the next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class GroupCommit:
    """Calls ``sync`` in a thread, once for all who wait; no timer, so that nobody waits without need.

    DeWitt et al., "Implementation techniques for main memory database systems", 1984.
    """

    def __init__(self, sync: Callable[[], None]) -> None:
        self._sync = sync
        self._waiting: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None

    async def synced(self) -> None:
        """Return when everything written before this call is on the disk.

        Raises
        ------
        OSError
            If the disk refuses.
        """
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._commit())
        await future

    async def _commit(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(self._sync)
            except OSError as error:
                _settle(batch, error)
            else:
                _settle(batch, None)


def _settle(batch: list[asyncio.Future[None]], error: OSError | None) -> None:
    for future in batch:
        if future.done():  # the client went away
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
