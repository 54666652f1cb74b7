"""What each worker process of the service runs: the application with its own open service."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from recsys_online.runtime import Runtime
from recsys_online.service import Clock
from recsys_online.settings import read_settings
from recsys_online.web import create_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

REAL_CLOCK = Clock(lambda: datetime.now(UTC), time.perf_counter)


def app() -> Starlette:
    """Return the service as the environment describes it; it opens when the server starts."""
    settings = read_settings()
    opened: list[Runtime] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        opened.append(Runtime(settings, REAL_CLOCK, np.random.default_rng()))
        try:
            yield
        finally:
            await opened.pop().close()

    return create_app(lambda: opened[0], lifespan=lifespan)
