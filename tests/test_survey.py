"""The survey says what was measured."""

from __future__ import annotations

from benchmarks.survey import BEGIN, DOCUMENT, with_table
from recsys_core.lessons.measured import measured


def test_the_table_of_the_survey_is_what_was_measured() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document.count(BEGIN) == 1
    assert with_table(document, measured()) == document
