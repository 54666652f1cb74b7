"""``refrain drift``: every kind of drift beside none. What it says of real ratings: tests/test_survey.py."""

from __future__ import annotations

import json

import pytest

from recsys_core.models.timesvd import FAMILIES


def test_simulated_drifts_are_judged(refrain):
    code, out, err = refrain("drift", "--hold-out", "random", "--json", "-")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["simulated"] is True
    assert [row["family"] for row in answer["families"]] == list(FAMILIES)
    assert answer["families"][0]["drift_penalty"] is None
    assert all(row["change_high"] < 0 and row["p_holm"] < 0.05 for row in answer["families"][1:])
    code, out, _ = refrain("drift", "--hold-out", "random")
    assert out.startswith("Simulated ratings with planted drifts: 2,520 held-out ratings")
    assert "p (Holm)" in out


def test_a_catalogue_without_times_is_refused(refrain, tmdb_dir):
    code, _, err = refrain("drift", "--dataset", "tmdb-5000", "--data-dir", tmdb_dir)
    assert code == 2
    assert "no ratings with times" in err


@pytest.mark.parametrize("way", ["sideways"])
def test_an_unknown_way_to_hold_out_is_refused(refrain, way):
    code, _, err = refrain("drift", "--hold-out", way)
    assert code == 2
    assert "hold-out" in err
