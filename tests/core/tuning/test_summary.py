"""The tables of a study, from trials written by hand; importances that know when they know nothing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from recsys_core.errors import SettingsError
from recsys_core.tuning import StudySummary, Trial, size_and_rate_grid
from recsys_core.tuning.importance import NEEDED
from tests.core.tuning.studies import begin, small_request


def trial(number, value, state="complete", **parameters):
    rows = [{"epoch": 1, "seconds": 0.5, "auc": value / 2}, {"epoch": 2, "seconds": 1.0, "auc": value}]
    curve = rows if state == "complete" else rows[1:]
    values = (value,) if state == "complete" else None
    return Trial(number, state, parameters, values, best_epoch=2, curve=curve, draw=number)


@pytest.fixture
def summary_of(tmp_path):
    """Return the summary of trials written by hand."""

    def make(trials, **values):
        study, _ = begin(tmp_path, small_request(objectives=["auc"], **values))
        return StudySummary(study.card, trials)

    return make


THREE = [
    trial(0, 0.7, learning_schedule="adagrad", embedding_size=10, learning_rate=0.05),
    trial(1, 0.6, "pruned", learning_schedule="adadelta", embedding_size=20, rho=0.9),
    trial(2, 0.8, learning_schedule="adagrad", embedding_size=40, learning_rate=0.01),
    trial(3, 0.75, learning_schedule="adagrad", embedding_size=50, learning_rate=0.02),
]


def test_history_keeps_the_best_so_far_and_pruned_trials_do_not_raise_it(summary_of):
    history = summary_of([THREE[1], *THREE[:1], *THREE[2:]]).history()
    assert history["value"].tolist() == [0.6, 0.7, 0.8, 0.75]
    assert np.isnan(history["best_so_far"][0])
    assert history["best_so_far"].tolist()[1:] == [0.7, 0.8, 0.8]


def test_the_table_has_a_row_per_trial_and_a_column_per_parameter(summary_of):
    table = summary_of(THREE).table()
    assert table["trial"].tolist() == [0, 1, 2, 3]
    assert table["state"].tolist() == ["complete", "pruned", "complete", "complete"]
    assert table["auc"].tolist()[::2] == [0.7, 0.8]
    assert np.isnan(table["auc"][1])
    assert table["rho"].isna().tolist() == [True, False, True, True]
    assert table["seconds"].tolist() == [1.0] * 4
    assert {"best_epoch", "epochs", "max_sampled", "asked", "reason"} <= set(table)


def test_the_best_is_a_whole_configuration(summary_of):
    best = summary_of(THREE, seed=5).best_configuration()
    assert (best["model"], best["epochs"]) == ("fast-warp", 2)
    assert (best["parameters"]["embedding_size"], best["parameters"]["seed"]) == (40, 5)
    assert best["parameters"]["max_sampled"] == 10


def test_counts_and_seconds(summary_of):
    summary = summary_of(THREE)
    assert summary.counts == {"complete": 3, "pruned": 1}
    assert summary.seconds == 4.0
    assert summary.curves()[0]["auc"].tolist() == [0.35, 0.7]


def test_parallel_has_the_top_only_best_first(summary_of):
    table = summary_of(THREE).parallel(2)
    assert table["trial"].tolist() == [2, 3]
    assert table["value"].tolist() == [0.8, 0.75]
    assert next(iter(table)) == "trial"
    assert list(table)[-1] == "value"


def test_an_empty_study_has_empty_tables(summary_of):
    summary = summary_of([])
    for table in (summary.history(), summary.table(), summary.parallel(), summary.front()):
        assert len(table) == 0
    assert summary.best is None
    assert summary.best_configuration() is None
    assert not summary.importances().enough


def test_the_front_holds_what_nothing_beats_in_everything(tmp_path):
    study, _ = begin(tmp_path, small_request(objectives=["auc", "seconds"]))
    points = [(0.9, 10.0), (0.8, 2.0), (0.85, 12.0), (0.7, 1.0), (0.7, 3.0)]
    trials = [
        dataclasses.replace(trial(number, 0.5, embedding_size=9), values=point)
        for number, point in enumerate(points)
    ]
    assert StudySummary(study.card, trials).front()["trial"].tolist() == [0, 1, 3]


def test_a_heat_map_shows_what_is_there_and_leaves_the_rest(tmp_path):
    study, _ = begin(
        tmp_path, size_and_rate_grid("fast-warp", sizes=(8, 16), rates=(0.1, 0.2), objectives=["auc"])
    )
    trials = [
        trial(0, 0.6, embedding_size=8, learning_rate=0.1),
        trial(1, 0.7, embedding_size=16, learning_rate=0.2),
        trial(2, 0.1, "lost", embedding_size=8, learning_rate=0.2),
    ]
    grid = StudySummary(study.card, trials).heat_map()
    assert grid.values.loc[8, 0.1] == 0.6
    assert grid.numbers.loc[16, 0.2] == 1
    assert (grid.filled, grid.best, grid.objective) == (2, (16, 0.2), "auc")
    assert grid.numbers.loc[8, 0.2] == -1
    with pytest.raises(SettingsError, match="no grid of"):
        StudySummary(study.card, trials).heat_map(rows="max_sampled")


def scattered(n, value):
    """Return trials at random over size and rate; ``value(size, rate)`` says what each is worth."""
    rng = np.random.default_rng(1)
    sizes, rates = np.exp(rng.uniform(np.log(8), np.log(256), n)).astype(int), 10 ** rng.uniform(-2, -1, n)
    return [
        trial(at, value(int(size), rate), embedding_size=int(size), learning_rate=float(rate))
        for at, (size, rate) in enumerate(zip(sizes, rates, strict=True))
    ]


def test_the_parameter_that_decides_comes_first_and_one_that_does_not_has_next_to_nothing(summary_of):
    found = summary_of(scattered(80, lambda _size, rate: 1 - abs(np.log10(rate) + 1.5))).importances()
    assert found.enough
    assert (found.n_trials, found.n_best) == (80, 8)
    assert found.table["parameter"].tolist() == ["learning_rate", "embedding_size"]
    assert found.table["importance"].sum() == pytest.approx(1)
    assert found.table["importance"][0] > 0.8


def test_too_few_trials_say_nothing_and_say_so(summary_of):
    few = summary_of(scattered(NEEDED - 1, lambda size, _rate: size)).importances()
    assert (few.enough, len(few.table), few.n_trials, few.needed) == (False, 0, NEEDED - 1, NEEDED)
    assert summary_of(scattered(NEEDED, lambda size, _rate: float(size))).importances().enough


def test_the_gain_is_over_the_usual_setting_that_a_search_tries_first(summary_of):
    assert summary_of(THREE).gain_over_usual() == pytest.approx(0.8 / 0.7 - 1)
    assert summary_of(THREE[1:]).gain_over_usual() is None  # the usual setting was not tried
    assert summary_of([]).gain_over_usual() is None


def test_a_best_setting_at_the_end_of_a_range_is_named(summary_of):
    edge = trial(4, 0.9, learning_schedule="adagrad", embedding_size=256, learning_rate=0.02)
    assert summary_of([*THREE, edge]).best_at_edge() == ["embedding_size"]
    assert summary_of(THREE).best_at_edge() == []
    assert summary_of([]).best_at_edge() == []
