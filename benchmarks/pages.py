"""How long a page takes to redraw while a model trains next door, against the same with nobody training."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, dashboard, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.conftest import Visit

LONG = "/models?m_models=WARP&m_models=k-OS+WARP&m_epochs=100&m_size=256"
TRAINING = re.compile(r"WARP . epoch \d+ of")
LEADER = re.compile(r"WARP (leads|reaches)")
SHORT = "/models?m_models=WARP&m_epochs=10&m_size=10"


def main() -> None:
    """Print the median seconds of both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("REFRAIN_DATA"), help="Last.fm files")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        data = Path(options.data_dir).resolve() if options.data_dir else None
        with dashboard(Path(home), data) as address:
            _measure(browser, address, options.rounds)
        browser.close()


def _measure(browser: Browser, address: str, rounds: int) -> None:
    with visiting(browser, address) as visit:
        _train(visit, SHORT)
        visit.page.get_by_text("Shown here").wait_for()
        first = _train(visit, SHORT)
        print(f"first curve {first:.2f} s after pressing Train, browser included")
        visit.page.get_by_text("Shown here").wait_for()
        visit.open("/preferences")
        _redraw(visit)
        idle = [_redraw(visit) for _ in range(rounds)]
        _train(visit, LONG)
        comparison = visit.page.url
        visit.page.get_by_role("link", name="Preferences").first.click()
        visit.settle()
        busy = [_redraw(visit) for _ in range(rounds)]
        visit.page.goto(comparison)
        visit.settle()
        start = time.perf_counter()
        visit.page.get_by_role("button", name="Cancel").click()
        visit.page.get_by_text("This comparison was cancelled").wait_for()
        print(f"cancelled after {time.perf_counter() - start:.2f} s, browser included")
    calm, loaded = statistics.median(idle), statistics.median(busy)
    print(
        f"redraw of preferences: idle {calm:.3f} s, while training {loaded:.3f} s, ratio {loaded / calm:.2f}"
    )


def _train(visit: Visit, path: str) -> float:
    """Press Train and return the seconds until the first curve of a model is drawn."""
    visit.open(path)
    start = time.perf_counter()
    visit.page.get_by_role("button", name=re.compile("Train Shortcut")).first.click()
    visit.page.get_by_text(TRAINING).first.wait_for()
    visit.page.get_by_text(LEADER).first.wait_for()
    return time.perf_counter() - start


def _redraw(visit: Visit) -> float:
    start = time.perf_counter()
    before = visit.page.url
    visit.page.get_by_role("button", name="Random").click()
    visit.page.wait_for_function("url => location.href !== url", arg=before)
    visit.settle()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
