"""How long after pressing Train the first point of a trained model's curve is drawn, in a real browser.

The server is warm: its worker is ready, and the browser has drawn a chart before. The clock is the browser's,
from the press of the mouse button to the first picture in which the chart has a WARP curve. Stored runs are
cleared away before each round, so that the chart cannot be that of an earlier comparison.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks.measure import keep
from tests.browser.conftest import FLAGS, dashboard, visiting

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

PAGE = "/models?m_models=WARP&m_epochs=60&m_size=32"
GOAL_SECONDS = 2.0
WATCH = """() => {
    window.seconds = null
    document.addEventListener('pointerdown', () => {
        const pressed = performance.now()
        const look = () => {
            const chart = document.querySelector('.js-plotly-plot')
            const named = chart?.data?.some(one => /WARP/.test(one.name || ''))
            if (named && chart.querySelector('.trace')) window.seconds = (performance.now() - pressed) / 1000
            else requestAnimationFrame(look)
        }
        look()
    }, {capture: true, once: true})
}"""


def main() -> None:
    """Print and keep the seconds of every round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("REFRAIN_DATA"), help="Last.fm files")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    data = Path(options.data_dir).resolve() if options.data_dir else None
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        with dashboard(Path(home), data) as address, visiting(browser, address) as visit:
            warm = _round(visit, Path(home))
            seconds = [_round(visit, Path(home)) for _ in range(options.rounds)]
        browser.close()
    said = ", ".join(f"{one:.2f}" for one in seconds)
    print(f"first curve after {said} s (median {statistics.median(seconds):.2f}; first visit {warm:.2f})")
    name = "demo (simulated listeners)" if data is None else "Last.fm 2011"
    keep(name, page={"job": "first curve after Train", "seconds": seconds, "goal_seconds": GOAL_SECONDS})


def _round(visit: Visit, home: Path) -> float:
    shutil.rmtree(home / "runs", ignore_errors=True)
    visit.open(PAGE)
    visit.page.evaluate(WATCH)
    visit.page.get_by_role("button", name=re.compile("Train Shortcut")).first.click()
    visit.page.wait_for_function("window.seconds !== null")
    seconds = float(visit.page.evaluate("window.seconds"))
    visit.page.get_by_text("Shown here").first.wait_for()
    return seconds


if __name__ == "__main__":
    main()
