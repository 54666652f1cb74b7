"""The artist map in a real browser: from a first view to a link one can share, on a phone too."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlparse

import pandas as pd
import pytest

from tests.browser.conftest import dashboard, visiting
from tests.dashboard.page_visits import store_demo_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
MAP = ".st-key-artist_map_frame .js-plotly-plot"
POINT = f"""() => {{
    const map = document.querySelector('{MAP}'), layout = map._fullLayout, points = map._fullData[0];
    const box = map.getBoundingClientRect(), at = points.x.length - 1;
    return [box.x + layout._size.l + layout.xaxis.c2p(points.x[at]),
            box.y + layout._size.t + layout.yaxis.c2p(points.y[at]), points.text[at]];
}}"""
"""Where the point drawn last, over all others, is in the window, and what hovering says of it."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard on demo data with two trained models."""
    home = tmp_path_factory.mktemp("home")
    store_demo_runs(home, "lightfm-warp", "svd")
    with dashboard(home) as found:
        yield found


def drawn(visit: Visit) -> Visit:
    """Wait until the map, not only the first view, is on the screen."""
    visit.page.get_by_text("groups of artists who share listeners").first.wait_for(timeout=120_000)
    visit.page.locator(f"{MAP} .gl-canvas-focus").first.wait_for(state="attached")
    return visit.settle()


def asked(visit: Visit, name: str) -> list[str]:
    return parse_qs(urlparse(visit.page.url).query).get(name, [])


def test_without_a_model_the_page_leads_to_training(visit: Visit) -> None:
    visit.open("/artist_map")
    visit.page.get_by_role("link", name="Train a model").click()
    visit.page.get_by_role("heading", level=1, name="Compare models").wait_for()
    visit.assert_fine()


def test_the_map_follows_by_itself_and_the_first_view_stays_to_be_asked_for(
    browser: Browser, address: str
) -> None:
    with visiting(browser, address) as visit:
        drawn(visit.open("/artist_map"))
        visit.page.get_by_text("Neighbours kept").wait_for()
        assert asked(visit, "map")
        figure = visit.page.get_by_test_id("stPlotlyChart").first.get_attribute("aria-label") or ""
        assert "Close points share listeners; the axes mean nothing" in figure
        visit.open("/artist_map?map=first")
        visit.page.get_by_text("at first sight").wait_for()
        visit.page.locator(f"{MAP} .gl-canvas-focus").first.wait_for(state="attached")
        visit.assert_fine()


def test_an_artist_is_found_ringed_clicked_away_and_shared(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        drawn(visit.open("/artist_map"))
        visit.page.get_by_label("Find an artist").first.fill("bjork")
        visit.page.get_by_role("button", name="Björk").click()
        visit.page.get_by_text("Nearest to Björk").wait_for()
        visit.page.wait_for_url("**artist=**")
        visit.settle()
        link = visit.page.url
        visit.page.get_by_role("button", name="Whole map").click()
        visit.page.get_by_role("button", name="Come closer").wait_for()
        visit.settle()
        x, y, text = visit.page.evaluate(POINT)
        visit.page.mouse.click(x, y)
        name = re.split("</?b>", text)[1]
        visit.page.get_by_text(f"Nearest to {name}").wait_for()
        visit.page.get_by_role("button", name="Remove ring").click()
        visit.page.get_by_text(f"Nearest to {name}").wait_for(state="detached")
        visit.assert_fine()
    with visiting(browser, address) as stranger:
        drawn(stranger.open(link.removeprefix(address)))
        stranger.page.get_by_text("Nearest to Björk").wait_for()
        stranger.page.get_by_role("link", name="Open in Preferences").click()
        stranger.page.get_by_role("heading", level=1, name="Preferences").wait_for()
        stranger.settle()
        assert asked(stranger, "who") == ["me"]
        stranger.assert_fine()


def test_a_bar_of_the_nearest_leads_on(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        drawn(visit.open("/artist_map?artist=Björk"))
        bars = visit.page.get_by_test_id("stPlotlyChart").nth(1)
        bars.locator(".point path").last.scroll_into_view_if_needed()
        box = bars.locator(".point path").last.bounding_box()
        assert box is not None
        visit.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        visit.page.get_by_text("Nearest to Björk").wait_for(state="detached")
        assert len(asked(visit, "artist")) == 1
        visit.assert_fine()


def test_circled_artists_are_listed_and_taken_home(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        drawn(visit.open("/artist_map"))
        visit.page.get_by_text("Circle artists").first.click()
        visit.settle()
        # the script is at rest before the browser has drawn what it sent
        visit.page.wait_for_function(f"document.querySelector('{MAP}')?._fullLayout.dragmode === 'lasso'")
        box = visit.page.locator(MAP).bounding_box()
        assert box is not None
        x, y, half = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 170
        visit.page.mouse.move(x - half, y - half)
        visit.page.mouse.down()
        for right, down in ((half, -half), (half, half), (-half, half), (-half, -half)):
            visit.page.mouse.move(x + right, y + down, steps=5)
        visit.page.mouse.up()
        visit.page.get_by_role("heading", name=re.compile("circled artists")).wait_for()
        visit.settle()
        count = int(visit.page.get_by_role("heading", name=re.compile("circled")).inner_text().split()[0])
        with visit.page.expect_download() as waiting:
            visit.page.locator(".st-key-artist_map-selected_parquet button").click()
        table = pd.read_parquet(Path(waiting.value.path()))
        assert len(table) == count > 1
        assert {"name", "group", "tags", "listeners"} <= set(table)
        visit.page.get_by_role("button", name="Clear", exact=True).click()
        visit.page.get_by_role("heading", name=re.compile("circled")).wait_for(state="detached")
        visit.assert_fine()


def test_a_listener_and_a_second_model_are_shown(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        drawn(visit.open("/artist_map?listener=1&colour=listener"))
        visit.page.get_by_text("Listener 1:").wait_for()
        visit.choose("Compare with", re.compile("SVD.*first view"))
        visit.page.get_by_text("of the layout is the same").wait_for()
        visit.page.wait_for_url("**with=**")
        visit.settle()
        assert visit.page.locator(".js-plotly-plot .gl-canvas-focus").count() == 2
        visit.assert_fine()


def test_another_map_is_made_cancelled_and_the_files_open(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        drawn(visit.open("/artist_map"))
        with visit.page.expect_download() as waiting:
            visit.page.get_by_role("button", name="TensorBoard files").click()
        with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as archive:
            assert "projector_config.pbtxt" in archive.namelist()
        visit.page.get_by_text("How the map is drawn, and stored maps").click()
        # umap-learn compiles for seconds before it draws: there is time to think better of it
        visit.choose("Picture", re.compile("umap-learn"))
        visit.page.get_by_role("button", name="Make this map").click()
        visit.page.get_by_role("button", name="Cancel", exact=True).click()
        visit.page.get_by_text("The drawing was cancelled").wait_for(timeout=60_000)
        visit.settle()
        visit.choose("Picture", "UMAP")
        visit.page.get_by_label("Seed", exact=True).fill("7")
        visit.page.get_by_label("Seed", exact=True).press("Enter")
        visit.settle()
        visit.page.get_by_role("button", name="Make this map").click()
        visit.page.get_by_text("map seed 7").wait_for(timeout=60_000)
        drawn(visit)
        visit.assert_fine()


def test_on_a_phone_in_the_dark_nothing_sticks_out_and_few_names_are_written(
    browser: Browser, address: str
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    with visiting(browser, address, **phone) as visit:
        drawn(visit.open("/artist_map"))
        main = visit.page.get_by_test_id("stMain")
        assert main.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
        names = visit.page.locator(f"{MAP} .annotation")
        assert sum(names.nth(at).is_visible() for at in range(names.count())) <= 4
        visit.assert_fine()


def test_the_map_of_real_data(browser: Browser, lastfm_address: str) -> None:
    with visiting(browser, lastfm_address) as visit:
        drawn(visit.open("/artist_map?artist=Radiohead"))
        visit.page.get_by_text("Nearest to Radiohead").wait_for()
        visit.page.get_by_text("Shown: 2,828 of 17,632 artists, those with 5 listeners or more").wait_for()
        visit.page.get_by_text("2,828 of 17,632 artists remain").wait_for(state="attached")
        visit.page.get_by_text("Tag", exact=True).first.click()
        visit.page.wait_for_url("**colour=tag**")
        visit.settle()
        visit.page.get_by_text("Groups", exact=True).first.wait_for()
        visit.assert_fine()
