"""Addresses that are asked all the time: plain ASGI, past the framework's search and layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request

from recsys_online.events.writer import NotStoredError
from recsys_online.http_errors import RefusedError, not_stored, refused, unexpected

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import Receive, Scope, Send


class Posted:
    """Answers one address; objects for request and response would cost half the answer.

    ``answer`` returns the body, in the bytes that the older service's library wrote.
    """

    def __init__(self, answer: Callable[[Scope, Receive], Awaitable[bytes]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with an error where it is refused or something goes wrong."""
        try:
            body = await self._answer(scope, receive)
        except RefusedError as error:
            await (await refused(Request(scope), error))(scope, receive, send)
        except NotStoredError as error:
            await (await not_stored(Request(scope), error))(scope, receive, send)
        except Exception as error:
            await (await unexpected(Request(scope), error))(scope, receive, send)
            raise  # as the framework does: the server notes it too
        else:
            headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})


class Direct(Starlette):
    """An application that hands ``POST /verb/user`` straight to ``posted[verb]``, all else to its routes.

    Its routes must know these addresses too: they are asked where it is mounted in another application.
    """

    def __init__(self, posted: Mapping[str, Posted], **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]  # as Starlette takes them
        self._posted = posted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] == "POST" and not scope.get("root_path"):
            _, verb, *rest = scope["path"].split("/")
            if verb in self._posted and len(rest) == 1 and rest[0]:
                scope["path_params"] = {"user": rest[0]}
                await self._posted[verb](scope, receive, send)
                return
        await super().__call__(scope, receive, send)
