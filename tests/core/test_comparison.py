"""Several models on one split: baseline first, judged after every epoch, each kept as a run."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.errors import CancelledError, DivergedError, SettingsError
from recsys_core.evaluation import evaluate
from recsys_core.models.registry import create_model
from recsys_core.splitting import PROTOCOLS, Protocol, split
from tests.core.small_data import random_dataset

NOW = "2026-11-23T10:00:00+00:00"
OTHER_TIME = "2026-11-23T10:00:01+00:00"


@pytest.fixture(scope="module")
def data():
    return random_dataset(60, 40, 700)


def request_for(*models, **values):
    return ComparisonRequest(models=models, protocol=PROTOCOLS["all-pairs"], **values)


@pytest.fixture(scope="module")
def runs(data):
    return compare(data, request_for("lightfm-warp", "svd", epochs=3), created=NOW)


def test_the_baseline_is_always_there_and_first(data, runs):
    assert [run.manifest.model for run in runs] == ["popularity", "lightfm-warp", "svd"]
    named = compare(data, request_for("svd", "popularity", "svd"), created=NOW)
    assert [run.manifest.model for run in named] == ["popularity", "svd"]


def test_a_run_is_what_fit_and_evaluate_give(data, runs):
    parts = split(data, PROTOCOLS["all-pairs"])
    model = create_model("lightfm-warp").fit(parts.training, epochs=3)
    report = evaluate(model, parts)
    manifest = runs[1].manifest
    for part in ("test", "train"):
        means = {name: one["mean"] for name, one in manifest.metrics[part].items()}
        assert means == pytest.approx(report.means(part))
        for name, one in report.intervals(part).items():
            assert manifest.metrics[part][name] == {"mean": one.mean, "low": one.low, "high": one.high}
    assert all((runs[1].arrays[name] == array).all() for name, array in model.arrays().items())


def test_the_curve_is_the_same_model_stopped_earlier(data, runs):
    parts = split(data, PROTOCOLS["all-pairs"])
    for epoch in (1, 2, 3):
        means = evaluate(create_model("lightfm-warp").fit(parts.training, epochs=epoch), parts).means()
        row = runs[1].curve.iloc[epoch - 1]
        assert row["epoch"] == epoch
        assert {name: row[f"test_{name}"] for name in means} == pytest.approx(means)


def test_models_that_learn_in_one_step_have_one_row(runs):
    assert [len(run.curve) for run in runs] == [1, 3, 1]
    assert [run.manifest.epochs for run in runs] == [1, 3, 1]


def test_per_user_figures_average_to_those_of_the_manifest(runs, data):
    per_user = runs[2].per_user
    for part, rows in per_user.groupby("part"):
        assert rows["auc"].mean() == pytest.approx(runs[2].manifest.metrics[part]["auc"]["mean"])
        assert set(rows["user_id"]) <= set(data.users.ids)


def test_each_model_takes_its_own_of_the_parameters(data):
    request = request_for("lightfm-bpr", "svd", embedding_size=4, learning_rate=0.2, epochs=1)
    baseline, bpr, svd = compare(data, request, created=NOW)
    assert baseline.manifest.parameters == {}
    assert bpr.manifest.parameters["learning_rate"] == 0.2
    assert svd.manifest.parameters["embedding_size"] == 4
    assert "learning_rate" not in svd.manifest.parameters
    assert svd.arrays["item_embeddings"].shape == (data.n_items, 4)


def test_list_length_is_the_k_of_the_metrics(data):
    run = compare(data, request_for("svd", list_length=3), created=NOW)[1]
    assert set(run.manifest.metrics["test"]) == {"auc", "mrr", "map", "precision@3", "recall@3", "ndcg@3"}


def test_manifests_say_what_was_done(data, runs):
    manifest = runs[1].manifest
    assert (manifest.created, manifest.dataset.fingerprint) == (NOW, data.fingerprint)
    assert manifest.n_train + manifest.n_test == len(data.interactions)
    assert set(manifest.milestones) == {"95", "99"}
    assert {"python", "numpy", "lightfm-next"} <= set(manifest.versions)
    assert len({run.manifest.comparison_id for run in runs}) == 1
    assert len({run.manifest.run_id for run in runs}) == 3


def test_runs_of_another_time_or_request_have_other_ids(data, runs):
    later = compare(data, request_for("lightfm-warp", "svd", epochs=3), created=OTHER_TIME)
    other = compare(data, request_for("lightfm-warp", "svd", epochs=2), created=NOW)
    ids = [{run.manifest.run_id for run in some} for some in (runs, later, other)]
    assert len(set.union(*ids)) == 9


def test_events_tell_the_story_in_json(data):
    events = []
    compare(data, request_for("lightfm-warp", epochs=2), created=NOW, on_event=events.append)
    assert msgspec.json.decode(msgspec.json.encode(events)) == events
    told = [(event["kind"], event["model"], event.get("epoch")) for event in events]
    assert told == [
        ("started", "popularity", None),
        ("epoch", "popularity", 1),
        ("finished", "popularity", None),
        ("started", "lightfm-warp", None),
        ("epoch", "lightfm-warp", 1),
        ("epoch", "lightfm-warp", 2),
        ("finished", "lightfm-warp", None),
    ]
    assert events[3]["epochs"] == 2
    assert (events[3]["index"], events[3]["of"]) == (1, 2)


def test_training_and_judging_are_timed_apart(data):
    """Every look at the clock takes a second: one epoch is one second of training, one of judging."""
    ticks = itertools.count()
    request = request_for("lightfm-warp", epochs=3)
    run = compare(data, request, created=NOW, clock=lambda: float(next(ticks)))[1]
    assert run.curve["seconds"].tolist() == [1, 2, 3]
    assert run.curve["evaluation_seconds"].tolist() == [1, 1, 1]
    assert run.manifest.seconds == {"fit": 3, "evaluation": 3}


def test_runs_finished_before_a_stop_are_handed_over(data):
    kept = []
    stop = iter([False, False, True])
    with pytest.raises(CancelledError, match="lightfm-warp was stopped after 1 epochs"):
        compare(
            data,
            request_for("lightfm-warp", epochs=9),
            created=NOW,
            on_run=kept.append,
            should_stop=lambda: next(stop),
        )
    assert [run.manifest.model for run in kept] == ["popularity"]


def test_divergence_of_one_model_keeps_nobody_else_from_training(lastfm):
    kept = []
    request = ComparisonRequest(models=("lightfm-warp", "svd"), learning_rate=10.0)
    with pytest.raises(DivergedError, match="learning rate 10"):
        compare(lastfm, request, created=NOW, on_run=kept.append)
    assert [run.manifest.model for run in kept] == ["popularity", "svd"]


@pytest.mark.parametrize(
    ("request_values", "text"),
    [
        ({"models": ("nonsense",)}, "There is no model 'nonsense'"),
        ({"models": ("svd",), "epochs": 0}, "epochs: expected a whole number of at least 1"),
        ({"models": ("svd",), "protocol": Protocol(method="time", scaling="none")}, "no timestamps"),
    ],
)
def test_bad_requests_stop_before_anything_is_trained(data, request_values, text):
    events = []
    with pytest.raises(SettingsError, match=text):
        compare(data, ComparisonRequest(**request_values), created=NOW, on_event=events.append)
    assert not events
