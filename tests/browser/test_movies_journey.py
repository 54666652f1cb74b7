"""Films in a real browser: search, walk, go back, change the method, take the list away; on a phone too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from tests.browser.conftest import dashboard, visiting

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def said(visit: Visit, name: str) -> list[str]:
    return parse_qs(urlsplit(visit.page.url).query).get(name, [])


def opened(visit: Visit, label: str) -> None:
    """Wait until the card of a film is there."""
    visit.page.get_by_role("heading", level=3, name=label, exact=True).wait_for()
    visit.settle()


def search(visit: Visit, typed: str, label: str) -> None:
    visit.page.get_by_label("Find a film").press_sequentially(typed)
    visit.page.get_by_role("button", name=label, exact=True).click()
    opened(visit, label)


def rows(visit: Visit) -> list[str]:
    """Return title and year of the similar films, in order."""
    found = visit.page.locator("[class*=st-key-movies-similar-] button:visible").all_inner_texts()
    return [one.split(". ", 1)[1] for one in found]


def walk(visit: Visit, passed: list[str]) -> str:
    """Walk to the nearest film that was not passed and return its name."""
    following = next(one for one in rows(visit) if one not in passed)
    at = rows(visit).index(following)
    visit.page.locator("[class*=st-key-movies-similar-] button:visible").nth(at).click()
    opened(visit, following)
    return following


def journey(visit: Visit, typed: str, label: str) -> None:
    """Search, walk three films, change the method, go back all the way, take the list away."""
    search(visit, typed, label)
    passed = [label]
    for _ in range(3):
        passed.append(walk(visit, passed))
    assert len(said(visit, "via")) == 3
    visit.page.get_by_role("radio", name="Facts", exact=True).click()
    visit.page.wait_for_url(re.compile("how=soup"))
    visit.settle()
    visit.page.go_back()
    visit.page.wait_for_url(lambda url: "how=" not in url)
    for before in reversed(passed[:-1]):
        visit.page.go_back()
        opened(visit, before)
    assert said(visit, "via") == []
    visit.page.go_forward()
    opened(visit, passed[1])
    shown = rows(visit)
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Similar films (CSV)").click()
    table = pd.read_csv(download.value.path())
    assert len(table) == len(shown)
    assert table["title"].iloc[0] in shown[0]
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Parquet").click()
    assert pd.read_parquet(download.value.path())["movie_id"].tolist() == table["movie_id"].tolist()


def test_a_visitor_searches_walks_goes_back_and_takes_the_list_away(visit: Visit) -> None:
    visit.open("/movies")
    journey(visit, "the generl", "The General (1926)")
    visit.assert_fine()


def test_a_shared_address_shows_the_same_list(visit: Visit, browser: Browser, demo_address: str) -> None:
    visit.open("/movies?film=6&how=soup&best=60&length=5")
    with visiting(browser, demo_address) as friend:
        friend.open(visit.page.url.removeprefix(demo_address))
        for one in (visit, friend):
            opened(one, "The General (1926)")
            one.page.wait_for_timeout(500)
            for _ in range(40):
                if len(rows(one)) == 5:
                    break
                one.page.wait_for_timeout(250)
        assert rows(friend) == rows(visit)
        assert len(rows(friend)) == 5
        friend.assert_fine()


def test_a_catalogue_is_measured_and_judged(visit: Visit) -> None:
    visit.open("/movies?view=cost")
    visit.page.get_by_role("button", name="Measure now").click()
    visit.page.get_by_text(re.compile(r"Coherent\? (Yes|No)\.")).wait_for(timeout=120_000)
    visit.settle()
    assert visit.page.get_by_text(re.compile(r"Faster\? (Yes|No)\.")).count() == 1
    visit.page.locator(".js-plotly-plot").nth(1).wait_for()
    visit.assert_fine()


def test_tabs_are_steps_of_the_back_button_too(visit: Visit) -> None:
    visit.open("/movies?view=charts&genre=Drama")
    visit.page.get_by_role("tab", name="Similar films").click()
    visit.page.get_by_text("Type a title above").wait_for()
    assert said(visit, "view") == []
    visit.page.go_back()
    visit.page.get_by_text("films have the m =").wait_for()
    assert visit.page.get_by_role("tab", name="Best rated").get_attribute("aria-selected") == "true"
    visit.assert_fine()


@pytest.mark.parametrize(
    "query", ["", "?film=6&side=yes&via=5", "?view=charts", "?view=cost", "?view=catalogue"]
)
def test_it_fits_a_phone_in_the_dark(browser: Browser, demo_address: str, query: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    with visiting(browser, demo_address, **phone) as visit:
        visit.open(f"/movies{query}")
        main = visit.page.get_by_test_id("stMain")
        assert main.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
        visit.assert_fine()


def test_real_films_are_walked_too(browser: Browser, tmp_path: Path, tmdb_dir: Path) -> None:
    with dashboard(tmp_path, tmdb_dir) as address, visiting(browser, address) as visit:
        visit.open("/movies")
        journey(visit, "amelie", "Amélie (2001)")
        visit.assert_fine()


def test_three_methods_on_real_ratings(browser: Browser, tmp_path: Path, movielens_dir: Path) -> None:
    with dashboard(tmp_path, movielens_dir) as address, visiting(browser, address) as visit:
        visit.open("/movies?film=Toy%20Story%20(1995)")
        visit.page.get_by_text("Compare methods on this film").click()
        visit.page.get_by_text("are in all three lists").or_(
            visit.page.get_by_text("is in all three lists")
        ).wait_for()
        audience = visit.page.locator("[class*=st-key-movies-side-collaborative] button:visible")
        assert audience.first.inner_text() == "1. Toy Story 2 (1999)"
        visit.assert_fine()
