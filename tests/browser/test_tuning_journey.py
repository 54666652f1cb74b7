"""Tuning in a browser: search, watch, stop, go on after a restart, try a setting, adopt the best."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from recsys_core.datasets import load_demo
from recsys_core.tuning import Budget, StudyStore, run_study, size_and_rate_grid
from tests.browser.conftest import dashboard, visiting

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PATIENCE = 90_000


def button(visit: Visit, name: str) -> Locator:
    return visit.page.get_by_role("button", name=re.compile(name))


def value_of(visit: Visit, label: str) -> str:
    card = visit.page.get_by_test_id("stMetric").filter(has_text=label)
    return card.get_by_test_id("stMetricValue").inner_text()


def begin_slow_search(visit: Visit) -> None:
    """Search LightFM's WARP: slow enough to be watched."""
    visit.open("/tuning")
    visit.choose("Model", "WARP")
    button(visit, "Start$").click()
    visit.page.wait_for_url(re.compile("study="))


def test_a_search_is_watched_stopped_and_gone_on_with_after_a_restart(
    browser: Browser, tmp_path: Path
) -> None:
    with dashboard(tmp_path) as address, visiting(browser, address) as visit:
        begin_slow_search(visit)
        visit.page.get_by_text(re.compile(r"Trial [2-9] of 20")).wait_for(timeout=PATIENCE)
        visit.page.locator(".js-plotly-plot").first.wait_for()
        visit.page.reload()  # the address finds it again
        visit.page.get_by_text(re.compile(r"Trial \d+ of 20")).wait_for()
        button(visit, "Stop").click()
        visit.page.get_by_text("Every trial that had ended is kept").wait_for()
        button(visit, "Continue").wait_for()
        visit.settle()
        before = int(value_of(visit, "Trials"))
        assert before >= 1
        study = re.search(r"study=([^&]+)", visit.page.url).group(1)
        visit.assert_fine()
    with dashboard(tmp_path) as address, visiting(browser, address) as visit:
        visit.open(f"/tuning?study={study}")
        assert int(value_of(visit, "Trials")) == before
        button(visit, "Continue").click()
        visit.page.get_by_text(re.compile(rf"Trial ({before + 1}|{before + 2}) of")).wait_for(
            timeout=PATIENCE
        )
        button(visit, "Stop").click()
        button(visit, "Continue").wait_for()
        visit.assert_fine()


def test_other_pages_answer_while_a_search_runs_and_it_is_found_again(
    browser: Browser, tmp_path: Path
) -> None:
    with dashboard(tmp_path) as address, visiting(browser, address) as visit:
        begin_slow_search(visit)
        visit.page.get_by_text(re.compile(r"Trial \d+ of 20")).wait_for(timeout=PATIENCE)
        visit.page.wait_for_url(re.compile("study="))
        study = re.search(r"study=([^&]+)", visit.page.url).group(1)
        for path in ("/models", "/preferences", "/top_artists", "/"):
            visit.open(path)  # or fails, as any visit that waits in vain
        visit.open("/models")
        visit.page.get_by_role("button", name=re.compile("^Train")).wait_for()
        visit.open(f"/tuning?study={study}")
        visit.page.get_by_text(re.compile(r"Trial \d+ of 20")).wait_for(timeout=PATIENCE)
        value_of(visit, "Trials")  # figures stand beside the running search
        button(visit, "Stop").click()
        button(visit, "Continue").wait_for()
        visit.assert_fine()


def test_a_setting_is_tried_a_cell_opened_and_the_best_made_the_default(
    browser: Browser, tmp_path: Path
) -> None:
    data = load_demo()
    request = size_and_rate_grid("fast-warp", sizes=(8, 32), rates=(0.02, 0.05), epochs=3)
    study = StudyStore(tmp_path / "studies").open_or_create(
        "grid", request, data, created="2026-01-02T03:04:05+00:00", choice={"name": "demo"}
    )
    run_study(study, data, Budget(trials=2))  # the smallest size
    with dashboard(tmp_path) as address, visiting(browser, address) as visit:
        visit.open("/tuning?study=grid")
        assert value_of(visit, "Trials") == "2"
        button(visit, "Try this setting").click()  # size 32, rate 0.05
        visit.page.get_by_text("3 of 4 settings tried").wait_for(timeout=PATIENCE)
        button(visit, "Fill the grid: 1 setting").wait_for()
        visit.settle()
        plot = visit.page.locator(".js-plotly-plot").first.locator(".nsewdrag").first.bounding_box()
        visit.page.mouse.click(plot["x"] + plot["width"] / 4, plot["y"] + 3 * plot["height"] / 4)
        visit.page.get_by_text("Trial 1 reaches").wait_for()
        assert "trial=1" in visit.page.url
        button(visit, "make it the default").click()
        visit.page.get_by_text("is the default model now").wait_for(timeout=PATIENCE)
        visit.settle()
        visit.assert_fine()
        visit.page.get_by_role("link", name="See what it suggests to listeners").click()
        visit.page.get_by_role("heading", name="Preferences").wait_for()
        visit.settle()
        assert "model=" in visit.page.url
        visit.assert_fine()
