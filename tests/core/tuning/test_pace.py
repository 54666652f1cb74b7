"""How long the next trial takes is read off those that are done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from recsys_core.tuning.pace import expected_trial_seconds, usual_trial_seconds
from recsys_core.tuning.trials import Trial

START = datetime(2026, 1, 2)


def trial(seconds, epochs=10, size=16, state="complete"):
    return Trial(
        number=0,
        state=state,
        parameters={"embedding_size": size},
        values=(0.5,),
        curve=[{"epoch": epoch} for epoch in range(epochs)],
        started=START,
        ended=None if state == "running" else START + timedelta(seconds=seconds),
    )


def test_nothing_is_forecast_before_a_trial_has_ended():
    assert expected_trial_seconds([], 10) is None
    assert usual_trial_seconds([]) is None
    assert expected_trial_seconds([trial(1, state="running")], 10) is None
    assert usual_trial_seconds([trial(1, state="running")]) is None


def test_the_median_pace_is_carried_over_to_the_epochs_of_the_next():
    done = [trial(1), trial(2), trial(30)]
    assert expected_trial_seconds(done, 10) == pytest.approx(2)
    assert expected_trial_seconds(done, 20) == pytest.approx(4)


def test_a_trial_given_up_early_counts_by_its_pace():
    assert expected_trial_seconds([trial(1, epochs=5, state="pruned")], 10) == pytest.approx(2)


def test_a_larger_profile_takes_longer():
    done = [trial(2, size=16)]
    assert expected_trial_seconds(done, 10, size=16) == pytest.approx(2)
    assert expected_trial_seconds(done, 10, size=48) == pytest.approx(4)


def test_the_usual_trial_is_the_mean_of_all_that_count():
    assert usual_trial_seconds([trial(1), trial(2, state="pruned"), trial(9, state="lost")]) == pytest.approx(
        1.5
    )
