"""Who is asking: a browser, and one tab of it. Nobody logs in; a random cookie is all there is."""

from __future__ import annotations

import secrets
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from recsys_dashboard.jobs.job import JobSnapshot

COOKIE = "refrain_browser"
_TAB = "visitor.tab"


class BrowserCookie:
    """Middleware that gives each browser a random name with the first page it asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; add the cookie to an HTML page asked for without it."""

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", _new_cookie())
            await send(message)

        await self._app(scope, receive, send_with_cookie if _is_new(scope) else send)


def owner() -> str:
    """Return the owner of jobs this tab starts: browser and tab, so that each tab may have its own."""
    tab = st.session_state.setdefault(_TAB, secrets.token_hex(8))
    return f"{_browser() or tab}.{tab}"


def may_cancel(job: JobSnapshot) -> bool:
    """Return whether this browser started ``job``; a tab that was reloaded may still cancel its own.

    Cancel with ``manager.cancel(job.id, job.owner)``.
    """
    return job.owner.partition(".")[0] == owner().partition(".")[0]


def _browser() -> str:
    return st.context.cookies.get(COOKIE, "")


def _is_new(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    headers = Headers(scope=scope)
    return "text/html" in headers.get("accept", "") and COOKIE not in SimpleCookie(headers.get("cookie", ""))


def _new_cookie() -> str:
    return f"{COOKIE}={secrets.token_hex(16)}; Path=/; HttpOnly; SameSite=Strict"
