"""Every model of the registry takes the exam of the family."""

from __future__ import annotations

from typing import ClassVar

from recsys_core.models.registry import MODELS
from tests.contracts.recommender_contract import RecommenderContract


class TestWarp(RecommenderContract):
    name = "lightfm-warp"


class TestBpr(RecommenderContract):
    name = "lightfm-bpr"


class TestWarpKos(RecommenderContract):
    name = "lightfm-warp-kos"


class TestLogistic(RecommenderContract):
    name = "lightfm-logistic"
    epochs = 300  # a pointwise loss on ones alone learns slowly


class TestFastWarp(RecommenderContract):
    name = "fast-warp"


class TestFastBpr(RecommenderContract):
    name = "fast-bpr"


class TestFastWarpKos(RecommenderContract):
    name = "fast-warp-kos"


class TestFastLogistic(RecommenderContract):
    name = "fast-logistic"
    epochs = 300  # as above


class TestSvd(RecommenderContract):
    name = "svd"
    settings: ClassVar[dict] = {"embedding_size": 2}
    cannot: ClassVar[dict[str, str]] = {
        "be trained further": "is solved in one step",
        "be seeded": "ends at the same two singular vectors whatever the seed",
    }


class TestPopularity(RecommenderContract):
    name = "popularity"
    cannot: ClassVar[dict[str, str]] = {
        "learn taste": "gives everybody the same list",
        "compare items": "knows of an item only how many have it",
        "be seeded": "counts; there is no chance in it",
        "be trained further": "is counted in one step",
    }


class TestRandom(RecommenderContract):
    name = "random"
    cannot: ClassVar[dict[str, str]] = {
        "learn taste": "knows nothing",
        "compare items": "knows nothing of items",
        "be trained further": "there is nothing to train",
    }


def test_no_model_escapes_the_exam():
    examined = {one.name for one in RecommenderContract.__subclasses__()}
    assert examined == set(MODELS)
