"""The real service as a child of this program: started, waited for, and gone when this program is."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from recsys_core.errors import RefrainError
from recsys_online.settings import ROOT, environment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

READY_WITHIN, ENDS_WITHIN, PAUSE = 30.0, 12.0, 0.05  # seconds


class ServiceStartError(RefrainError):
    """The service did not start; the text says what it said."""


@contextmanager
def live_service(
    home: Path,
    plan: Path,
    *,
    redis_url: str = "",
    should_stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[str]:
    """Yield the address of ``serve.py`` on a free port of this computer; its log is sealed when it ended.

    It reads and writes below ``home`` and answers by ``plan``. It leaves by itself if this program dies,
    even by a kill: its standard input closes then. Once ``should_stop`` says so nobody waits for its end.

    Raises
    ------
    ServiceStartError
        If it is not ready within 30 seconds.
    """
    home.mkdir(parents=True, exist_ok=True)
    port, said = _free_port(), home / "service.log"
    command = [sys.executable, str(ROOT / "back-end" / "serve.py"), "--port", str(port), "--with-parent"]
    with said.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  (our own interpreter and script)
            command,
            env=environment_of(home, plan, redis_url),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_ready(process, port, said, clock() + READY_WITHIN, should_stop, clock)
        yield f"http://127.0.0.1:{port}"
    finally:
        _end(process, wait=not should_stop())


def _wait_until_ready(
    process: subprocess.Popen[bytes],
    port: int,
    said: Path,
    deadline: float,
    should_stop: Callable[[], bool],
    clock: Callable[[], float],
) -> None:
    while not should_stop():
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=1)) as connection:
                connection.request("GET", "/ready")
                answer = connection.getresponse()
                last = answer.read(300).decode("utf-8", "replace")
                if answer.status == HTTPStatus.OK:
                    return
        except (OSError, HTTPException) as error:
            last = str(error)
        if process.poll() is not None or clock() > deadline:
            words = " ".join(said.read_text("utf-8", "replace").split())[-300:] or last
            raise ServiceStartError(f"The service did not start: {words}")
        time.sleep(PAUSE)


def _end(process: subprocess.Popen[bytes], *, wait: bool) -> None:
    """Ask the service to end, and wait until it has; or leave the waiting to a thread of its own."""
    process.terminate()
    if process.stdin is not None:
        process.stdin.close()
    if wait:
        _bury(process)
    else:
        threading.Thread(target=_bury, args=(process,), daemon=True).start()


def _bury(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
