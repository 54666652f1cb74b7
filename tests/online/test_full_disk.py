"""A full disk under the service: mode durable refuses what it cannot store, mode written counts it."""

from __future__ import annotations

import resource

import httpx
import pytest

from recsys_online.events import read_events
from recsys_online.events.verify import verify
from tests.online.conftest import running_service

ROOM = 5_000  # bytes a file of the service may grow to while the disk plays full


def play(url: str, n: int) -> dict[str, int]:
    """Ask ``n`` times; return the status of each request by its id."""
    status = {}
    with httpx.Client(base_url=url, timeout=10) as http:
        for number in range(n):
            name = f"{n}-{number}"
            body, headers = {"track": 100 + number % 30, "time": 0.5}, {"x-request-id": name}
            status[name] = http.post("/next/7", json=body, headers=headers).status_code
    return status


@pytest.mark.parametrize(("mode", "refusal"), [("durable", 503), ("written", 200)])
def test_what_is_answered_is_in_the_log_or_counted(published, mode, refusal):
    with running_service(published, REFRAIN_LOG_MODE=mode) as service:
        worker = int(service.wait_ready().json()["writer"].split("-")[-2])
        _, most = resource.prlimit(worker, resource.RLIMIT_FSIZE)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (ROOM, most))
        full = play(service.url, 40)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (most, most))
        after = play(service.url, 5)
        service.end()
    logged = {one.request for one in read_events(published / "logs")}
    answered = {name for name, status in {**full, **after}.items() if status == 200}
    report = verify(published / "logs")
    missing = len({**full, **after}) - len(logged)
    assert 0 < missing == report.dropped
    assert report.whole
    assert set(full.values()) == {200, refusal}
    assert set(after.values()) == {200}
    assert (answered == logged) == (mode == "durable")
