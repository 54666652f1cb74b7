"""Every page in a real browser: it opens by its address, fits a phone, and asks nobody else for anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PAGES = {
    "/": "Recommendations, explained",
    "/models": "Compare models",
    "/tuning": "Tuning",
    "/movies": "Movies",
    "/preferences": "Preferences",
    "/artist_map": "Artist map",
    "/top_artists": "Listened vs recommended",
    "/experiment": "Experiment",
    "/learn": "Learn",
    "/datasets": "Data",
}


@pytest.mark.parametrize(("path", "title"), PAGES.items(), ids=PAGES)
def test_every_page_opens_by_its_address(visit: Visit, path: str, title: str) -> None:
    visit.open(path)
    assert visit.page.get_by_role("heading", level=1).inner_text() == title
    assert visit.page.get_by_text(re.compile("simulated (listeners|votes)")).count() >= 1
    icons = visit.page.locator("link[rel*=icon]").evaluate_all("all => all.map(one => one.href)")
    assert icons
    assert all(icon.startswith("data:image/png") for icon in icons)  # nothing to be fetched once more
    visit.assert_fine()


def test_the_menu_leads_to_every_page(visit: Visit) -> None:
    visit.open("/")
    links = visit.page.get_by_test_id("stSidebarNavLink")
    names = links.all_inner_texts()
    assert len(names) == len(PAGES)
    for index in range(len(names)):
        links.nth(index).click()
        visit.settle()
        visit.assert_fine()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_fits_a_phone_in_the_dark(browser: Browser, demo_address: str, path: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    with visiting(browser, demo_address, **phone) as visit:
        visit.open(path)
        main = visit.page.get_by_test_id("stMain")
        assert main.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
        assert (
            main.evaluate("node => getComputedStyle(node.closest('.stApp')).backgroundColor")
            == "rgb(17, 22, 28)"
        )
        visit.assert_fine()
