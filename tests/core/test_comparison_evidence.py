"""What is kept beside a run: the same as each function says alone, written once, made again if damaged."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.comparison.beyond_accuracy import lists_table
from recsys_core.comparison.evidence import LENGTHS, evidence_of, kept_evidence, together
from recsys_core.comparison.segments import artists_table
from recsys_core.comparison.ties import ties_table
from recsys_core.datasets import load_demo
from recsys_core.errors import DataError
from recsys_core.runs import RunStore
from recsys_core.runs.artefacts import artefact_names
from recsys_core.splitting import split


@pytest.fixture(scope="module")
def made():
    """Runs of three models on the demo data and the split they were made on."""
    data = load_demo()
    request = ComparisonRequest(models=("svd", "item-knn"), epochs=1)
    runs = compare(data, request, created="2026-11-23T10:00:00+00:00")
    return runs, split(data, request.protocol)


def test_it_is_what_the_functions_for_several_runs_say(made):
    runs, parts = made
    found = together(evidence_of(run, parts) for run in runs)
    pd.testing.assert_frame_equal(found.artists, artists_table(runs, parts))
    pd.testing.assert_frame_equal(found.lists, lists_table(runs, parts))
    for metric in ("auc", "precision@10", "ndcg@20"):
        pd.testing.assert_frame_equal(found.ties_of(metric), ties_table(runs, parts, metric))


def test_there_are_figures_for_every_length_of_list(made):
    runs, parts = made
    metrics = set(evidence_of(runs[0], parts, k=7).ties["metric"])
    assert {f"precision@{k}" for k in (7, *LENGTHS)} <= metrics


def test_a_run_of_another_split_is_refused(made):
    runs, parts = made
    other = split(parts.dataset, parts.protocol.replace(seed=1))
    with pytest.raises(DataError, match="another split"):
        evidence_of(runs[0], other)


@pytest.fixture
def stored(made, tmp_path):
    runs, parts = made
    store = RunStore(tmp_path)
    store.save(runs[1])
    return store, runs[1], parts


def test_it_is_computed_once_and_read_afterwards(stored, monkeypatch):
    store, run, parts = stored
    first = kept_evidence(store, run, parts)
    assert artefact_names(store, run.manifest.run_id) == ["evidence-10"]
    monkeypatch.setattr("recsys_core.comparison.evidence.evidence_of", None)
    again = kept_evidence(store, run, parts)
    pd.testing.assert_frame_equal(first.artists, again.artists)
    pd.testing.assert_frame_equal(first.ties, again.ties)


def test_each_length_of_list_has_its_own(stored):
    store, run, parts = stored
    for k in (5, 10):
        kept_evidence(store, run, parts, k=k)
    assert artefact_names(store, run.manifest.run_id) == ["evidence-10", "evidence-5"]


def test_a_damaged_one_is_made_again(stored):
    store, run, parts = stored
    first = kept_evidence(store, run, parts)
    file = store.folder(run.manifest.run_id) / "artefacts" / "evidence-10" / "lists.parquet"
    file.write_bytes(b"broken")
    pd.testing.assert_frame_equal(kept_evidence(store, run, parts).lists, first.lists)
    assert file.read_bytes() != b"broken"


def test_a_run_deleted_meanwhile_is_still_told_about(stored):
    store, run, parts = stored
    store.delete(run.manifest.run_id)
    assert len(kept_evidence(store, run, parts).lists) == 1
    assert not store.folder(run.manifest.run_id).exists()
