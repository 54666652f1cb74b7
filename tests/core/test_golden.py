"""Known figures of the real data, to four decimals: driver's protocol, seed 42, one thread, ten epochs."""

from __future__ import annotations

import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.evaluation import evaluate
from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.models.registry import create_model
from recsys_core.ranking import held_out_ranks

TEST = {
    "lightfm-warp": {"auc": 0.8568, "precision@10": 0.1316, "recall@10": 0.1339, "mrr": 0.3839},
    "popularity": {"auc": 0.7805, "precision@10": 0.0685, "recall@10": 0.0689},
    "svd": {"auc": 0.8554, "precision@10": 0.1517, "recall@10": 0.1553},
}
TRAIN = {"lightfm-warp": {"auc": 0.9643, "precision@10": 0.3738, "recall@10": 0.0960}}
TIES_COUNT_HALF = {"popularity": 0.8082, "svd": 0.8640}


@pytest.fixture(scope="module")
def runs(lastfm):
    """The comparison that ``refrain compare`` makes of the same arguments."""
    request = ComparisonRequest(models=("lightfm-warp", "svd"))
    made = compare(lastfm, request, created="2026-01-01T00:00:00+00:00")
    return {run.manifest.model: run for run in made}


def to_four_decimals(expected):
    return {name: pytest.approx(value, abs=5.1e-5) for name, value in expected.items()}


@pytest.mark.parametrize(("part", "model"), [("test", m) for m in TEST] + [("train", m) for m in TRAIN])
def test_golden_figures(runs, part, model):
    expected = {"test": TEST, "train": TRAIN}[part][model]
    metrics = runs[model].manifest.metrics[part]
    assert {name: metrics[name]["mean"] for name in expected} == to_four_decimals(expected)


def test_the_whole_learning_curve(runs):
    expected = [0.8064, 0.8224, 0.8321, 0.8387, 0.8434, 0.8471, 0.8502, 0.8527, 0.8549, 0.8568]
    assert runs["lightfm-warp"].curve["test_auc"].tolist() == pytest.approx(expected, abs=5.1e-5)
    assert runs["lightfm-warp"].manifest.milestones["95"]["epoch"] == 2


def test_popularity_alone_reaches_nine_tenths_of_the_best(runs):
    best = runs["lightfm-warp"].curve["test_auc"].max()
    assert runs["popularity"].manifest.metrics["test"]["auc"]["mean"] > 0.9 * best


def test_users_and_pairs_judged(runs):
    manifest = runs["lightfm-warp"].manifest
    assert (manifest.n_train, manifest.n_test, manifest.n_test_users) == (73_758, 18_440, 1_873)


@pytest.mark.parametrize("model", TIES_COUNT_HALF)
def test_the_verdict_depends_on_how_ties_are_counted(driver_split, model):
    """2,320 artists have no train listener: popularity and SVD score them all alike."""
    trained = create_model(model).fit(driver_split.training)
    train, test = (part.to_csr(binary=True) for part in (driver_split.train, driver_split.test))
    ranks = held_out_ranks(trained.scorer, test, train, ties="half")
    auc = per_user_metrics(ranks, test.shape[1])["auc"].mean()
    assert auc == pytest.approx(TIES_COUNT_HALF[model], abs=5.1e-5)


def test_chance_is_worth_one_half(driver_split):
    means = evaluate(create_model("random").fit(driver_split.training), driver_split).means()
    assert means["auc"] == pytest.approx(0.5, abs=0.01)
