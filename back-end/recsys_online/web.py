"""The service over HTTP: the older service's routes and JSON, and ours beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from recsys_online.catalogue import LARGEST_ID, LARGEST_USER
from recsys_online.http_body import listened, whole_number
from recsys_online.http_direct import Direct, Posted
from recsys_online.http_errors import (
    JSON,
    RefusedError,
    error_response,
    http_error,
    refused,
    unexpected,
)
from recsys_online.openapi import document
from recsys_online.service import Asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.types import Receive, Scope

    from recsys_online.runtime import Runtime
    from recsys_online.service import Service

LONGEST_LIST = 100


def create_app(runtime: Callable[[], Runtime], **options: object) -> Starlette:
    """Return the application; ``runtime`` gives the open service, ``options`` go to Starlette.

    Mounted in another application, its own start-up does not run: whoever mounts it opens the runtime.
    """
    routes = Routes(runtime)
    posted = {"next": Posted(routes.next), "last": Posted(routes.last)}
    return Direct(
        posted,
        routes=[
            *(Route(f"/{verb}/{{user}}", answer, methods=["POST"]) for verb, answer in posted.items()),
            Route("/track/{track}", routes.track),
            Route("/", routes.alive),
            Route("/recommendations/{user}", routes.recommendations),
            Route("/similar/{track}", routes.similar),
            Route("/health", routes.health),
            Route("/ready", routes.ready),
            Route("/metrics", routes.metrics),
            Route("/schema/openapi.json", routes.schema),
        ],
        exception_handlers={
            RefusedError: refused,
            HTTPException: http_error,
            Exception: unexpected,
        },
        **options,
    )


class Routes:
    """One method per address."""

    def __init__(self, runtime: Callable[[], Runtime]) -> None:
        self._runtime = runtime

    async def next(self, scope: Scope, receive: Receive) -> bytes:
        """Return the next track; the event is logged before the answer leaves."""
        runtime = self._runtime()
        asked = await _asked(runtime, scope, receive)
        choice = await self._service().next(asked)
        await _settled(runtime)
        runtime.counters.next(choice, runtime.clock.monotonic() - asked.arrived)
        return b'{"user": %d, "track": %d}\n' % (asked.user, choice.track)

    async def last(self, scope: Scope, receive: Receive) -> bytes:
        """End a session; the event is logged before the answer leaves."""
        runtime = self._runtime()
        asked = await _asked(runtime, scope, receive)
        self._service().last(asked)
        await _settled(runtime)
        runtime.counters.last()
        return b'{"user": %d}\n' % asked.user

    async def alive(self, _request: Request) -> Response:
        """Say that somebody is here."""
        return _json({"status": "alive", "message": "This is Refrain: what shall we play next?"})

    async def track(self, request: Request) -> Response:
        """Return what is known of a track."""
        number = whole_number(request.path_params["track"], "track", LARGEST_ID)
        known = self._service().shelf.catalogue.track(number)
        if known is None:
            raise RefusedError(404, f"There is no track {number} in the catalogue.", "track")
        as_older = json.dumps(msgspec.to_builtins(known)) + "\n"  # to the byte as its library wrote it
        return Response(as_older, media_type=JSON)

    async def recommendations(self, request: Request) -> Response:
        """Return the user's list, best first; empty for whom there is none."""
        user, k = whole_number(request.path_params["user"], "user", LARGEST_USER), _k(request)
        found = await self._service().candidates(user)
        return _json({"user": user, "tracks": list(found.tracks or ())[:k], "version": found.version})

    async def similar(self, request: Request) -> Response:
        """Return the tracks most like one, nearest first."""
        number, k = whole_number(request.path_params["track"], "track", LARGEST_ID), _k(request)
        catalogue = self._service().shelf.catalogue
        if number not in catalogue:
            raise RefusedError(404, f"There is no track {number} in the catalogue.", "track")
        return _json({"track": number, "tracks": catalogue.similar(number, k)})

    async def health(self, _request: Request) -> Response:
        """Say that the process answers."""
        return _json({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """Say whether the service can answer, and what somebody should look at although it can."""
        runtime = self._runtime()
        wrong = runtime.problems()
        if wrong:
            return error_response(503, " ".join(wrong))
        version, warnings = self._service().shelf.version, await runtime.warnings()
        return _json({"status": "ready", "version": version, "writer": runtime.log.id, "warnings": warnings})

    async def metrics(self, _request: Request) -> Response:
        """Return counters in Prometheus's text format."""
        runtime = self._runtime()
        runtime.counters.log(runtime.log.written, runtime.log.dropped)
        text, kind = runtime.counters.page()
        return Response(text, media_type=kind)

    async def schema(self, _request: Request) -> Response:
        """Return the OpenAPI document."""
        return _json(document())

    def _service(self) -> Service:
        service = self._runtime().service
        if service is None:
            raise RefusedError(503, " ".join(self._runtime().problems()))
        return service


async def _asked(runtime: Runtime, scope: Scope, receive: Receive) -> Asked:
    arrived = runtime.clock.monotonic()
    user = whole_number(scope["path_params"]["user"], "user", LARGEST_USER)
    headers = dict(scope["headers"])
    body = await listened(headers, receive, runtime.patience)
    name = headers.get(b"x-request-id", b"").decode("latin-1")[:100] or runtime.new_request_id()
    return Asked(user, body.track, body.time, name, arrived)


async def _settled(runtime: Runtime) -> None:
    """Return when the event is as safe as the mode of the log promises."""
    if runtime.commit is None:
        return
    try:
        await runtime.commit.synced()
    except OSError:
        raise RefusedError(503, "The event could not be stored. Try again.") from None


def _k(request: Request) -> int:
    words = request.query_params.get("k", "10")
    if not (words.isascii() and words.isdigit() and 1 <= len(words) <= 3 and 1 <= int(words) <= LONGEST_LIST):
        raise RefusedError(422, f"k is a whole number from 1 to {LONGEST_LIST}.", "k")
    return int(words)


def _json(body: object) -> Response:
    return Response(msgspec.json.encode(body), media_type=JSON)
