"""A downloaded table opens in a spreadsheet as text, whatever strangers called their artists."""

from __future__ import annotations

import io
import tomllib

import pandas as pd
import pytest

from recsys_dashboard.downloads import csv_bytes, guarded
from recsys_dashboard.settings import ROOT


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_starts_a_formula_is_defused(start):
    cell = f'{start}HYPERLINK("http://x")'
    assert guarded(pd.DataFrame({"name": [cell]}))["name"].tolist() == [f"'{cell}"]


def test_numbers_and_harmless_names_stay_as_they_are():
    frame = pd.DataFrame({"score": [-1.5, 2.0], "name": ["AC-DC", "a=b"], "hit": [True, False]})
    pd.testing.assert_frame_equal(guarded(frame), frame)


def test_column_heads_come_from_files_too():
    assert guarded(pd.DataFrame({"=evil": [1]})).columns.tolist() == ["'=evil"]


def test_the_frame_given_is_not_changed():
    frame = pd.DataFrame({"name": ["=1"]})
    guarded(frame)
    assert frame["name"].tolist() == ["=1"]


@pytest.mark.parametrize("kind", ["object", "str", "category"])
def test_every_kind_of_text_column_is_guarded(kind):
    frame = pd.DataFrame({"name": pd.Series(["=1", "ok"]).astype(kind)})
    assert b"'=1" in csv_bytes(frame)


def test_the_file_is_utf8_with_the_mark_that_excel_looks_for():
    data = csv_bytes(pd.DataFrame({"name": ["Sigur Rós", "椎名林檎"], "plays": [1, 2]}))
    assert data.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(io.BytesIO(data))
    assert back.to_dict("list") == {"name": ["Sigur Rós", "椎名林檎"], "plays": [1, 2]}


def test_streamlit_s_own_export_which_guards_nothing_is_off():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["client"]["disableDataExport"] is True
