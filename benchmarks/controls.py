"""How long the controls of the three pages on listeners and artists take to answer, in a browser.

What the pages show is stored beforehand. An answer counts from just before the click until the script has
ended and everything is drawn; the first paint of a map from the address to its canvas, in a browser without
cache.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks.measure import keep
from recsys_core.artist_map import ItemVectors, MapStore, build_map, default_settings
from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets.lastfm import load_lastfm
from recsys_core.listening.popularity_lists import top_lists
from recsys_core.runs import RunStore
from recsys_dashboard.artist_map.pictures import key_of
from tests.browser.conftest import FLAGS, dashboard, visiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    from recsys_core.datasets import Dataset
    from tests.browser.conftest import Visit

GOAL = 1.0
CREATED = "2026-01-02T03:04:05+00:00"
CANVAS = ".st-key-artist_map_frame .js-plotly-plot .gl-canvas-focus"
# seconds from now until the script has been busy, is at rest again, and stays so
ANSWERED = """() => { window.answered = (async () => {
    const app = document.querySelector('[data-testid=stApp]'), start = performance.now();
    let busy = false, done = null;
    while (performance.now() - start < 30000) {
        if (app.dataset.testScriptState !== 'notRunning' || document.querySelector('[data-stale=true]')) {
            busy = true; done = null;
        } else if (busy) {
            done ??= performance.now();
            if (performance.now() - done > 400) return (done - start) / 1000;
        }
        await new Promise(wait => setTimeout(wait, 5));
    }
    return null;
})(); }"""


def main() -> None:
    """Print the median and the slowest answer of every control, and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("REFRAIN_DATA"), help="Last.fm files")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", type=Path, help="where models and maps are kept, to be used again")
    parser.add_argument("--only-prepare", action="store_true", help="measure nothing")
    options = parser.parse_args()
    if options.data_dir is None:
        parser.error("name the Last.fm files with --data-dir")
    folder = Path(options.data_dir).resolve()
    data = load_lastfm(folder)
    with tempfile.TemporaryDirectory() as folder_of_its_own, sync_playwright() as playwright:
        home = options.home or Path(folder_of_its_own)
        maps = prepare(home, data)
        if options.only_prepare:
            return
        executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        with dashboard(home.resolve(), folder) as address:
            found = answers(browser, address, options.rounds)
            paints = {name: _paints(browser, address, path, options.rounds) for name, path in maps.items()}
        browser.close()
    for name, seconds in (found | paints).items():
        print(f"{name}: median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s")
    keep(data.source.title, controls={"goal_seconds": GOAL, "answers": found, "first_paint": paints})


def prepare(home: Path, data: Dataset) -> dict[str, str]:
    """Store two runs with their lists and maps, and return what each map is called and its address."""
    store = RunStore(home / "runs")
    request = ComparisonRequest(models=("lightfm-warp", "svd"))
    if not store.list():
        for run in compare(data, request, created=CREATED):
            store.save(run)
    for manifest in store.list():
        top_lists(store, manifest.run_id, data)
    warp = next(one.run_id for one in store.list() if one.model == "lightfm-warp")
    vectors, addresses = ItemVectors.of_run(store.load(warp), data), {}
    for least in (5, 1):
        wanted = default_settings(vectors, min_listeners=least)
        made = MapStore(store).get(warp, wanted, partial(build_map, vectors, wanted, created=CREATED))
        name = f"first paint, {len(made.artists):,} artists"
        addresses[name] = f"/artist_map?run={warp}&map={key_of(made.card.settings)}"
    return addresses


def answers(browser: Browser, address: str, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each control, ``rounds`` times in the order of use."""
    found: dict[str, list[float]] = {}
    for page, controls in CONTROLS.items():
        with visiting(browser, address) as visit:
            visit.open(page)
            visit.page.locator(".js-plotly-plot").first.wait_for()
            for turn in range(rounds):
                for name, use in controls.items():
                    found.setdefault(f"{page.strip('/')}: {name}", []).append(_answer(visit, use, turn))
    return found


def _answer(visit: Visit, use: Callable[[Page, int], None], turn: int) -> float:
    visit.page.evaluate(ANSWERED)
    use(visit.page, turn)
    return float(visit.page.evaluate("() => window.answered"))


def _paints(browser: Browser, address: str, path: str, rounds: int) -> list[float]:
    seconds = []
    for _ in range(rounds):
        with visiting(browser, address) as visit:
            start = time.perf_counter()
            visit.page.goto(address + path)
            visit.page.locator(CANVAS).first.wait_for(state="attached")
            visit.settle()
            seconds.append(time.perf_counter() - start)
    return seconds


def _press(label: str) -> Callable[[Page, int], None]:
    return lambda page, _turn: page.get_by_role("button", name=label, exact=True).first.click()


def _either(*labels: str) -> Callable[[Page, int], None]:
    """Return what chooses one of two options of a row, the first in even turns."""

    def choose(page: Page, turn: int) -> None:
        page.get_by_role("radio", name=labels[turn % 2], exact=True).first.click()

    return choose


def _slide(label: str) -> Callable[[Page, int], None]:
    return lambda page, _turn: page.get_by_role("slider", name=label).press("ArrowRight")


def _switch(label: str) -> Callable[[Page, int], None]:
    return lambda page, _turn: page.get_by_text(label, exact=True).first.click()


def _thumb(page: Page, _turn: int) -> None:
    page.locator("[class*='st-key-say-like'] button").first.click()


def _type(page: Page, turn: int) -> None:
    page.get_by_label("Find an artist").first.fill(("radiohead", "muse")[turn % 2])


def _ring(page: Page, turn: int) -> None:
    page.get_by_role("button", name=("Radiohead", "Muse")[turn % 2], exact=True).click()


CONTROLS: dict[str, dict[str, Callable[[Page, int], None]]] = {
    "/preferences": {
        "another listener": _press("Random"),
        "list length": _either("20", "10"),
        "measure": _either("playCountScaled", "Plays"),
        "log scale": _switch("Log scale"),
        "a thumb": _thumb,
    },
    "/top_artists": {
        "count listening": _either("By plays", "By listeners"),
        "list length": _slide("Suggestions per listener"),
        "artists shown": _slide("Artists shown"),
        "strength": _slide("Strength"),
        "way to re-rank": _either("Own taste", "Popularity penalty"),
    },
    "/artist_map": {
        "colour": _either("Tag", "Group"),
        "names": _switch("Names"),
        "type a name": _type,
        "ring an artist": _ring,
        "whole map": _press("Whole map"),
    },
}


if __name__ == "__main__":
    main()
