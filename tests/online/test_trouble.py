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
SESSION = 4  # requests, the last of which ends it: shorter than a list, which would else be used up
T1 = 1  # a listener with a list whose treatment looks into it


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
    """Send short sessions from several clients at once."""
    answers = Answers([], [])
    deadline = time.monotonic() + seconds

    async def client(name: int) -> None:
        number = 0
        async with httpx.AsyncClient(base_url=service.url, timeout=5) as http:
            while time.monotonic() < deadline:
                number += 1
                request, body = f"{name}-{number}", {"track": 100 + number % 30, "time": 0.5}
                user = (name * 7 + (number - 1) // SESSION % 7) % 25  # 20 are known
                address = f"/next/{user}" if number % SESSION else f"/last/{user}"
                try:
                    answer = await http.post(address, json=body, headers={"x-request-id": request})
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


async def outages(redis: RedisServer, trouble: Trouble) -> list[tuple[float, float]]:
    """Stop Redis for a third of each stretch; it comes back empty and is filled again.

    Returns from when to when it was away, in milliseconds since 1970.
    """
    stretch, away = trouble.seconds / trouble.outages, []
    for _ in range(trouble.outages):
        await asyncio.sleep(stretch * 0.25)
        redis.stop()
        down = time.time() * 1000
        await asyncio.sleep(stretch / 3)
        away.append((down, time.time() * 1000))
        redis.start()
        await fill(redis.url)
        await asyncio.sleep(stretch * 0.25)
    return away


async def kills(service: ServiceProcess, trouble: Trouble) -> None:
    stretch = trouble.seconds * 0.9 / trouble.kills
    for _ in range(trouble.kills):
        await asyncio.sleep(stretch)
        os.kill(workers(service)[0], signal.SIGKILL)


async def story(
    service: ServiceProcess, redis: RedisServer, trouble: Trouble
) -> tuple[Answers, list[tuple[float, float]]]:
    answers, away, _ = await asyncio.gather(
        load(service, trouble.seconds), outages(redis, trouble), kills(service, trouble)
    )
    return answers, away


def falls_back(service: ServiceProcess, number: int) -> bool:
    """Begin a session and return whether its first answer had to do without the list."""
    body = {"track": 100, "time": 0.5}
    for address in (f"/last/{T1}", f"/next/{T1}"):
        headers = {"x-request-id": f"{address} again {number}"}
        httpx.post(service.url + address, json=body, headers=headers, timeout=10)
    (event,) = (one for one in read_events(service.home / "logs") if one.request == headers["x-request-id"])
    return event.fallback


def wait_for_lists(service: ServiceProcess) -> int:
    """Return how many requests it took until an answer came from a list again."""
    deadline, number = time.monotonic() + 60, 1
    while falls_back(service, number):
        assert time.monotonic() < deadline, "Redis is back and is not used"
        number += 1
    return 2 * number


@pytest.mark.parametrize("trouble", [SHORT, pytest.param(TEN_MINUTES, marks=pytest.mark.endurance)])
def test_killed_workers_and_a_restarted_redis_lose_nothing_and_fail_nobody(published, redis_server, trouble):
    asyncio.run(fill(redis_server.url))
    with running_service(published, workers=2, REFRAIN_REDIS_URL=redis_server.url) as service:
        service.wait_ready()
        answers, away = asyncio.run(story(service, redis_server, trouble))
        afterwards = wait_for_lists(service)
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
    in_flight = report.events - len(answers.ids) - afterwards
    assert 0 <= in_flight <= trouble.kills * CLIENTS  # logged, and killed before the answer left
    told = [one for one in events if one.treatment == "T1"]
    without = [one.fallback for one in told if any(down < one.timestamp < up for down, up in away)]
    sys.stdout.write(
        f"{len(answers.ids):,} answered, {in_flight:,} more logged; by lists {len(told):,}, "
        f"{sum(one.fallback for one in told):,} of them fell back, {len(without):,} while Redis was away\n"
    )
    assert without
    assert all(without)


def test_durable_mode_answers_and_logs_the_same(published):
    with running_service(published, REFRAIN_LOG_MODE="durable") as service:
        service.wait_ready()
        answers = asyncio.run(load(service, 1))
        service.end()
    assert answers.odd == []
    assert {one.request for one in read_events(published / "logs")} >= set(answers.ids)
