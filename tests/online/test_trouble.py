"""Load while Redis stops and workers die: every answered request is in the log exactly once, none fails."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest

from recsys_online.events import read_events
from recsys_online.events.orphans import seal_orphans
from recsys_online.events.verify import verify
from recsys_online.redis_index import connect
from recsys_online.redis_upload import upload
from tests.online.conftest import running_service, small_publication

if TYPE_CHECKING:
    from tests.online.conftest import RedisServer, ServiceProcess

CLIENTS = 8


class Trouble(NamedTuple):
    """Seconds of load, in which Redis is stopped ``outages`` times and ``kills`` workers die by -9."""

    seconds: float
    outages: int
    kills: int


SHORT, TEN_MINUTES = Trouble(7, 2, 2), Trouble(600, 3, 5)


class Answers(NamedTuple):
    """Ids of the requests answered with 200, and every other status that came back."""

    ids: list[str]
    odd: list[int]


async def load(service: ServiceProcess, seconds: float) -> Answers:
    """Send /next from several clients at once."""
    answers = Answers([], [])
    deadline = time.monotonic() + seconds

    async def client(name: int) -> None:
        number = 0
        async with httpx.AsyncClient(base_url=service.url, timeout=5) as http:
            while time.monotonic() < deadline:
                number += 1
                request, body = f"{name}-{number}", {"track": 100 + number % 30, "time": 0.5}
                user = (name * 7 + number % 7) % 25  # 20 are known
                try:
                    answer = await http.post(f"/next/{user}", json=body, headers={"x-request-id": request})
                except httpx.HTTPError:
                    continue  # the worker was killed: nothing was promised
                if answer.status_code == 200:
                    answers.ids.append(request)
                else:
                    answers.odd.append(answer.status_code)

    await asyncio.gather(*(client(name) for name in range(CLIENTS)))
    return answers


async def fill(url: str) -> None:
    client = connect(url)
    await upload(client, small_publication(), "v1")
    await client.aclose()


def workers(service: ServiceProcess) -> list[int]:
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
    return [one for one in map(int, children) if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


async def outages(redis: RedisServer, trouble: Trouble) -> None:
    """Stop Redis for a third of each stretch; it comes back empty and is filled again."""
    stretch = trouble.seconds / trouble.outages
    for _ in range(trouble.outages):
        await asyncio.sleep(stretch * 0.25)
        redis.stop()
        await asyncio.sleep(stretch / 3)
        redis.start()
        await fill(redis.url)
        await asyncio.sleep(stretch * 0.25)


async def kills(service: ServiceProcess, trouble: Trouble) -> None:
    stretch = trouble.seconds * 0.9 / trouble.kills
    for _ in range(trouble.kills):
        await asyncio.sleep(stretch)
        os.kill(workers(service)[0], signal.SIGKILL)


async def story(service: ServiceProcess, redis: RedisServer, trouble: Trouble) -> Answers:
    told = await asyncio.gather(
        load(service, trouble.seconds), outages(redis, trouble), kills(service, trouble)
    )
    return told[0]


@pytest.mark.parametrize("trouble", [SHORT, pytest.param(TEN_MINUTES, marks=pytest.mark.endurance)])
def test_killed_workers_and_a_restarted_redis_lose_nothing_and_fail_nobody(published, redis_server, trouble):
    asyncio.run(fill(redis_server.url))
    with running_service(published, workers=2, REFRAIN_REDIS_URL=redis_server.url) as service:
        service.wait_ready()
        answers = asyncio.run(story(service, redis_server, trouble))
        service.end()
    seal_orphans(published / "logs")
    events = list(read_events(published / "logs"))
    logged = {one.request for one in events}
    assert answers.odd == []
    assert len(answers.ids) > 20 * trouble.seconds
    assert len(logged) == len(events)
    assert logged >= set(answers.ids)
    report = verify(published / "logs")
    assert report.whole
    assert 0 <= report.events - len(answers.ids) <= trouble.kills * CLIENTS  # in flight at a kill
    told = [one.fallback for one in events if one.treatment == "T1"]
    said = (
        f"{len(answers.ids):,} answered, {report.events:,} logged, {sum(told):,} of {len(told):,} fell back"
    )
    sys.stdout.write(f"{said}\n")
    assert {*told} == {True, False}


def test_durable_mode_answers_and_logs_the_same(published):
    with running_service(published, REFRAIN_LOG_MODE="durable") as service:
        service.wait_ready()
        answers = asyncio.run(load(service, 1))
        service.end()
    assert answers.odd == []
    assert {one.request for one in read_events(published / "logs")} >= set(answers.ids)
