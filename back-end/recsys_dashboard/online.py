"""The online service under ``/api`` of the dashboard's own address."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
from starlette.routing import Mount

from recsys_core.errors import RefrainError
from recsys_online.platforms import NOT_HERE, can_serve

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from recsys_online.runtime import Runtime

log = logging.getLogger(__name__)


class MountedService:
    """Opened and closed by the dashboard: the start-up of a mounted application does not run."""

    def __init__(self) -> None:
        self._runtime: Runtime | None = None

    def route(self) -> Mount:
        """Return the route of the service; it refuses with a reason while the service is not open."""
        if not can_serve():
            return Mount("/api", app=_refuse)
        from recsys_online.web import create_app  # noqa: PLC0415  (kept off the first import)

        return Mount("/api", app=create_app(self._opened))

    def open(self) -> None:
        """Open the service; what prevents it is logged and told to callers, the dashboard goes on."""
        if not can_serve():
            return
        from recsys_online.runtime import Runtime  # noqa: PLC0415
        from recsys_online.settings import read_settings  # noqa: PLC0415
        from recsys_online.worker import REAL_CLOCK  # noqa: PLC0415

        try:
            self._runtime = Runtime(read_settings(), REAL_CLOCK, np.random.default_rng())
        except (RefrainError, OSError) as error:
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


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    from recsys_online.http_errors import error_response  # noqa: PLC0415

    await error_response(503, NOT_HERE)(scope, receive, send)
