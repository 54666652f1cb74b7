"""One shape for everything that is refused: ``{"error": {"code", "message", "field"}}``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

log = logging.getLogger(__name__)

JSON = "application/json"
CODES = {
    400: "bad_json", 404: "not_found", 405: "method_not_allowed", 408: "too_slow", 413: "too_large",
    415: "unsupported_media_type", 422: "invalid", 500: "internal", 503: "not_ready",
}  # fmt: skip
_WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    500: "Something went wrong here. The request was not logged; try again.",
}


class Problem(msgspec.Struct):
    """What was wrong: a code for programs, a sentence for people, and the field where there is one."""

    code: str
    message: str
    field: str | None = None


class ErrorBody(msgspec.Struct):
    """The body of every answer that is not a success."""

    error: Problem


class RefusedError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.field = status, message, field


def error_response(
    status: int, message: str, field: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an error in the one shape."""
    body = ErrorBody(Problem(CODES.get(status, "refused"), message, field))
    return Response(msgspec.json.encode(body), status, dict(headers or {}), JSON)


async def refused(_request: Request, error: Exception) -> Response:
    """Answer :class:`RefusedError`."""
    assert isinstance(error, RefusedError)
    return error_response(error.status, error.message, error.field)


async def not_stored(_request: Request, error: Exception) -> Response:
    """Answer a request whose event is not in the log, where every answer must have its event."""
    return error_response(503, str(error))


async def http_error(_request: Request, error: Exception) -> Response:
    """Answer what the router refuses: unknown addresses and methods."""
    assert isinstance(error, HTTPException)
    words = _WORDS.get(error.status_code, str(error.detail))
    return error_response(error.status_code, words, headers=error.headers)


async def unexpected(request: Request, error: Exception) -> Response:
    """Answer a mistake of ours; the details go to the program's own log, not to the caller."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return error_response(500, _WORDS[500])
