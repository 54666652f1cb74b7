"""The cookie that lets a reloaded tab cancel what it started, and nobody else."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from recsys_dashboard import visitor
from recsys_dashboard.job import JobSnapshot


@pytest.fixture
def client():
    async def answer(_request):
        return PlainTextResponse("hello")

    return TestClient(visitor.BrowserCookie(Starlette(routes=[Route("/", answer)])))


PAGE = {"accept": "text/html,application/xhtml+xml"}


def test_a_browser_is_named_once_and_keeps_its_name(client):
    first = client.get("/", headers=PAGE)
    assert re.fullmatch(
        r"refrain_browser=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Strict", first.headers["set-cookie"]
    )
    assert "set-cookie" not in client.get("/", headers=PAGE).headers


def test_only_pages_bring_the_cookie(client):
    assert "set-cookie" not in client.get("/", headers={"accept": "*/*"}).headers


def job_of(owner):
    return JobSnapshot("id", "compare", owner, "running", 0, "", 0.0, None, None)


@pytest.fixture
def tab(monkeypatch):
    """A Streamlit session as far as this module sees it: a state and the cookies of its browser."""

    def open_tab(browser):
        class Streamlit:
            session_state: dict = {}  # noqa: RUF012  (one tab is one class)

            class context:  # noqa: N801
                cookies = {"refrain_browser": browser} if browser else {}  # noqa: RUF012

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
