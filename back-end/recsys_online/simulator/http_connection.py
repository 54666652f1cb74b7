"""A connection that is kept alive and carries one small JSON request at a time; nothing else HTTP can do."""

from __future__ import annotations

import asyncio
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from recsys_core.errors import RefrainError, SettingsError

PATIENCE = 10.0  # seconds for an answer
_LENGTH, _CLOSE = b"content-length:", b"connection: close"


class ServiceError(RefrainError):
    """The service does not answer, or not as it should."""


class Address(NamedTuple):
    """Where a service is: host, port, and what its paths begin with."""

    host: str
    port: int
    prefix: str


class Answer(NamedTuple):
    """Status and body of a response."""

    status: int
    body: bytes


def parse_address(url: str) -> Address:
    """Return the address that ``url`` spells.

    Raises
    ------
    SettingsError
        If it is no http address.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 80
    except ValueError:
        host, port = None, 0
    if host is None or parts.scheme != "http" or parts.query or not url.isprintable():
        raise SettingsError(
            f"{url!r} is no address of a service. Write something like http://127.0.0.1:5001."
        )
    return Address(host, port, parts.path.rstrip("/"))


class Connection:
    """Posts JSON and waits for the answer, one at a time; opened again by itself after the server closed it.

    Reading is by hand, since a general client costs more than the service it would measure.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        host = f"[{address.host}]" if ":" in address.host else address.host
        self._head = f"HTTP/1.1\r\nhost: {host}:{address.port}\r\ncontent-type: application/json\r\n"
        self._line: _Line | None = None

    async def post(self, path: str, body: str) -> Answer:
        """Return the answer to ``body`` at ``path``.

        Raises
        ------
        ServiceError
            If nobody answers within 10 seconds, or what comes is not understood.
        """
        line = self._line if self._line is not None and self._line.open else await self._opened()
        words = f"POST {self._address.prefix}{path} {self._head}content-length: {len(body)}\r\n\r\n{body}"
        return await line.ask(words.encode("ascii"))

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.hang_up()

    async def _opened(self) -> _Line:
        host, port, _ = self._address
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE):
                _, line = await loop.create_connection(lambda: _Line(f"{host}:{port}", loop), host, port)
        except (OSError, TimeoutError) as error:
            reason = getattr(error, "strerror", None) or "nobody answers"
            raise ServiceError(f"There is no service at {host}:{port}: {reason}. Start one first.") from None
        self._line = line
        return line


class _Line(asyncio.Protocol):
    """One socket from its opening to its end: what comes late on it can harm no later one."""

    def __init__(self, whom: str, loop: asyncio.AbstractEventLoop) -> None:
        self._whom, self._loop = whom, loop
        self._waiting: asyncio.Future[Answer] | None = None
        self._read, self._asked_at = b"", 0.0
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport, self.open = cast("asyncio.Transport", transport), True  # uvloop's is no child of it
        self._watch = self._loop.call_later(PATIENCE, self._look)

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        """Send ``request``, and return what will hold the answer."""
        self._waiting, self._asked_at = self._loop.create_future(), self._loop.time()
        self._transport.write(request)
        return self._waiting

    def hang_up(self) -> None:
        """End it."""
        if self.open:
            self.open = False
            self._watch.cancel()
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Hand over the answer once it is complete."""
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._read[:end].lower()
        try:
            status, length = int(head[9:12]), int(_after(head, _LENGTH))
        except ValueError:
            self._fail("The answer is no HTTP answer of known length.")
            return
        body = self._read[end + 4 :]
        if len(body) < length:
            return
        self._read = b""
        if _CLOSE in head:
            self.hang_up()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(Answer(status, body[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let nobody wait for what will not come."""
        self._fail(f"The service hung up{f': {exc}' if exc else ''}.")

    def _look(self) -> None:
        """Give up an answer that is overdue; setting a timer for each would cost a tenth of the request."""
        waiting = self._waiting is not None and not self._waiting.done()
        now = self._loop.time()
        due = PATIENCE + (self._asked_at if waiting else now)
        if due <= now:
            self._fail(f"No answer within {PATIENCE:.0f} seconds.")
        else:
            self._watch = self._loop.call_at(due, self._look)

    def _fail(self, reason: str) -> None:
        self.hang_up()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ServiceError(f"{self._whom}: {reason}"))


def _after(head: bytes, name: bytes) -> bytes:
    start = head.find(name)
    return head[start + len(name) :].partition(b"\r\n")[0] if start >= 0 else b""
