"""The service with all it holds open, and what goes on beside the requests."""

from __future__ import annotations

import asyncio
import itertools
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.errors import RefrainError
from recsys_online.events.group_commit import GroupCommit
from recsys_online.events.orphans import seal_orphans
from recsys_online.events.writer import EventWriter
from recsys_online.experiments.ledger import remember
from recsys_online.experiments.plan import read_plan
from recsys_online.index.versions import read_current
from recsys_online.service import Service
from recsys_online.sessions import SessionStore
from recsys_online.shelves import RECOMMENDERS, open_shelf

if TYPE_CHECKING:
    from recsys_online.catalogue import Catalogue
    from recsys_online.index.protocol import RecommendationIndex
    from recsys_online.redis_index import RedisIndex
    from recsys_online.service import Clock
    from recsys_online.settings import ServiceSettings

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds between two looks for a new version
SYNC_EVERY = 1.0  # what the loss of power may cost in mode "written"
ROTATE_EVERY = 300.0


class Runtime:
    """One worker's service; open it inside the event loop, close it before the loop ends.

    Raises
    ------
    RefrainError
        If the plan is unsound, an experiment changed its definition, or the log cannot be written.
    """

    def __init__(self, settings: ServiceSettings, clock: Clock, rng: np.random.Generator) -> None:
        self.settings, self.clock = settings, clock
        self._rng, self._requests = rng, itertools.count()
        self.plan = read_plan(settings.plan, RECOMMENDERS)
        remember(settings.state_dir / "experiments.json", [one.experiment for one in self.plan.arms])
        self.log = EventWriter(settings.log_dir)
        seal_orphans(settings.log_dir)
        self.commit = GroupCommit(self.log.sync) if settings.log_mode == "durable" else None
        self.sessions = SessionStore(settings.state_dir / "sessions.bin")
        self.service: Service | None = None
        self.index_problem = ""
        self._redis: RedisIndex | None = None
        self.look_for_version()
        self._beside = [asyncio.create_task(self._watch()), asyncio.create_task(self._keep_log())]

    def look_for_version(self) -> None:
        """Serve the current version if it is another than before; a damaged one leaves things as they are."""
        current = read_current(self.settings.index_dir)
        if self.service is not None and current == self.service.shelf.version:
            return
        try:
            maker = self._redis_index if self.settings.redis_url else None
            shelf = open_shelf(self.settings.index_dir, self._rng, maker)
        except RefrainError as error:
            if str(error) != self.index_problem:
                log.warning("The published version cannot be served: %s", error)
            self.index_problem = str(error)
            return
        self.index_problem = ""
        if shelf is not None:
            if self.service is None:
                self.service = Service(shelf, self.plan, self.sessions, self.log, self.clock, self._rng)
            self.service.shelf = shelf

    def problems(self) -> list[str]:
        """Return what keeps the service from its work, a sentence each; none when it is ready."""
        wrong = [self.index_problem] if self.index_problem else []
        if self.service is None:
            wrong.append("Nothing has been published yet. Publish a run with: refrain publish.")
        if self.log.dropped:
            wrong.append(f"The disk is full: {self.log.dropped} events could not be logged.")
        return wrong

    def new_request_id(self) -> str:
        """Return a name that no other request of this worker has."""
        return f"{self.log.id}:{next(self._requests)}"

    async def close(self) -> None:
        """Seal the log and let go of everything."""
        for task in self._beside:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._redis is not None:
            await self._redis.close()
        self.log.close()
        self.sessions.close()

    def _redis_index(self, catalogue: Catalogue) -> RecommendationIndex:
        from recsys_online.redis_index import RedisIndex, connect  # noqa: PLC0415  (not needed without Redis)

        if self._redis is None:
            self._redis = RedisIndex(connect(self.settings.redis_url), self.clock.monotonic)
        self._redis.known = catalogue.__contains__
        return self._redis

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            self.look_for_version()

    async def _keep_log(self) -> None:
        synced, rotated = self.log.written, self.clock.monotonic()
        while True:
            await asyncio.sleep(SYNC_EVERY)
            if self.log.written != synced:
                synced = self.log.written
                with suppress(OSError):  # tried again in a second
                    await asyncio.to_thread(self.log.sync)
            if self.clock.monotonic() - rotated >= ROTATE_EVERY:
                rotated = self.clock.monotonic()
                self.log.rotate()
