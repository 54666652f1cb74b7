"""Reading a request: nothing is cast, nothing oversized is read, every refusal says which field."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from recsys_online.catalogue import LARGEST_ID
from recsys_online.http_errors import JSON, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive

    from recsys_online.http_patience import Patience

UTF_8 = (b"", b"charset=utf-8", b'charset="utf-8"')
LARGEST_BODY = 64 * 1024
_JSON = JSON.encode()
_DIGITS = re.compile(r"[0-9]{1,19}")
_FIELD = re.compile(r" - at `\$\.?([^`]*)`$")


class Listened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The track just played and the share of it that was listened to."""

    track: Annotated[int, Meta(ge=0, le=LARGEST_ID)]
    time: Annotated[float, Meta(ge=0, le=1)]


_decoder = msgspec.json.Decoder(Listened)


async def listened(headers: Mapping[bytes, bytes], receive: Receive, patience: Patience) -> Listened:
    """Return the body of ``/next`` and ``/last``; headers and messages are ASGI's own.

    Raises
    ------
    RefusedError
        415 for what is not plain JSON, 413 above 64 KB, 408 for what does not arrive within five seconds,
        400 for broken JSON, 422 for wrong fields.
    """
    kind, _, charset = headers.get(b"content-type", b"").lower().partition(b";")
    if kind.strip() != _JSON or charset.strip() not in UTF_8:
        raise RefusedError(415, "Send the body as application/json in UTF-8.")
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise RefusedError(415, "Send the body uncompressed.")
    body = await patience.wait(_body(headers, receive))
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unfit(body, str(error)) from None


def whole_number(words: str, field: str, largest: int) -> int:
    """Return the number written in a part of an address.

    Raises
    ------
    RefusedError
        404 where it is no plain whole number: there is no such address.
    """
    number = int(words) if _DIGITS.fullmatch(words) else largest + 1
    if number > largest:
        raise RefusedError(404, f"{field} is a whole number from 0 to {largest}.", field)
    return number


async def _body(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """Return the body, giving up as soon as it is too large."""
    if int(headers.get(b"content-length") or 0) > LARGEST_BODY:
        raise RefusedError(413, f"The body may have {LARGEST_BODY} bytes.")
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusedError(400, "The body broke off.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            raise RefusedError(413, f"The body may have {LARGEST_BODY} bytes.")
    return body


def _unfit(body: bytes, message: str) -> RefusedError:
    """Tell broken JSON (400) from JSON that says something else (422), whichever was noticed first."""
    try:
        json.loads(body.decode("utf-8"), parse_constant=_no_constant, parse_int=float)
    except (ValueError, RecursionError):
        return RefusedError(400, f"The body is no JSON: {_FIELD.sub('', message)}.")
    return _invalid(message)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _invalid(message: str) -> RefusedError:
    found = _FIELD.search(message)
    field = found.group(1) if found else None
    if not field and (named := re.search(r"field `(\w+)`", message)):
        field = named.group(1)
    return RefusedError(422, f"{_FIELD.sub('', message)}.", field or None)
