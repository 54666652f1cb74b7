"""The page that teaches in a real browser: read from first to last chapter, every toy operated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from recsys_dashboard.learn.chapters import CHAPTERS
from tests.browser.conftest import visiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def sees(visit: Visit, words: str) -> None:
    visit.page.get_by_text(re.compile(words)).first.wait_for()
    visit.settle()


def slide(visit: Visit, label: str, key: str, times: int = 1) -> None:
    """Move a slider by the keyboard."""
    handle = visit.page.get_by_role("slider", name=label).first
    for _ in range(times):
        handle.press(key)
    visit.settle()


def press(visit: Visit, name: str) -> None:
    visit.page.get_by_role("button", name=name, exact=True).first.click()
    visit.settle()


def switch(visit: Visit, label: str) -> None:
    visit.page.locator("[data-testid=stCheckbox]").filter(has_text=label).locator("label").first.click()
    visit.settle()


def type_into_grid(visit: Visit, row: int, column: int, value: str) -> None:
    """Write into a cell of the table: cells are a drawing, so mouse and keys are used as a hand would."""
    for _ in range(8):
        choose_first_cell(visit)
        if visit.page.locator("[role=gridcell][aria-selected=true]").count():
            break
    for key, times in (("Home", 1), ("ArrowDown", row), ("ArrowRight", 1 + column)):  # the names come first
        for _ in range(times):
            visit.page.keyboard.press(key)
    visit.page.keyboard.type(value)
    visit.page.wait_for_timeout(300)
    visit.page.keyboard.press("Enter")
    visit.settle()


def choose_first_cell(visit: Visit) -> None:
    """Press the mouse on the first cell; the drawing hears it only where it has seen the mouse."""
    box = visit.page.locator("[data-testid=stDataFrame] .dvn-scroller").first.bounding_box()
    mouse = visit.page.mouse
    mouse.move(box["x"] + 100, box["y"] + 50)
    mouse.move(box["x"] + 110, box["y"] + 52, steps=5)
    visit.page.wait_for_timeout(200)
    mouse.down()
    visit.page.wait_for_timeout(100)
    mouse.up()
    visit.page.wait_for_timeout(400)


def feedback(visit: Visit) -> None:
    sees(visit, "14 ones and 16 zeros")
    visit.page.get_by_text("Only 4 stars or more").click()
    sees(visit, "10 ones and 20 zeros")
    type_into_grid(visit, 0, 0, "1")
    sees(visit, "9 ones and 21 zeros")


def field(visit: Visit) -> None:
    visit.page.get_by_text("Quick training", exact=True).click()
    sees(visit, "is ready first")


def lightfm(visit: Visit) -> None:
    slide(visit, "Calm to loud", "End")
    sees(visit, "First comes The Amplifiers")
    slide(visit, "Place of the third loved artist", "End")
    press(visit, "Train 1 epoch")
    sees(visit, "Epochs trained: 1, in one call")
    press(visit, "Train 5 more epochs")
    sees(visit, "1 \\+ 5 = 6 epochs. The same model trained in one go gives the very same scores")
    visit.page.locator("[class*=st-key-learn-move-up-1] button").first.click()
    sees(visit, "of 15 pairs of a loved and another artist, 9 are in the right order")
    slide(visit, "How many from the top share one score", "End")
    sees(visit, "The first 8 being level")


def words(visit: Visit) -> None:
    sees(visit, "Candidate 2 is the most similar")
    switch(visit, "Cut words to their stems")
    sees(visit, "Candidate 1 is the most similar")
    box = visit.page.get_by_label("Candidate 3", exact=True)
    box.fill("Wooden lure for river fishing, with painted eyes, an artificial lure for predatory fish")
    box.press("Control+Enter")
    sees(visit, "Candidate 3 is the most similar")
    press(visit, "The seminar's own texts (Russian)")
    sees(visit, "Candidate 1 is the most similar: 0.320")
    switch(visit, "Cut words to their stems")
    sees(visit, "Candidate 2 is the most similar: 0.724")


def neighbours(visit: Visit) -> None:
    sees(visit, "A and B are nearest: distance 0.600")
    slide(visit, "Counts as liking from", "End")
    sees(visit, "B shares no liking with anybody")
    sees(visit, "Nobody shares a liking")
    # B loves what A loves: one thing of two
    type_into_grid(visit, 1, 1, "5")
    sees(visit, "A and B are nearest: distance 0.500")


def drift(visit: Visit) -> None:
    sees(visit, "simulated films")
    visit.page.get_by_text("fading", exact=True).click()
    visit.settle()
    visit.page.get_by_text("A random fifth", exact=True).click()
    press(visit, "Measure all seven")
    visit.page.get_by_text("Better than no drift beyond luck").first.wait_for(timeout=120_000)


def experiments(visit: Visit) -> None:
    sees(visit, "Looking 20 times")
    slide(visit, "Number of looks", "Home")
    sees(visit, "Looking once")
    press(visit, "Draw again")
    sees(visit, "draw number 1")


TOYS: dict[str, Callable[[Visit], None]] = {
    "feedback": feedback,
    "field": field,
    "lightfm": lightfm,
    "words": words,
    "neighbours": neighbours,
    "drift": drift,
    "experiments": experiments,
}


def test_a_reader_goes_from_first_to_last_and_touches_everything(visit: Visit) -> None:
    assert tuple(TOYS) == CHAPTERS
    visit.open("/learn")
    for place, (name, operate) in enumerate(TOYS.items(), start=1):
        sees(visit, rf"^{place}\. ")
        operate(visit)
        visit.assert_fine()
        if place < len(TOYS):
            visit.page.locator(f"[class*=st-key-learn-turn-{CHAPTERS[place]}] button").first.click()
            visit.page.wait_for_url(re.compile(f"chapter={CHAPTERS[place]}"))
            visit.settle()
        assert name in CHAPTERS


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_fits_a_phone_in_the_dark(browser: Browser, demo_address: str, chapter: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    with visiting(browser, demo_address, **phone) as visit:
        visit.open(f"/learn?chapter={chapter}")
        main = visit.page.get_by_test_id("stMain")
        assert main.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
        visit.assert_fine()
