"""A connection that is kept alive and carries one small JSON request at a time; nothing else HTTP can do."""

from __future__ import annotations

import asyncio
from typing import NamedTuple
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


class Connection(asyncio.Protocol):
    """Posts JSON and waits for the answer; opened again by itself after the server closed it.

    Reading is by hand, since a general client costs more than the service it would measure.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        host = f"[{address.host}]" if ":" in address.host else address.host
        self._head = f"HTTP/1.1\r\nhost: {host}:{address.port}\r\ncontent-type: application/json\r\n"
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._read = b""

    async def post(self, path: str, body: str) -> Answer:
        """Return the answer to ``body`` at ``path``.

        Raises
        ------
        ServiceError
            If nobody answers within 10 seconds, or what comes is not understood.
        """
        loop = asyncio.get_running_loop()
        transport = self._transport or await self._open(loop)
        self._waiting = loop.create_future()
        patience = loop.call_later(PATIENCE, self._fail, f"No answer within {PATIENCE:.0f} seconds.")
        words = f"POST {self._address.prefix}{path} {self._head}content-length: {len(body)}\r\n\r\n{body}"
        transport.write(words.encode("ascii"))
        try:
            return await self._waiting
        finally:
            patience.cancel()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()
        self._transport, self._read = None, b""

    async def _open(self, loop: asyncio.AbstractEventLoop) -> asyncio.Transport:
        host, port, _ = self._address
        try:
            async with asyncio.timeout(PATIENCE):
                self._transport, _ = await loop.create_connection(lambda: self, host, port)
        except (OSError, TimeoutError) as error:
            reason = getattr(error, "strerror", None) or "nobody answers"
            raise ServiceError(f"There is no service at {host}:{port}: {reason}. Start one first.") from None
        assert self._transport is not None
        return self._transport

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
            self.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(Answer(status, body[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let nobody wait for what will not come."""
        self._fail(f"The service hung up{f': {exc}' if exc else ''}.")

    def _fail(self, reason: str) -> None:
        self.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ServiceError(f"{self._address.host}:{self._address.port}: {reason}"))


def _after(head: bytes, name: bytes) -> bytes:
    start = head.find(name)
    return head[start + len(name) :].partition(b"\r\n")[0] if start >= 0 else b""
