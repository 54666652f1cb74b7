"""Hits counted for all listeners at once equal hits counted one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets import Dataset, Source
from recsys_core.listening.hits import hits_per_user, listener_hits
from recsys_core.listening.preferences import Suggestions
from recsys_core.splitting import PROTOCOLS


@pytest.fixture(scope="module")
def run_and_data():
    rng = np.random.default_rng(5)
    users, items = np.nonzero(rng.random((30, 40)) < np.linspace(0.6, 0.05, 40))
    frame = pd.DataFrame({"user_id": users * 10, "item_id": items, "weight": 1.0 + items})
    dataset = Dataset.from_frame(frame, Source("test", "Test"))
    request = ComparisonRequest(models=("svd",), protocol=PROTOCOLS["all-pairs"])
    *_, run = compare(dataset, request, created="2026-01-01T00:00:00Z")
    return run, dataset


@pytest.fixture(scope="module")
def suggestions(run_and_data):
    return Suggestions(*run_and_data)


def test_hits_are_those_marked_one_listener_at_a_time(suggestions):
    table = hits_per_user(suggestions, 5)
    for row in table.itertuples():
        assert row.hits == suggestions.suggest(row.user_id, 5)["hit"].sum()
        assert row.held_out == suggestions.truth(row.user_id)["held_out"].sum()


def test_only_listeners_with_something_to_hit_are_judged(suggestions):
    table = hits_per_user(suggestions, 5)
    judged = {user for user in suggestions.dataset.users.ids if suggestions.truth(user)["held_out"].any()}
    assert set(table["user_id"]) == judged


def test_the_mean_is_the_precision_the_run_was_judged_by(run_and_data, suggestions):
    run, _ = run_and_data
    table = hits_per_user(suggestions, 10)
    one = listener_hits(table, table["user_id"].iloc[0], 10)
    assert one.mean_precision == pytest.approx(run.manifest.metrics["test"]["precision@10"]["mean"])
    assert one.precision == table["hits"].iloc[0] / 10


def test_a_listener_nobody_can_judge_has_no_held_out_artist(suggestions):
    nobody = listener_hits(hits_per_user(suggestions, 5), "not there", 5)
    assert (nobody.held_out, nobody.hits) == (0, 0)
    assert nobody.mean_hits > 0
