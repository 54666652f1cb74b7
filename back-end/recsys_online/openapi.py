"""The OpenAPI document, made from the types that check the requests."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from recsys_online.catalogue import LARGEST_ID, LARGEST_USER, Track
from recsys_online.http_body import Listened
from recsys_online.http_errors import ErrorBody

REF = "#/components/schemas/{name}"


class Next(msgspec.Struct):
    """The next track for a user."""

    user: int
    track: int


class Last(msgspec.Struct):
    """Whose session ended."""

    user: int


class TrackList(msgspec.Struct):
    """Tracks, best first."""

    tracks: list[int]
    user: int | None = None
    track: int | None = None
    version: str | None = None


class Status(msgspec.Struct):
    """How the service is."""

    status: str
    message: str | None = None
    version: str | None = None
    writer: str | None = None
    warnings: list[str] | None = None


TYPES = (Listened, Next, Last, Track, TrackList, Status, ErrorBody)
USER = ("user", "path", LARGEST_USER)
TRACK = ("track", "path", LARGEST_ID)
K = ("k", "query", 100)


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document as builtins."""
    _, components = msgspec.json.schema_components(TYPES, ref_template=REF)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Refrain: what to play next", "version": "1"},
        "paths": {
            "/": {"get": _operation("Whether anybody is here", Status)},
            "/track/{track}": {"get": _operation("A track", Track, TRACK, errors=(404, 503))},
            "/next/{user}": {"post": _posted("The next track, after what was just played", Next)},
            "/last/{user}": {"post": _posted("End a session", Last)},
            "/recommendations/{user}": {
                "get": _operation("A user's list", TrackList, USER, K, errors=(404, 422, 503))
            },
            "/similar/{track}": {
                "get": _operation("Tracks like one", TrackList, TRACK, K, errors=(404, 422, 503))
            },
            "/health": {"get": _operation("Whether the process answers", Status)},
            "/ready": {"get": _operation("Whether it can recommend", Status, errors=(503,))},
        },
        "components": {"schemas": components},
    }


def _posted(summary: str, answer: type) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": _ref(Listened)}}}
    operation = _operation(summary, answer, USER, errors=(400, 404, 408, 413, 415, 422, 503))
    return {**operation, "requestBody": body}


def _operation(
    summary: str, answer: type, *parameters: tuple[str, str, int], errors: tuple[int, ...] = ()
) -> dict[str, Any]:
    responses = {"200": _response("The answer", answer)}
    responses |= {str(status): _response("Refused", ErrorBody) for status in errors}
    return {
        "summary": summary,
        "parameters": [_parameter(*one) for one in parameters],
        "responses": responses,
    }


def _response(words: str, of: type) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _ref(of)}}}


def _parameter(name: str, where: str, largest: int) -> dict[str, Any]:
    smallest = 1 if where == "query" else 0
    schema = {"type": "integer", "minimum": smallest, "maximum": largest}
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


def _ref(of: type) -> dict[str, str]:
    return {"$ref": REF.format(name=of.__name__)}
