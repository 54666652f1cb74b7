"""Quality against seconds, and tables to take away."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.comparison.export import FORMATS, to_csv, to_latex, to_markdown
from recsys_core.comparison.quality_in_time import pareto_front, quality_in_time, seconds_to
from tests.core.comparison_data import curve

POINT = st.tuples(st.integers(0, 5), st.integers(0, 5))


@given(st.lists(POINT, max_size=12))
def test_the_front_is_what_nothing_beats(points):
    costs, values = (np.array([one[at] for one in points], float) for at in (0, 1))
    slow = [
        not any(
            (c <= cost and v >= value) and (c < cost or v > value) for c, v in zip(costs, values, strict=True)
        )
        for cost, value in zip(costs, values, strict=True)
    ]
    assert pareto_front(costs, values).tolist() == slow


def test_what_is_not_a_number_is_never_on_the_front():
    assert pareto_front(np.array([1, np.nan, 2]), np.array([np.nan, 1, 0.5])).tolist() == [False, False, True]


def test_all_models_in_one_table():
    table = quality_in_time({"quick": curve(0.7, 0.6), "slow": curve(0.5, 0.9, seconds=10.0)}, "test_auc")
    assert table["model"].tolist() == ["quick", "quick", "slow", "slow"]
    assert table["seconds"].tolist() == [1, 2, 10, 20]
    assert table["best_so_far"].tolist() == [0.7, 0.7, 0.5, 0.9]
    assert table["on_front"].tolist() == [True, False, False, True]
    reached = seconds_to(table, 0.8)
    assert np.isnan(reached["quick"])
    assert reached["slow"] == 20


TABLE = pd.DataFrame(
    {
        "model": ["a|b", "c_d & 5 %", None],
        "mean": [0.123456789, np.nan, 1.0],
        "n": [1, 2, 3],
        "level": [True, False, True],
    }
)


def test_csv_keeps_every_digit():
    rows = list(csv.DictReader(io.StringIO(to_csv(TABLE))))
    assert float(rows[0]["mean"]) == 0.123456789
    assert [row["model"] for row in rows] == ["a|b", "c_d & 5 %", ""]


def test_markdown_is_a_pipe_table():
    lines = to_markdown(TABLE).splitlines()
    assert lines[:2] == ["| model | mean | n | level |", "| :--- | ---: | ---: | :--- |"]
    assert lines[2] == "| a\\|b | 0.1235 | 1 | yes |"
    assert lines[4] == "| – | 1.0000 | 3 | yes |"


def test_latex_escapes_what_latex_reads():
    text = to_latex(TABLE, digits=2)
    assert r"\begin{tabular}{lrrl}" in text
    assert r"c\_d \& 5 \% & – & 2 & no \\" in text
    assert text.count(r"\\") == 4
    assert to_latex(pd.DataFrame({"x": ["\\^~{}"]})).count(r"\textbackslash{}\textasciicircum{}") == 1


@pytest.mark.parametrize("kind", FORMATS)
def test_an_empty_table_is_a_table(kind):
    assert "model" in FORMATS[kind](TABLE.iloc[:0])
