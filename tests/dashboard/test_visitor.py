"""The cookie that lets a reloaded tab cancel what it started, and nobody else."""

from __future__ import annotations

import asyncio
import re

import pytest
from starlette.datastructures import Headers

from recsys_dashboard import visitor
from recsys_dashboard.jobs.job import JobSnapshot


def ask(**headers):
    """The response headers that a browser sending ``headers`` gets through the middleware."""
    sent = []

    async def answer(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-kept", b"yes")]})
        await send({"type": "http.response.body", "body": b"hello"})

    async def send(message):
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(visitor.BrowserCookie(answer)({"type": "http", "headers": raw}, None, send))
    return Headers(raw=sent[0]["headers"])


PAGE = "text/html,application/xhtml+xml"


def test_a_browser_is_named_once_and_keeps_its_name():
    first = ask(accept=PAGE)
    assert first["x-kept"] == "yes"
    assert re.fullmatch(
        r"refrain_browser=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Strict", first["set-cookie"]
    )
    assert first["set-cookie"] != ask(accept=PAGE)["set-cookie"]
    back = first["set-cookie"].partition(";")[0]
    assert "set-cookie" not in ask(accept=PAGE, cookie=f"other=1; {back}")


def test_only_pages_bring_the_cookie():
    assert "set-cookie" not in ask(accept="*/*")
    assert "set-cookie" not in ask()


def job_of(owner):
    return JobSnapshot("id", "compare", owner, "running", 0, "", 0.0, None, None)


@pytest.fixture
def tab(monkeypatch):
    """A Streamlit session as far as this module sees it: a state and the cookies of its browser."""

    def open_tab(browser):
        class Streamlit:
            session_state: dict = {}  # noqa: RUF012  (one tab is one class)

            class context:  # noqa: N801
                cookies = {"refrain_browser": browser} if browser else {}

        monkeypatch.setattr(visitor, "st", Streamlit)
        return visitor.owner()

    return open_tab


def test_two_tabs_of_a_browser_are_two_owners_and_may_cancel_each_others_jobs(tab):
    first = tab("alice")
    second = tab("alice")
    assert first != second
    assert visitor.may_cancel(job_of(first))


def test_another_browser_may_not(tab):
    owner = tab("alice")
    tab("mallory")
    assert not visitor.may_cancel(job_of(owner))


def test_without_cookies_a_tab_is_on_its_own(tab):
    first = tab("")
    assert visitor.may_cancel(job_of(first))
    tab("")
    assert not visitor.may_cancel(job_of(first))
