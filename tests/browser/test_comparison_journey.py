"""The main job: press Train, watch the models learn, leave, come back, cancel, open a second tab."""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import dashboard, visiting

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

SLOW = "/models?m_epochs=100&m_size=256"  # four models: half a minute on a quick machine


def train_button(visit: Visit) -> Locator:
    return visit.page.get_by_role("button", name=re.compile("^Train"))


def place_at_rest(what: Locator) -> object:
    """Return where something stands once nothing above it grows any more, after five seconds at most."""
    boxes = [what.bounding_box()]
    for _ in range(20):
        what.page.wait_for_timeout(250)
        boxes.append(what.bounding_box())
        if len(boxes) > 3 and boxes[-1] == boxes[-2] == boxes[-3]:
            break
    return boxes[-1]


def run_in(url: str) -> str | None:
    found = re.search(r"[?&]run=([^&]+)", url)
    return found.group(1) if found else None


def train(visit: Visit) -> str:
    """Press Train and return the id of the new comparison, once the address has it."""
    shown = run_in(visit.page.url)
    train_button(visit).click()
    visit.page.wait_for_url(lambda url: run_in(url) not in (None, shown))
    return run_in(visit.page.url) or ""


def wait_for_the_end(visit: Visit) -> None:
    visit.settle()
    train_button(visit).and_(visit.page.locator(":enabled")).wait_for(timeout=90_000)


def test_models_learn_live_and_the_result_survives_a_reload(visit: Visit) -> None:
    visit.open("/models")
    run = train(visit)
    visit.page.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for(timeout=60_000)
    wait_for_the_end(visit)
    visit.settle()
    assert visit.page.get_by_test_id("stMetric").count() == 4
    visit.page.reload()
    visit.settle()
    assert run in visit.page.url
    visit.page.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for()
    visit.assert_fine()


def test_a_running_comparison_is_found_again_and_cancelled_at_once(visit: Visit) -> None:
    visit.open(SLOW)
    train(visit)
    visit.page.get_by_text(re.compile(r"epoch \d+ of 100")).first.wait_for(timeout=60_000)
    visit.page.reload()
    visit.page.get_by_text(re.compile(r"epoch \d+ of 100")).first.wait_for()
    start = monotonic()
    visit.page.get_by_role("button", name="Cancel").click()
    visit.page.get_by_text("This comparison was cancelled").wait_for()
    assert monotonic() - start < 10, "a loaded machine is slow, but not that slow"
    visit.assert_fine()


def test_a_finished_comparison_is_not_asked_after_any_more(visit: Visit) -> None:
    frames: list[object] = []

    def keep(frame: object) -> None:
        frames.append(frame)

    visit.page.on("websocket", lambda socket: socket.on("framereceived", keep))
    visit.open("/models?m_models=SVD")
    train(visit)
    wait_for_the_end(visit)
    visit.settle()
    visit.page.wait_for_timeout(1000)  # the last redraw
    frames.clear()
    visit.page.wait_for_timeout(2000)  # four times the polling interval
    assert frames == []


def test_the_evidence_of_a_comparison_is_a_tab_each_and_found_again_by_its_address(visit: Visit) -> None:
    visit.open("/models?m_models=WARP&m_models=SVD&m_epochs=2")
    train(visit)
    wait_for_the_end(visit)
    visit.settle()
    visit.page.get_by_text("Best LightFM against TruncatedSVD").wait_for(timeout=60_000)
    visit.page.get_by_text(re.compile("Equal scores (decide|matter)")).wait_for(timeout=60_000)
    charts = visit.page.locator(".js-plotly-plot .scatterlayer .trace")
    for tab, found in (("Trade-off", "of the best AUC"), ("For whom", "Thirds of the listeners")):
        visit.page.get_by_role("tab", name=tab).click()
        visit.page.get_by_text(re.compile(found)).first.wait_for(timeout=60_000)
        charts.nth(3).wait_for(timeout=60_000)
    visit.page.get_by_role("tab", name="One listener").click()
    visit.page.get_by_text(re.compile(r"share \d+ of 10")).first.wait_for(timeout=60_000)
    visit.page.reload()
    visit.settle()
    visit.page.get_by_text(re.compile(r"share \d+ of 10")).first.wait_for(timeout=60_000)
    visit.assert_fine()


def test_a_comparison_is_repeated_on_further_splits_while_other_pages_are_looked_at(visit: Visit) -> None:
    visit.open("/models?m_models=SVD&m_models=EASE")
    run = train(visit)
    wait_for_the_end(visit)
    visit.settle()
    visit.page.get_by_role("tab", name="Several splits").click()
    visit.page.get_by_text("So far one split").wait_for(timeout=60_000)
    visit.page.get_by_role("button", name="Repeat on 2 more splits").click()
    visit.page.get_by_text(re.compile(r"Split \d of 2|Over 3 splits|Waiting for its turn")).wait_for(
        timeout=60_000
    )
    visit.open("/top_artists").assert_fine()
    visit.open(f"/models?run={run}&m_tab=Several+splits")
    visit.page.get_by_text("Over 3 splits (seeds 42, 43, 44)").wait_for(timeout=90_000)
    visit.settle()
    visit.page.get_by_text(re.compile(r"Past comparisons \(\d+\)")).wait_for()
    visit.assert_fine()


def test_train_stays_in_sight_when_more_settings_are_open(visit: Visit) -> None:
    visit.open("/models")
    before = place_at_rest(train_button(visit))
    visit.page.get_by_text("More settings").click()
    visit.page.get_by_text("Length of the list").first.wait_for()
    assert place_at_rest(train_button(visit)) == before


def test_two_tabs_do_not_disturb_each_other(browser: Browser, demo_address: str) -> None:
    with visiting(browser, demo_address) as first, visiting(browser, demo_address) as second:
        first.open(SLOW)
        mine = train(first)
        second.open("/models")
        assert mine not in second.page.url
        theirs = train(second)
        assert mine != theirs
        first.page.get_by_text(re.compile(r"epoch \d+ of 100")).first.wait_for(timeout=60_000)
        first.page.get_by_role("button", name="Cancel").click()
        first.page.get_by_text("This comparison was cancelled").wait_for()
        wait_for_the_end(second)
        first.assert_fine()
        second.assert_fine()


def test_a_comparison_survives_a_restart(browser: Browser, tmp_path: Path) -> None:
    with dashboard(tmp_path) as address, visiting(browser, address) as visit:
        visit.open("/models?m_models=SVD")
        run = train(visit)
        wait_for_the_end(visit)
    with dashboard(tmp_path) as address, visiting(browser, address) as visit:
        visit.open(f"/models?run={run}")
        visit.page.get_by_text("Shown here").wait_for(timeout=90_000)
        visit.assert_fine()
        visit.open("/preferences")
        visit.page.get_by_text("SVD").first.wait_for()
        visit.assert_fine()


def test_the_same_on_real_data(browser: Browser, tmp_path: Path, lastfm_dir: Path) -> None:
    with dashboard(tmp_path, lastfm_dir) as address, visiting(browser, address) as visit:
        visit.open("/models?m_models=WARP&m_epochs=10&m_size=10")
        visit.page.get_by_text("1,892 listeners").first.wait_for()
        assert visit.page.get_by_text("simulated").count() == 0
        train(visit)
        wait_for_the_end(visit)
        visit.page.get_by_test_id("stMetricValue").filter(has_text="0.857").wait_for()
        visit.assert_fine()
        for path in ("/preferences?user=1642", "/top_artists", "/datasets", "/"):
            visit.open(path).assert_fine()
