"""The online service under ``/api`` of the dashboard's own address."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
from starlette.routing import Mount

from recsys_core.errors import RefrainError

if TYPE_CHECKING:
    from recsys_online.runtime import Runtime

log = logging.getLogger(__name__)


class MountedService:
    """Opened and closed by the dashboard: the start-up of a mounted application does not run."""

    def __init__(self) -> None:
        self._runtime: Runtime | None = None

    def route(self) -> Mount:
        """Return the route of the service; it refuses with a reason while the service is not open."""
        from recsys_online.counters import Counters  # noqa: PLC0415  (kept off the first import)
        from recsys_online.web import create_app  # noqa: PLC0415

        return Mount("/api", app=create_app(self._opened, Counters()))

    def open(self) -> None:
        """Open the service; what prevents it is logged and told to callers, the dashboard goes on."""
        from recsys_online.runtime import Runtime  # noqa: PLC0415
        from recsys_online.settings import read_settings  # noqa: PLC0415
        from recsys_online.worker import REAL_CLOCK  # noqa: PLC0415

        try:
            self._runtime = Runtime(read_settings(), REAL_CLOCK, np.random.default_rng())
        except RefrainError as error:
            log.warning("The online service is not mounted: %s", error)

    async def close(self) -> None:
        """Seal the event log."""
        if self._runtime is not None:
            await self._runtime.close()

    def _opened(self) -> Runtime:
        from recsys_online.http_errors import RefusedError  # noqa: PLC0415

        if self._runtime is None:
            raise RefusedError(503, "The service could not be opened; the dashboard's log says why.")
        return self._runtime
