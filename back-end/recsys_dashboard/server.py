"""Run Streamlit in this process, on a free port, and end cleanly."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import urllib.request
import webbrowser
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TextIO

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route

from recsys_core.errors import RefrainError
from recsys_dashboard import preload, script_errors
from recsys_dashboard.job_service import job_queue
from recsys_dashboard.online import MountedService
from recsys_dashboard.settings import ROOT, read_settings
from recsys_dashboard.texts import text
from recsys_dashboard.visitor import BrowserCookie

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

APP_NAME = "refrain"
PORTS_TRIED = 50
LOCAL = ("127.0.0.1", "::1", "localhost")


def start(host: str, port: int, *, browser: bool) -> None:
    """Serve until a signal ends the program: uvicorn stops in order, then hands the signal on to its handler.

    Exit code 2 if there is no free port, ``host`` is not an address of this computer, or a setting is wrong.
    """
    try:
        read_settings()
    except RefrainError as error:
        _say(str(error), sys.stderr)
        sys.exit(2)
    if host not in LOCAL:
        _say(text("server.exposed", host=host), sys.stderr)
    free = find_free_port(host, port)
    if free != port:
        _say(text("server.busy", port=port, free=free))
    app = create_app(f"http://{_shown(host)}:{free}", open_browser=browser and has_display())
    app.run(config={"server.address": host, "server.port": free})
    sys.exit(0)


def create_app(url: str, *, open_browser: bool = False) -> st.App:
    """Return the dashboard with its health route; it says ``url`` once, when it can be visited."""

    service = MountedService()

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
        manager = job_queue()
        service.open()
        _say(text("server.url", url=url))
        preload.begin(manager.wait_until_warm)
        if open_browser:
            threading.Thread(target=_open_when_healthy, args=(url,), daemon=True).start()
        try:
            yield {}
        finally:
            try:
                await service.close()
            finally:
                manager.close()

    return st.App(
        ROOT / "back-end" / "recsys_dashboard" / "main.py",
        lifespan=lifespan,
        routes=[Route("/api/health", _health), service.route()],
        middleware=[Middleware(BrowserCookie)],
        on_script_error=script_errors.show,
    )


async def _health(_request: Request) -> JSONResponse:
    return JSONResponse({"app": APP_NAME, "status": "ok"})


def find_free_port(host: str, first: int) -> int:
    """Return the first port from ``first`` on that nobody listens on; ends the program if there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket(family) as probe:
            if os.name != "nt":  # as the server itself does: a port in TIME_WAIT counts as free
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError:
                continue
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
                _say(text("server.no_such_host", host=host, reason=error.strerror), sys.stderr)
                sys.exit(2)
            return port
    _say(text("server.no_port", first=first), sys.stderr)
    sys.exit(2)


def has_display() -> bool:
    """Return whether opening a browser makes sense: a screen of our own, no SSH, no build machine."""
    if os.environ.get("CI") or os.environ.get("SSH_CONNECTION"):
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open_when_healthy(url: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):  # noqa: S310  (our own address)
                webbrowser.open(url)
                return
        except OSError:
            threading.Event().wait(0.1)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _say(words: str, stream: TextIO = sys.stdout) -> None:
    stream.write(words + "\n")
    stream.flush()
