"""Everybody's lists: what the model would say to each, kept beside the run, made again when damaged."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.errors import RunError
from recsys_core.listening.popularity_lists import (
    FILE,
    NAME,
    baseline_lists,
    known_to_be_heard,
    top_lists,
)
from recsys_core.listening.preferences import Suggestions
from recsys_core.runs import RunStore
from recsys_core.runs.arrays import write_arrays
from recsys_core.runs.artefacts import read_artefact, write_artefact
from recsys_core.splitting import PROTOCOLS, split
from tests.core.small_data import random_dataset


@pytest.fixture(scope="module")
def data():
    return random_dataset(50, 130, 1500)


@pytest.fixture(scope="module")
def run(data):
    request = ComparisonRequest(models=("svd",), epochs=1)
    return compare(data, request, created="2026-11-23T10:00:00+00:00")[1]


@pytest.fixture
def store(tmp_path, run):
    made = RunStore(tmp_path / "runs")
    made.save(run)
    return made


def test_the_lists_are_what_every_listener_is_told(store, run, data):
    found = top_lists(store, run.manifest.run_id, data)
    table = Suggestions(run, data).lists(data.users.ids, 100)
    users, items = data.users.to_idx(table["user_id"]), data.items.to_idx(table["item_id"])
    assert found.item_idx.shape == (50, 100)
    np.testing.assert_array_equal(found.item_idx[users, table["rank"] - 1], items)
    assert (found.item_idx >= 0).sum() == len(table)


def test_they_are_kept_beside_the_run_and_read_from_there(store, run, data, monkeypatch):
    run_id = run.manifest.run_id
    first = top_lists(store, run_id, data)
    assert read_artefact(store, run_id, NAME).about == {"length": 100}
    monkeypatch.setattr(RunStore, "load", None)  # whoever computes again needs the run
    again = top_lists(store, run_id, data)
    np.testing.assert_array_equal(first.item_idx, again.item_idx)
    np.testing.assert_array_equal(first.scores, again.scores)


@pytest.mark.parametrize("how", ["flipped", "rubbish", "other shape", "foreign item"])
def test_damaged_lists_are_made_again(store, run, data, how):
    run_id = run.manifest.run_id
    first = top_lists(store, run_id, data)
    path = read_artefact(store, run_id, NAME).path(FILE)
    if how == "flipped":
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    else:
        arrays = {"item_idx": first.item_idx.copy(), "scores": first.scores}
        if how == "other shape":
            arrays["item_idx"] = arrays["item_idx"][:, :3]
        elif how == "foreign item":
            arrays["item_idx"][0, 0] = 130
        content = b"rubbish" if how == "rubbish" else lambda file: write_arrays(file, arrays)
        write_artefact(store, run_id, NAME, {FILE: content})
    np.testing.assert_array_equal(top_lists(store, run_id, data).item_idx, first.item_idx)
    stored = read_artefact(store, run_id, NAME)
    assert stored.about == {"length": 100}, "and the mended ones are kept"


def test_where_nothing_can_be_kept_they_are_shown_all_the_same(store, run, data, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise RunError("No space left on device.")

    monkeypatch.setattr("recsys_core.listening.popularity_lists.write_artefact", refuse)
    assert top_lists(store, run.manifest.run_id, data).item_idx.shape == (50, 100)
    assert read_artefact(store, run.manifest.run_id, NAME) is None


def test_lists_of_other_data_are_refused(store, run):
    with pytest.raises(RunError, match="was trained on"):
        top_lists(store, run.manifest.run_id, random_dataset(seed=5))


def test_nobody_is_given_what_is_known_to_be_heard(data):
    parts = split(data, PROTOCOLS["driver"])
    heard = known_to_be_heard(parts)
    assert heard.nnz == len(data.interactions) - len(parts.test)
    lists = baseline_lists(parts).item_idx
    users, columns = np.nonzero(lists >= 0)
    assert heard[users, lists[users, columns]].sum() == 0


def test_the_charts_go_by_the_train_part(data):
    parts = split(data, PROTOCOLS["all-pairs"])
    listeners = np.bincount(parts.train.item_idx, minlength=130)
    heard = known_to_be_heard(parts)
    for user, row in enumerate(baseline_lists(parts).first(5)):
        unheard = [i for i in np.lexsort((np.arange(130), -listeners)) if not heard[user, i]]
        assert row.tolist() == unheard[:5]
