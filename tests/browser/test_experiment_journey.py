"""An experiment in a browser: begin a small one, watch a real service, reach the verdict, take it away."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import dashboard, visiting

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PATIENCE = 120_000


def button(visit: Visit, name: str) -> Locator:
    return visit.page.get_by_role("button", name=re.compile(name))


def value_of(visit: Visit, label: str) -> str:
    card = visit.page.get_by_test_id("stMetric").filter(has_text=label)
    return card.get_by_test_id("stMetricValue").first.inner_text()


def fill(visit: Visit, label: str, value: int) -> None:
    field = visit.page.get_by_role("spinbutton", name=label)
    field.fill(str(value))
    field.press("Enter")
    visit.settle()


def under_way(visit: Visit, sessions: str) -> None:
    words = re.compile(rf"Experiment · [\d,]+ of {sessions} sessions")
    visit.page.get_by_text(words).wait_for(timeout=PATIENCE)


def test_a_small_experiment_reaches_its_verdict_and_another_is_stopped(
    browser: Browser, tmp_path: Path
) -> None:
    with dashboard(tmp_path) as address, visiting(browser, address) as visit:
        visit.open("/experiment")
        visit.page.get_by_text("The listeners on this page are simulated").wait_for()
        fill(visit, "Sessions", 1500)
        button(visit, "Start$").click()
        visit.page.wait_for_url(re.compile("experiment=experiment-1"))
        visit.page.reload()  # the address finds it again, under way or done
        visit.page.get_by_text(re.compile(r"T1 \(Own list\) wins: \+\d+%")).wait_for(timeout=PATIENCE)
        visit.page.get_by_text("The steps: 8 of 8 done").wait_for(timeout=PATIENCE)
        visit.settle()
        assert value_of(visit, "Sessions") == "1,500"
        assert value_of(visit, "Answer time").endswith("ms")
        visit.page.locator(".js-plotly-plot").first.wait_for()
        for tab, words in (
            ("All measures", "Thick: for one look at the end"),
            ("How many listeners?", "8 times in 10"),
            ("What was tried", "Who is in which part"),
        ):
            visit.page.get_by_role("tab", name=tab).click()
            visit.page.get_by_text(words).first.wait_for()
        with visit.page.expect_download() as taken:
            button(visit, "Everything").click()
        report = json.loads(taken.value.path().read_bytes())
        assert report["report"]["verdicts"][0]["outcome"] == "wins"
        visit.assert_fine()

        button(visit, "New experiment").click()
        visit.settle()
        visit.choose("Where the lists", re.compile("From: "))
        fill(visit, "Sessions", 500_000)
        button(visit, "Start$").click()
        under_way(visit, "500,000")  # which no machine holds while somebody looks
        visit.page.get_by_text("The service answers at").wait_for()
        button(visit, "Stop$").click()
        visit.page.get_by_text("Stopped").first.wait_for(timeout=PATIENCE)
        button(visit, "Continue").wait_for()
        visit.settle()
        visit.assert_fine()
