"""Addresses asked all the time pass by the framework, and whoever asks cannot tell."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from recsys_online.events.writer import NotStoredError
from recsys_online.http_direct import Direct, Posted
from recsys_online.http_errors import RefusedError, http_error


async def answer(scope, receive) -> bytes:
    """Say who was named, or go wrong as they wish."""
    user = scope["path_params"]["user"]
    if user in WRONG:
        raise WRONG[user]
    return user.encode() + b"\n"


WRONG = {
    "refused": RefusedError(422, "That cannot be.", "track"),
    "full": NotStoredError("No room."),
    "broken": ValueError("a mistake of ours"),
}


@pytest.fixture(params=["direct", "framework", "mounted"])
def ask(request: pytest.FixtureRequest):
    """Ask the same address straight, through the framework alone, and below another application."""
    posted = Posted(answer)
    routes = [Route("/next/{user}", posted, methods=["POST"])]
    app = Direct({"next": posted} if request.param != "framework" else {}, routes=routes,
                 exception_handlers={404: http_error, 405: http_error})  # fmt: skip
    base = "http://service/"
    if request.param == "mounted":
        app, base = Starlette(routes=[Mount("/api", app)]), base + "api/"

    def ask(method: str, path: str, *, strict: bool = False) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=strict)
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                return await client.request(method, path)

        return asyncio.run(asked())

    return ask


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("POST", "next/7", 200, "7\n"),
        ("POST", "next/a%20b", 200, "a b\n"),
        ("POST", "next/refused", 422, '"track"'),
        ("POST", "next/full", 503, "No room."),
        ("POST", "next/broken", 500, "Something went wrong here"),
        ("GET", "next/7", 405, "does not take this method"),
        ("POST", "next/", 404, "nothing at this address"),
        ("POST", "next/7/8", 404, "nothing at this address"),
        ("POST", "elsewhere/7", 404, "nothing at this address"),
    ],
)
def test_every_way_in_gives_the_same_answer(ask, method, path, status, said):
    found = ask(method, path)
    assert found.status_code == status
    assert said in found.text
    assert found.headers["content-type"].startswith("application/json")


def test_a_mistake_of_ours_reaches_the_server_too(ask):
    with pytest.raises(ValueError, match="a mistake of ours"):
        ask("POST", "next/broken", strict=True)
