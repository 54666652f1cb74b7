"""The survey says what was measured, and what is computed anew here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.survey import BEGIN, DOCUMENT, with_table
from benchmarks.survey_lessons import drift_figures, drift_lines, peeking_lines, with_block
from recsys_core.lessons.measured import measured
from recsys_core.models.timesvd import beyond_luck
from recsys_core.models.timesvd.choose import WAYS

if TYPE_CHECKING:
    from pathlib import Path

    from recsys_core.models.timesvd.choose import Way

THOUSANDTHS = (0.0005, 0.002)  # stars; what the page that teaches calls "about a thousandth of a star"
HELP = {"time": set(), "random": {"decay", "splines"}}


@pytest.fixture
def document() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def test_choice_and_table_of_the_survey_are_what_was_measured(document: str) -> None:
    assert document.count(BEGIN) == 1
    assert with_table(document, measured()) == document
    assert f"**Recommended: `{measured().models[0].model}`.**" in document


@pytest.mark.slow
def test_its_table_of_false_alarms_is_what_is_counted(document: str) -> None:
    assert with_block(document, "peeking", peeking_lines()) == document


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_its_tables_of_drifts_and_what_it_says_of_them_are_what_is_computed(
    document: str, movielens_dir: Path, way: Way
) -> None:
    found = drift_figures(movielens_dir, way)
    assert with_block(document, f"drift, {way}", drift_lines(found)) == document
    helping = found[beyond_luck(found) < 0]
    assert set(helping["family"]) == HELP[way]
    assert (-helping["change"]).between(*THOUSANDTHS).all()
