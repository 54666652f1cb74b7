"""Progress read from events: never backwards, complete at the end, unmoved by events of others."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys_core.comparison.progress import Progress
from tests.core.comparison_data import small_comparison

PLAN = {"popularity": 1, "lightfm-warp": 4, "svd": 1}


def started(model, index):
    return {"kind": "started", "model": model, "index": index, "of": 3, "epochs": PLAN[model], "plan": PLAN}


def epoch(model, number, seconds=1.0):
    return {"kind": "epoch", "model": model, "epoch": number, "seconds": number * seconds,
            "evaluation_seconds": 1.0}  # fmt: skip


HALF_WAY = [
    started("popularity", 0),
    epoch("popularity", 1, 0.0),
    {"kind": "finished", "model": "popularity"},
    started("lightfm-warp", 1),
    epoch("lightfm-warp", 1),
    epoch("lightfm-warp", 2),
]


def test_before_anything_happened_there_is_nothing_to_say():
    progress = Progress.from_events([])
    assert (progress.fraction, progress.seconds_left, progress.curves()) == (0.0, None, {})


def test_half_way_it_knows_model_epoch_share_and_time_left():
    progress = Progress.from_events(HALF_WAY)
    assert (progress.model, progress.index, progress.epoch, progress.epochs) == ("lightfm-warp", 1, 2, 4)
    assert progress.finished == ["popularity"]
    assert progress.fraction == (1 + 2) / (1 + 4 + 1)
    # an epoch of WARP took 1 s and its judging 1 s; two are left, and one of SVD
    assert progress.seconds_left == 2 * 2 + 1 * 2


def test_a_single_quick_epoch_is_no_forecast():
    assert Progress.from_events(HALF_WAY[:4]).seconds_left is None


def test_events_of_other_kinds_are_skipped():
    noisy = [{"kind": "weather"}, *HALF_WAY, {}]
    assert Progress.from_events(noisy).fraction == Progress.from_events(HALF_WAY).fraction


def test_real_events_only_ever_move_forward_and_rebuild_the_curves_of_the_runs():
    events, runs = small_comparison("lightfm-warp", "svd")
    shares = [Progress.from_events(events[:n]).fraction for n in range(len(events) + 1)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    whole = Progress.from_events(events)
    assert whole.seconds_left == pytest.approx(0)
    assert list(whole.curves()) == whole.finished == ["popularity", "lightfm-warp", "svd"]
    for run in runs:
        pd.testing.assert_frame_equal(whole.curves()[run.manifest.model], run.curve, check_dtype=False)
