"""The service with all it holds open, and what goes on beside the requests."""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING

from recsys_core.errors import RefrainError
from recsys_online.counters import Counters
from recsys_online.events.group_commit import GroupCommit
from recsys_online.events.orphans import seal_orphans
from recsys_online.events.writer import EventWriter
from recsys_online.experiments.ledger import remember
from recsys_online.experiments.plan import read_plan
from recsys_online.http_patience import Patience
from recsys_online.index.versions import read_current
from recsys_online.service import Service
from recsys_online.sessions import SessionStore
from recsys_online.shelves import RECOMMENDERS, check_variants, open_shelf

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import numpy as np

    from recsys_online.catalogue import Catalogue
    from recsys_online.index.protocol import RecommendationIndex
    from recsys_online.redis_index import RedisLists
    from recsys_online.service import Clock, Shelf
    from recsys_online.settings import ServiceSettings

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds between two looks for a new version
SYNC_EVERY = 1.0  # what the loss of power may cost in mode "written"
ROTATE_EVERY = 300.0
NOTHING_YET = "Nothing has been published yet. Publish a run with: refrain publish."


class Runtime:
    """One worker's service; open it inside the event loop, close it before the loop ends.

    Raises
    ------
    RefrainError
        If the plan is unsound, an experiment changed its meaning, or a file cannot be written.
    """

    def __init__(self, settings: ServiceSettings, clock: Clock, rng: np.random.Generator) -> None:
        self.settings, self.clock = settings, clock
        self._rng, self._requests = rng, itertools.count()
        self.counters = Counters(settings.metrics_dir)
        self.plan = check_variants(read_plan(settings.plan, RECOMMENDERS))
        remember(settings.ledger, self.plan.meanings())
        self._redis = self._redis_lists()
        self.sessions = SessionStore(settings.sessions)
        durable = settings.log_mode == "durable"
        self.log = EventWriter(settings.log_dir, strict=durable)
        seal_orphans(settings.log_dir)
        self.commit = GroupCommit(self.log.sync) if durable else None
        self.service: Service | None = None
        self._refused, self._index_problem = "", ""  # a version that cannot be served, and why
        self._begin_with(read_current(settings.index_dir))
        self._synced, self._rotated = self.log.written, clock.monotonic()
        self.patience = Patience(clock.monotonic)
        self._beside = [
            asyncio.create_task(_repeat(LOOK_EVERY, self.look_for_version)),
            asyncio.create_task(_repeat(SYNC_EVERY, self._keep_log)),
            asyncio.create_task(_repeat(LOOK_EVERY, self.patience.give_up)),
        ]

    async def look_for_version(self) -> None:
        """Serve the current version if it is another than before; a damaged one leaves things as they are."""
        current = read_current(self.settings.index_dir)
        served = "" if self.service is None else self.service.shelf.version
        if current in ("", served):
            self._index_problem = self._refused = ""
        elif current != self._refused:  # which is not read again, until another is published
            self._put_up(await asyncio.to_thread(self._open, current))

    def problems(self) -> list[str]:
        """Return what keeps the service from its work, a sentence each; none when it is ready."""
        if self.service is None:
            return [self._index_problem or NOTHING_YET]
        return [self._full_disk()] if self.commit is not None and self.log.dropped else []

    async def warnings(self) -> list[str]:
        """Return what somebody should look at while the service goes on, a sentence each."""
        wrong = [self._index_problem] if self._index_problem else []
        if self.log.dropped:
            wrong.append(self._full_disk())
        if self._redis is not None and (silent := await self._redis.problem()):
            wrong.append(silent)
        return wrong

    def new_request_id(self) -> str:
        """Return a name that no other request of this worker has."""
        return f"{self.log.id}:{next(self._requests)}"

    async def close(self) -> None:
        """Seal the log and let go of everything."""
        try:
            for task in self._beside:
                task.cancel()
            await asyncio.gather(*self._beside, return_exceptions=True)
            if self._redis is not None:
                await self._redis.close()
        finally:
            self.log.close()
            self.sessions.close()

    def _begin_with(self, version: str) -> None:
        if version:
            self._put_up(self._open(version))

    def _open(self, version: str) -> Shelf | None:
        """Return the shelf of a version, None if it is damaged; reads and hashes whole files."""
        maker = None if self._redis is None else self._redis_index
        try:
            return open_shelf(self.settings.index_dir, version, self._rng, self.plan.recommenders, maker)
        except RefrainError as error:
            log.warning("The published version cannot be served: %s", error)
            self._refused, self._index_problem = version, str(error)
            return None

    def _put_up(self, shelf: Shelf | None) -> None:
        if shelf is None:
            return
        self._refused = self._index_problem = ""
        if self.service is None:
            self.service = Service(shelf, self.plan, self.sessions, self.log, self.clock, self._rng)
        self.service.shelf = shelf

    def _redis_lists(self) -> RedisLists | None:
        if not self.settings.redis_url:
            return None
        from recsys_online.redis_index import RedisLists, connect  # noqa: PLC0415  (not needed without Redis)

        return RedisLists(connect(self.settings.redis_url), self.clock.monotonic)

    def _redis_index(self, catalogue: Catalogue) -> RecommendationIndex:
        from recsys_online.redis_index import RedisIndex  # noqa: PLC0415  (not needed without Redis)

        assert self._redis is not None
        return RedisIndex(self._redis, catalogue.__contains__)

    def _full_disk(self) -> str:
        return f"The disk is full: {self.log.dropped} events could not be logged."

    async def _keep_log(self) -> None:
        self.counters.log(self.log.written, self.log.dropped)
        if self.commit is None and self.log.written != self._synced:  # else each answer waits for its own
            written = self.log.written
            await asyncio.to_thread(self.log.sync)
            self._synced = written
        if self.clock.monotonic() - self._rotated >= ROTATE_EVERY:
            self._rotated = self.clock.monotonic()
            self.log.rotate()


async def _repeat(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Do ``work`` again and again; a failure is told once and does not end it."""
    told = ""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception as error:
            if str(error) != told:
                log.exception("Work beside the requests failed; it is tried again")
            told = str(error)
        else:
            told = ""
