"""The lines the dashboard and its worker process exchange: one JSON object each."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec
import numpy as np


class Start(msgspec.Struct, frozen=True, tag="start", tag_field="kind"):
    """Asks the worker to run ``task`` with ``payload``."""

    job: str
    task: str
    payload: dict[str, Any]


class Cancel(msgspec.Struct, frozen=True, tag="cancel", tag_field="kind"):
    """Asks the worker to stop a job as soon as it can."""

    job: str


class Ready(msgspec.Struct, frozen=True, tag="ready", tag_field="kind"):
    """The worker has loaded and compiled everything."""


class Event(msgspec.Struct, frozen=True, tag="event", tag_field="kind"):
    """Something happened in a job; ``event`` is kept as the JSON text it came as."""

    job: str
    event: msgspec.Raw


class Done(msgspec.Struct, frozen=True, tag="done", tag_field="kind"):
    """A job came to its end."""

    state: ClassVar[Literal["done"]] = "done"
    job: str


class Failed(msgspec.Struct, frozen=True, tag="failed", tag_field="kind"):
    """A job ended with an error whose ``message`` is fit to be shown to people."""

    state: ClassVar[Literal["failed"]] = "failed"
    job: str
    message: str


class Cancelled(msgspec.Struct, frozen=True, tag="cancelled", tag_field="kind"):
    """A job stopped because it was asked to."""

    state: ClassVar[Literal["cancelled"]] = "cancelled"
    job: str


Request = Start | Cancel
Reply = Ready | Event | Done | Failed | Cancelled


def _plain(value: object) -> object:
    """Return NumPy scalars and arrays as what JSON knows."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")


_encoder = msgspec.json.Encoder(enc_hook=_plain)
_requests = msgspec.json.Decoder(Request)
_replies = msgspec.json.Decoder(Reply)


def raw(event: dict[str, Any]) -> msgspec.Raw:
    """Return ``event`` as JSON text; NaN and infinity become null."""
    return msgspec.Raw(_encoder.encode(event))


def encode(message: Request | Reply) -> bytes:
    """Return ``message`` as one line, newline included."""
    return _encoder.encode(message) + b"\n"


def decode_request(line: bytes) -> Request:
    """Return the request in ``line``; raises msgspec.DecodeError if it is none."""
    return _requests.decode(line)


def decode_reply(line: bytes) -> Reply:
    """Return the reply in ``line``; raises msgspec.DecodeError if it is none."""
    return _replies.decode(line)
