"""Preferences in a real browser: become a listener, disagree, undo, share, compare; on a phone too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from recsys_core.columns import Columns
from recsys_core.listening.profile import Profile
from tests.browser.conftest import dashboard, visiting
from tests.dashboard.page_visits import store_demo_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard on demo data with two trained models."""
    home = tmp_path_factory.mktemp("home")
    store_demo_runs(home, "lightfm-warp", "svd")
    with dashboard(home) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address) as one:
        yield one


def suggested(visit: Visit) -> list[str]:
    """Return the names of the suggestions in order, without their ranks."""
    rows = visit.page.get_by_test_id("stMarkdown").get_by_text(re.compile(r"^\d+\. "))
    return [row.split(". ", 1)[1] for row in rows.all_inner_texts()]


def parameter(visit: Visit, name: str) -> str:
    found = re.search(rf"[?&]{name}=([^&]+)", visit.page.url)
    return found.group(1) if found else ""


def pick(visit: Visit, typed: str, name: str) -> None:
    """Type into the search and take the artist called ``name``."""
    visit.page.get_by_placeholder(re.compile("^Type a name")).press_sequentially(typed)
    visit.page.get_by_role("button", name=name, exact=True).click()
    visit.page.get_by_role("button", name=name, exact=True).wait_for(state="detached")
    visit.settle()


def test_a_visitor_becomes_a_listener_disagrees_undoes_and_shares(
    visit: Visit, browser: Browser, address: str
) -> None:
    visit.open("/preferences")
    visit.page.get_by_role("radio", name="Become one").or_(
        visit.page.get_by_role("button", name="Become one")
    ).first.click()
    visit.page.get_by_text("Your suggestions appear here").wait_for()
    for typed, name in (("metalica", "Metallica"), ("iron maid", "Iron Maiden"), ("slayr", "Slayer")):
        pick(visit, typed, name)
    visit.page.get_by_text("For you.").wait_for()
    visit.settle()
    before = suggested(visit)
    assert len(before) == 10
    assert not {"Metallica", "Iron Maiden", "Slayer"} & set(before)
    assert Profile.decode(parameter(visit, "mine")).encode().count("3.") == 3

    visit.page.locator("[class*='st-key-say-no'] button").first.click()
    visit.page.get_by_text(f"1. {before[0]}", exact=True).wait_for(state="detached")
    visit.settle()
    assert before[0] not in suggested(visit)
    assert "no." in parameter(visit, "mine")

    shared = visit.page.url.removeprefix(address)
    after = suggested(visit)
    with visiting(browser, address) as friend:
        friend.open(shared)
        friend.page.get_by_text("For you.").wait_for()
        assert suggested(friend.settle()) == after
        friend.assert_fine()

    visit.page.get_by_role("button", name="Undo").click()
    visit.page.get_by_text(f"1. {before[0]}", exact=True).wait_for()
    assert suggested(visit.settle()) == before
    visit.assert_fine()


def test_a_listener_is_found_explained_and_compared(visit: Visit) -> None:
    visit.open("/preferences?user=12")
    visit.page.get_by_text("We suggest.").wait_for()
    assert len(suggested(visit)) == 10
    assert visit.page.get_by_text(re.compile("^because of ")).count() == 10
    visit.page.locator(".js-plotly-plot").nth(1).wait_for()
    visit.choose("Compare with", re.compile("^SVD"))
    visit.page.get_by_text("SVD suggests.").wait_for()
    visit.settle()
    assert parameter(visit, "against")
    for label in ("Every reason (CSV)", "What we suggest (CSV)", "Both models' places (CSV)"):
        with visit.page.expect_download() as download:
            visit.page.get_by_role("button", name=label).click()
        assert Columns.NAME in _head(download.value.path()) or "artist" in _head(download.value.path())
    visit.assert_fine()


def _head(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig").splitlines()[0]


def test_an_address_with_nonsense_is_told_and_harmless(visit: Visit) -> None:
    visit.open("/preferences?user=<b>nobody</b>&said=%00~~&novelty=7&who=you&against=../../etc")
    visit.page.get_by_text("who is not in this data").wait_for()
    visit.page.get_by_text("The opinions in the address cannot be used").wait_for()
    assert len(suggested(visit)) == 10
    visit.assert_fine()


@pytest.mark.parametrize("query", ["?user=12", "?who=me", "?who=me&mine=5.1~2.7~4.12~no.30"])
def test_it_fits_a_phone_in_the_dark(browser: Browser, address: str, query: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    with visiting(browser, address, **phone) as visit:
        visit.open(f"/preferences{query}")
        main = visit.page.get_by_test_id("stMain")
        assert main.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
        visit.assert_fine()


def test_names_of_real_artists_are_found_while_typing(browser: Browser, lastfm_address: str) -> None:
    with visiting(browser, lastfm_address) as visit:
        visit.open("/preferences?who=me")
        for typed, name in (("bjork", "Björk"), ("coldpaly", "Coldplay"), ("sigur ros", "Sigur Rós")):
            pick(visit, typed, name)
        visit.page.get_by_text("For you.").wait_for()
        assert len(suggested(visit.settle())) == 10
        visit.assert_fine()


def test_a_real_listener_is_judged_by_the_test_alone_and_all_friends_are_named(
    browser: Browser, lastfm_address: str
) -> None:
    with visiting(browser, lastfm_address) as visit:
        visit.open("/preferences?user=757")
        visit.page.get_by_text("We suggest.").wait_for()
        card = visit.page.get_by_test_id("stMetric").filter(has_text="Right suggestions")
        judged = card.get_by_test_id("stMetricValue").inner_text()
        assert judged.endswith(" of 10")
        line = visit.page.get_by_test_id("stMarkdown").filter(has_text=re.compile(r"friends? plays? it:"))
        said = line.inner_text()
        assert int(re.split(r"\D", said)[0]) == len(re.findall(r"\d+", said)) - 1 > 0
        visit.page.get_by_text(re.compile("^Why .* comes first: .* make up .*%")).wait_for()
        before = suggested(visit)
        visit.page.locator("[class*='st-key-say-like'] button").first.click()
        visit.page.get_by_text("That is no test any more").wait_for()
        visit.settle()
        assert suggested(visit) != before
        assert card.get_by_test_id("stMetricValue").inner_text() == judged
        visit.assert_fine()
