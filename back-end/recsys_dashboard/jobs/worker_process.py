"""The dashboard's end of one worker process: start it, write to it, hear it, end it."""

from __future__ import annotations

import logging
import subprocess
import threading
from typing import TYPE_CHECKING

import msgspec

from recsys_dashboard.jobs import protocol
from recsys_dashboard.settings import ROOT, worker_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)


class WorkerProcess:
    """A running worker.

    ``hear(worker, reply)`` is called from a thread of its own for every reply, and with None when the
    worker is gone. On Linux the worker dies with the *thread* that created it, so create it from one
    that lasts.
    """

    def __init__(
        self, command: Sequence[str], hear: Callable[[WorkerProcess, protocol.Reply | None], None]
    ) -> None:
        self._hear = hear
        self.ready = False
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module, no shell)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=worker_environment(),
            # away from the terminal: Ctrl+C is the dashboard's to answer
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._reader = threading.Thread(target=self._read, name="worker replies", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def send(self, line: bytes) -> None:
        """Write one request; a worker that is gone is noticed by the reader, not here."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except OSError:
            log.warning("The worker process %s no longer listens.", self.pid)

    def kill(self) -> None:
        """End the process now and free what it held."""
        self._process.kill()
        self._process.wait()
        self._reader.join(timeout=1)
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except OSError:
            log.debug("A request to worker %s was never read.", self.pid)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as replies:
            try:
                for line in replies:
                    self._hear(self, protocol.decode_reply(line))
            except msgspec.DecodeError:
                log.exception("The worker process %s does not speak our language.", self.pid)
        self._hear(self, None)
