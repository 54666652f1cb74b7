"""A real dashboard in a process of its own, and a real browser to visit it with."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets.lastfm import load_lastfm
from recsys_core.runs import RunStore
from tests.conftest import ROOT
from tests.ports import free_port

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def dashboard(home: Path, data_dir: Path | None = None) -> Iterator[str]:
    """Start the dashboard writing below ``home``, yield its address, stop it with Ctrl+C."""
    environment = {**os.environ, "REFRAIN_HOME": str(home), "REFRAIN_DATA": str(data_dir or "")}
    command = [sys.executable, str(ROOT / "back-end" / "app.py"), "--no-browser", "--port", str(free_port())]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield address_in(process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


def address_in(process: subprocess.Popen[str]) -> str:
    """Return the address that the dashboard prints, once it answers."""
    for line in process.stdout or ():
        if "http://" in line:
            address = "http://" + line.split("http://")[1].split()[0]
            wait_until_healthy(address)
            return address
    raise AssertionError(f"the dashboard ended with code {process.wait()} and printed no address")


def wait_until_healthy(address: str) -> None:
    deadline = monotonic() + 30
    while monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            sleep(0.1)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, gone after these tests: Playwright's event loop would stay in others' way."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("needs Chromium, and none is installed (set CHROMIUM to its path)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield launched
        launched.close()


class Visit:
    """A browser page that remembers what should not have happened on it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.problems = page, address, []
        page.set_default_timeout(30_000)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", self._requested)
        page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))

    def _heard(self, message: object) -> None:
        # opened below the root, Streamlit asks first whether it is served from there
        probing = "/_stcore/" in message.location.get("url", "") and "404" in message.text
        if message.type == "error" and not probing:
            self.problems.append(f"{message.text} {message.location.get('url', '')}")

    def _requested(self, request: object) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.problems.append(f"a request left this computer: {request.url}")

    def open(self, path: str) -> Visit:
        """Go to ``path`` and wait until its script has run to the end."""
        self.page.goto(self.address + path)
        return self.settle()

    def settle(self) -> Visit:
        """Wait until the page is drawn and its script is at rest."""
        self.page.get_by_role("heading", level=1).first.wait_for()
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        # what left a live page is kept hidden and stale until that part of it is drawn again
        self.page.locator("[data-stale=true]:visible").first.wait_for(state="detached")
        return self

    def choose(self, label: str, option: str | re.Pattern[str]) -> Visit:
        """Take ``option`` from the selection ``label``; a redraw of the page may close its list once more."""
        from playwright.sync_api import TimeoutError as Closed  # noqa: PLC0415 (missing where no browser is)

        box = self.page.get_by_test_id("stSelectbox").filter(has_text=label).locator("input")
        wanted = self.page.get_by_role("option", name=option, exact=isinstance(option, str))
        for _ in range(5):
            self.settle()
            box.click()
            try:
                wanted.click(timeout=5_000)
            except Closed:
                self.page.keyboard.press("Escape")
            else:
                return self.settle()
        raise AssertionError(f"{label} never offered {option}")

    def assert_fine(self) -> None:
        """Fail on an error box, a traceback, a console error or a request to the outside."""
        assert self.page.locator("[data-testid=stException]").count() == 0
        assert self.page.get_by_text("Something went wrong").count() == 0
        assert self.problems == []


@pytest.fixture(scope="module")
def demo_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard without real data, shared by the journeys that do not mind each other's runs."""
    with dashboard(tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture(scope="session")
def lastfm_address(tmp_path_factory: pytest.TempPathFactory, lastfm_dir: Path) -> Iterator[str]:
    """A dashboard on the real data with one quick model and the baseline, shared by all journeys."""
    store = RunStore(tmp_path_factory.mktemp("lastfm") / "runs")
    request = ComparisonRequest(models=("svd",))
    for run in compare(load_lastfm(lastfm_dir), request, created="2026-01-02T03:04:05+00:00"):
        store.save(run)
    with dashboard(store.root.parent, lastfm_dir) as address:
        yield address


@contextmanager
def visiting(browser: Browser, address: str, **options: object) -> Iterator[Visit]:
    """A fresh visitor: no cookies, no cache, nobody's session."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 1100}, **options})
    yield Visit(context.new_page(), address)
    context.close()


@pytest.fixture
def visit(browser: Browser, demo_address: str) -> Iterator[Visit]:
    """A visitor of the demo dashboard."""
    with visiting(browser, demo_address) as one:
        yield one
