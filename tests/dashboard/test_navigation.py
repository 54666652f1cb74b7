"""The frame: every page of the menu opens, says whose data it shows, and keeps the chosen data set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets.demo import load_demo
from recsys_core.errors import DataError
from recsys_core.runs import RunStore
from recsys_dashboard.navigation import PAGES, page_file
from recsys_dashboard.texts import text

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "back-end" / "recsys_dashboard" / "main.py"


def opened(page="home", **query):
    at = AppTest.from_file(MAIN, default_timeout=60)
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    return at if page == "home" else at.switch_page(f"../../pages/{page}.py").run()


def words(at):
    """Everything the page says in Markdown, badges included."""
    return " ".join(element.value for element in at.markdown).replace("\\", "")


def test_every_entry_is_a_page_and_every_page_has_an_entry():
    assert {entry.file for entry in PAGES} == set((ROOT / "pages").glob("*.py"))
    assert len({entry.name for entry in PAGES}) == len(PAGES)
    assert page_file("home") == ROOT / "pages" / "home.py"


@pytest.mark.parametrize("page", [entry.name for entry in PAGES])
def test_every_page_opens_without_real_data_and_says_that_people_are_simulated(data_root, page):
    at = opened(page)
    assert not at.exception
    assert not at.error
    assert len(at.title) == 1
    assert re.search("simulated (listeners|votes)", words(at))
    assert text(f"{page}.question") in words(at)


def test_real_data_are_named_with_their_size(data_root, monkeypatch, lastfm_dir):
    monkeypatch.setenv("REFRAIN_DATA", str(lastfm_dir))
    at = opened()
    assert "Last.fm 2011 · 1,892 listeners · 17,632 artists" in words(at)
    assert "simulated listeners" not in words(at)


def test_the_chosen_data_set_is_in_the_address_and_survives_changing_pages(
    data_root, monkeypatch, lastfm_dir
):
    monkeypatch.setenv("REFRAIN_DATA", str(lastfm_dir))
    at = opened()
    assert at.sidebar.selectbox(key="data").value == "lastfm"
    assert "data" not in at.query_params
    at.sidebar.selectbox(key="data").select("demo").run()
    assert at.query_params["data"] == "demo"
    at.switch_page("../../pages/preferences.py").run()
    assert at.sidebar.selectbox(key="data").value == "demo"
    assert "simulated listeners" in words(at)


@pytest.mark.parametrize(("asked", "shown"), [("demo", "demo"), ("no-such-data", "lastfm"), ("", "lastfm")])
def test_an_address_chooses_the_data_set_if_there_is_such_a_one(
    data_root, monkeypatch, lastfm_dir, asked, shown
):
    monkeypatch.setenv("REFRAIN_DATA", str(lastfm_dir))
    assert opened(data=asked).sidebar.selectbox(key="data").value == shown


def test_home_counts_and_lists_the_models_of_this_data_set(data_root):
    at = opened()
    assert [metric.value for metric in at.metric] == ["1,500", "303", "38,947,759", "0"]
    assert text("home.no_runs") in words(at)
    request = ComparisonRequest(models=("svd",), epochs=1)
    for run in compare(load_demo(), request, created="2026-01-02T03:04:05+00:00"):
        RunStore(data_root / "runs").save(run)
    at = opened()
    assert at.metric[-1].value == "1", "the baseline is no model that somebody trained"
    assert "SVD" in words(at)
    assert text("home.no_runs") not in words(at)


def page_that_raises(error):
    from recsys_dashboard import script_errors  # noqa: PLC0415  (AppTest runs this body as a script)

    assert script_errors.show(error)


def test_a_mistake_of_the_user_is_a_sentence_and_not_a_traceback():
    error = DataError("The weight is negative.", file="a_b.csv", line=3, fix="Remove the row.")
    at = AppTest.from_function(page_that_raises, args=(error,)).run()
    assert not at.exception
    assert at.error[0].value.replace("\\", "") == "a_b.csv, line 3: The weight is negative. Remove the row."


def test_a_mistake_of_ours_is_an_id_that_the_log_also_has(caplog):
    at = AppTest.from_function(page_that_raises, args=(ZeroDivisionError("secret details"),)).run()
    shown = at.error[0].value
    assert "secret" not in shown
    assert re.search(r"error ([0-9a-f]{6})", shown)[1] in caplog.text
