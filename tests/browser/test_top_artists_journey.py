"""Most listened against most recommended in a real browser: from nothing trained to a link one can share."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlparse

import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets.demo import load_demo
from recsys_core.runs import RunStore
from tests.browser.conftest import dashboard, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
FIGURES = 6


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    """Two models and the baseline, trained on the demo data."""
    made = RunStore(tmp_path_factory.mktemp("home") / "runs")
    request = ComparisonRequest(models=("lightfm-warp", "svd"), epochs=3)
    for run in compare(load_demo(), request, created="2026-01-02T03:04:05+00:00"):
        made.save(run)
    return made


@pytest.fixture(scope="module")
def address(store: RunStore) -> Iterator[str]:
    """A dashboard with these models."""
    with dashboard(store.root.parent) as started:
        yield started


def drawn(visit: Visit) -> Visit:
    """Wait until every figure of the page is there."""
    visit.page.locator(".js-plotly-plot .main-svg").nth(3 * (FIGURES - 1)).wait_for(state="attached")
    return visit.settle()


def reached(visit: Visit) -> str:
    """Return the first card's value: how many artists are ever recommended."""
    return str(visit.page.get_by_test_id("stMetricValue").first.inner_text())


def test_without_a_model_the_page_leads_to_training(visit: Visit) -> None:
    visit.open("/top_artists")
    visit.page.get_by_role("link", name="Train").first.click()
    visit.page.get_by_role("heading", level=1, name="Compare models").wait_for()
    visit.assert_fine()


def test_a_strength_reaches_more_artists_and_its_link_shows_the_same(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        drawn(visit.open("/top_artists"))
        before = reached(visit)
        slider = visit.page.get_by_role("slider", name="Strength")
        slider.focus()
        for strength in ("10%", "20%", "30%", "40%"):
            slider.press("ArrowRight")
            visit.page.get_by_text(f"re-ranked, strength {strength}").wait_for()
            visit.settle()
        after = reached(visit)
        assert int(after.replace(",", "")) > int(before.replace(",", ""))
        visit.page.get_by_text(f"Reaching {after} artists instead of {before}").first.wait_for()
        link = visit.page.url
        assert parse_qs(urlparse(link).query)["strength"] == ["40%"]
        visit.assert_fine()
    with visiting(browser, address) as stranger:
        drawn(stranger.open(link.removeprefix(address)))
        assert reached(stranger) == after
        stranger.assert_fine()


def test_a_second_model_and_all_artists_can_be_taken_home(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        drawn(visit.open("/top_artists?by=plays"))
        visit.page.get_by_role("combobox", name="Compare with").click()
        visit.page.get_by_role("option").first.click()
        visit.page.keyboard.press("Escape")
        visit.page.wait_for_url("**with=**")
        visit.settle()
        assert visit.page.get_by_text("different scales").count() == 1
        with visit.page.expect_download() as waiting:
            visit.page.get_by_role("button", name="CSV").last.click()
        download = waiting.value
        assert "by-plays" in download.suggested_filename
        text = Path(download.path()).read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) > 100
        assert float(rows[0]["ratio"]) > 0
        visit.assert_fine()


def test_every_figure_says_its_finding_to_who_does_not_see_it(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        drawn(visit.open("/top_artists"))
        figures = visit.page.get_by_test_id("stPlotlyChart")
        assert figures.count() == FIGURES
        said = [figures.nth(at).get_attribute("aria-label") or "" for at in range(FIGURES)]
        findings = (
            "most listened artists",
            "80% of recommendations go to",
            "recommended",
            "less popular half",
            "listeners on average",
            "As trained",
        )
        for finding, words in zip(findings, said, strict=True):
            assert finding in words


def test_on_a_phone_in_the_dark_nothing_sticks_out(browser: Browser, address: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    with visiting(browser, address, **phone) as visit:
        drawn(visit.open("/top_artists?strength=50%25&rerank=own-taste"))
        main = visit.page.get_by_test_id("stMain")
        assert main.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
        visit.assert_fine()


def test_a_damaged_run_is_told_in_a_sentence(browser: Browser, address: str, store: RunStore) -> None:
    run_id = next(one.run_id for one in store.list() if one.model == "popularity")
    (store.root / run_id / "arrays.npz").unlink()
    with visiting(browser, address) as visit:
        visit.open(f"/top_artists?model={run_id}")
        visit.page.get_by_text(f"arrays.npz of run {run_id} is missing").wait_for()
        visit.assert_fine()


def test_on_real_data_one_fan_makes_a_record_and_a_few_artists_take_most(
    browser: Browser, lastfm_address: str
) -> None:
    with visiting(browser, lastfm_address) as visit:
        drawn(visit.open("/top_artists"))
        visit.page.get_by_text("of all plays of Depeche Mode (352,698 of 1,301,308)").wait_for()
        visit.page.get_by_text("of the 17,632 artists are ever recommended").wait_for()
        said = visit.page.get_by_text(re.compile("^80% of recommendations go to .* of artists;"))
        assert float(re.findall(r"([\d.]+)% of artists", said.inner_text())[0]) < 5
        visit.page.get_by_text("By plays", exact=True).first.click()
        visit.page.get_by_text("how often the artist was played, by anyone").wait_for()
        drawn(visit)
        visit.assert_fine()
