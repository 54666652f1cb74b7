"""Lists to a Redis server, from code that does not run in an event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from recsys_online.redis_index import check, connect, upload

if TYPE_CHECKING:
    from recsys_online.index.versions import Publication


def upload_lists(url: str, publication: Publication, version: str) -> None:
    """Write all lists under ``version``, flip the pointer; raises DataError if Redis does not take them."""

    async def run() -> None:
        client = connect(url)
        try:
            await upload(client, publication, version)
        finally:
            await client.aclose()

    asyncio.run(run())


def check_redis(url: str) -> None:
    """Return if a Redis server answers at ``url``; raises DataError if not, before hours of work."""

    async def run() -> None:
        client = connect(url)
        try:
            await check(client)
        finally:
            await client.aclose()

    asyncio.run(run())
