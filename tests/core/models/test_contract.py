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


SOLVED: dict[str, str] = {
    "be trained further": "is solved in one step",
    "be seeded": "there is no chance in it",
}


class TestALS(RecommenderContract):
    name = "als"
    settings: ClassVar[dict] = {"embedding_size": 4, "regularisation": 0.1}


class TestTaggedALS(RecommenderContract):
    name = "als-tags"
    settings: ClassVar[dict] = {"embedding_size": 4, "regularisation": 0.1}


class TestLightFMHybrid(RecommenderContract):
    name = "lightfm-hybrid"
    settings: ClassVar[dict] = {"learning_rate": 0.05, "embedding_size": 10}


class TestFastHybrid(RecommenderContract):
    name = "fast-hybrid"
    settings: ClassVar[dict] = {"learning_rate": 0.05, "embedding_size": 10}


class TestFastHybridOfSeveralTrainings(RecommenderContract):
    name = "fast-hybrid"
    settings: ClassVar[dict] = {"learning_rate": 0.05, "embedding_size": 5, "repeats": 3}


class TestImplicitBpr(RecommenderContract):
    name = "implicit-bpr"
    settings: ClassVar[dict] = {"embedding_size": 8, "learning_rate": 0.05}
    epochs = 100


class TestEase(RecommenderContract):
    name = "ease"
    settings: ClassVar[dict] = {"regularisation": 1.0}
    cannot = SOLVED


class TestTaggedEase(RecommenderContract):
    name = "ease-tags"
    settings: ClassVar[dict] = {"regularisation": 1.0}
    cannot = SOLVED


class TestItemNeighbours(RecommenderContract):
    name = "item-knn"
    cannot = SOLVED


class TestRP3beta(RecommenderContract):
    name = "rp3beta"
    cannot = SOLVED


class TestSvd(RecommenderContract):
    name = "svd"
    settings: ClassVar[dict] = {"embedding_size": 2}
    cannot: ClassVar[dict[str, str]] = {
        "be trained further": "is solved in one step",
        "be seeded": "ends at the same two singular vectors whatever the seed",
    }


class TestQuickHybrid(RecommenderContract):
    name = "quick-hybrid"
    settings: ClassVar[dict] = {"regularisation": 1.0}
    cannot: ClassVar[dict[str, str]] = {
        **SOLVED,
        "compare items": "has no items of its own, only members",
    }


class TestHybrid(RecommenderContract):
    name = "hybrid"
    settings: ClassVar[dict] = {"warp_size": 8, "regularisation": 1.0, "warp_epochs": 30}
    cannot: ClassVar[dict[str, str]] = {
        "be trained further": "trains its members once",
        "compare items": "has no items of its own, only members",
    }


class TestEnsemble(RecommenderContract):
    name = "ensemble"
    settings: ClassVar[dict] = {"epochs": 20}
    cannot: ClassVar[dict[str, str]] = {
        "be trained further": "trains its members once",
        "compare items": "has no items of its own, only members",
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
    examined = {one.name for one in RecommenderContract.__subclasses__() if one.__module__ == __name__}
    assert examined == set(MODELS)
