"""One event as one line of JSON that can be checked by itself."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import msgspec

SCHEMA = 1


class Event(msgspec.Struct, omit_defaults=False):
    """What happened in one request; the first eight fields are the older service's, in its order.

    Attributes
    ----------
    message
        ``next`` for a recommendation, ``last`` for the end of a session.
    timestamp
        Milliseconds since 1970 by the server's clock; information only, order is by writer and sequence.
    user, track, time
        Who listened to what, and the share of it they listened to (0 to 1).
    latency
        Seconds from the request's arrival to this record, by a clock that never jumps.
    recommendation
        The track answered with; None at the end of a session.
    experiments
        ``{experiment: treatment}`` for all experiments the user is in.
    v, w, seq
        Version of this schema, writer, and place in the writer's sequence, 0 first, without holes.
    experiment, treatment
        What decided the answer; None where no experiment did.
    recommender, propensity, fallback
        Who chose, with what probability, and whether it stood in for another.
    index_version
        The version of the lists looked into.
    """

    message: str
    timestamp: int
    user: int | str
    track: int | str
    time: float
    latency: float
    recommendation: int | str | None
    experiments: Mapping[str, str]
    v: int = SCHEMA
    w: str = ""
    seq: int = -1
    request: str = ""
    session: str = ""
    experiment: str | None = None
    treatment: str | None = None
    recommender: str = ""
    propensity: float | None = None
    fallback: bool = False
    index_version: str = ""


class Gap(msgspec.Struct, tag="gap", tag_field="message"):
    """Stands in the log where ``dropped`` events could not be written, because the disk was full."""

    dropped: int
    w: str
    seq: int
    v: int = SCHEMA


class Seal(msgspec.Struct, tag="seal", tag_field="message"):
    """The last line of a finished segment: its records, and the SHA-256 of all bytes before this line."""

    w: str
    count: int
    first: int
    last: int
    sha256: str
    v: int = SCHEMA


_encoder = msgspec.json.Encoder()
_CHECKED = b',"crc":"'
_TAIL = len(b',"crc":"00000000"}')


def encode(record: Event | Gap | Seal) -> bytes:
    """Return ``record`` as one line, newline included, with a CRC-32 of everything before it."""
    body = _encoder.encode(record)
    return b'%s,"crc":"%08x"}\n' % (body[:-1], zlib.crc32(body[:-1]))


def intact(line: bytes) -> bool:
    """Return whether ``line`` (without its newline) ends with the CRC-32 of what stands before it."""
    body, tail = line[:-_TAIL], line[-_TAIL:]
    return tail == b',"crc":"%08x"}' % zlib.crc32(body)
