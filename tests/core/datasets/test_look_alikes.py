"""Names that may be one artist are pointed out, never merged."""

from __future__ import annotations

import pytest

from recsys_core.datasets.look_alikes import look_alikes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BIG BANG", "BigBang"),
        ("Rihanna", "Rihannà"),
        ("Panic! at the Disco", "Panic at the Disco"),
        ("Britney Spears", "Britney Spears⊼"),
    ],
)
def test_case_accents_and_signs_do_not_tell_artists_apart(one: str, other: str) -> None:
    assert look_alikes([one, "Muse", other]) == [[one, other]]


@pytest.mark.parametrize("names", [["Muse", "Müsli"], ["!!!", "???"], ["Muse", "Muse"], []])
def test_different_or_equal_names_are_no_group(names: list[str]) -> None:
    assert look_alikes(names) == []
