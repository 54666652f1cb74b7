"""Refrain: build, understand and tune a recommender.

The public names below are enough for a notebook; each is loaded when first asked for, so that
``import recsys_core`` itself takes no time.

Examples
--------
>>> from recsys_core import create_model, evaluate, get_recommendation, load_demo, split, PROTOCOLS
>>> parts = split(load_demo(), PROTOCOLS["driver"])
>>> model = create_model("lightfm-warp").fit(parts.training, epochs=10)
>>> evaluate(model, parts).means()["auc"] > 0.5
True
>>> list(get_recommendation(1, model, k=3)["rank"])
[1, 2, 3]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recsys_core.artist_map import ItemVectors, MapSettings, MapStore, build_map, similar_artists
    from recsys_core.comparison import ComparisonRequest, compare
    from recsys_core.convergence import first_reaching
    from recsys_core.datasets import (
        ColumnChoice,
        Dataset,
        DatasetChoice,
        IdMap,
        Interactions,
        available_choices,
        download_lastfm,
        guess_columns,
        load_dataset,
        load_demo,
        load_lastfm,
        load_table,
    )
    from recsys_core.errors import RefrainError
    from recsys_core.evaluation import Evaluator, Report, evaluate
    from recsys_core.listening.preferences import (
        Suggestions,
        get_ground_truth,
        get_recommandation,
        get_recommendation,
    )
    from recsys_core.models.base import Recommender
    from recsys_core.models.registry import MODELS, create_model
    from recsys_core.movies.choice import MovieChoice, load_movies
    from recsys_core.movies.content import ContentModel, FilmTexts
    from recsys_core.movies.jaccard import jaccard_distances
    from recsys_core.movies.memory import similarity_memory
    from recsys_core.movies.profile import bag_of_words_profile, rank_by_profile
    from recsys_core.movies.weighted_rating import weighted_rating
    from recsys_core.runs import Run, RunStore
    from recsys_core.splitting import PROTOCOLS, Protocol, Split, split
    from recsys_core.statistics import bootstrap_intervals, paired_difference
    from recsys_core.tuning import Budget, StudyStore, StudySummary, TuningRequest, run_study, train_best

_HOMES = {
    "artist_map": ("ItemVectors", "MapSettings", "MapStore", "build_map", "similar_artists"),
    "comparison": ("ComparisonRequest", "compare"),
    "convergence": ("first_reaching",),
    "datasets": (
        "ColumnChoice",
        "Dataset",
        "DatasetChoice",
        "IdMap",
        "Interactions",
        "available_choices",
        "download_lastfm",
        "guess_columns",
        "load_dataset",
        "load_demo",
        "load_lastfm",
        "load_table",
    ),
    "errors": ("RefrainError",),
    "evaluation": ("Evaluator", "Report", "evaluate"),
    "models.base": ("Recommender",),
    "models.registry": ("MODELS", "create_model"),
    "listening.preferences": ("Suggestions", "get_ground_truth", "get_recommandation", "get_recommendation"),
    "movies.choice": ("MovieChoice", "load_movies"),
    "movies.content": ("ContentModel", "FilmTexts"),
    "movies.jaccard": ("jaccard_distances",),
    "movies.memory": ("similarity_memory",),
    "movies.profile": ("bag_of_words_profile", "rank_by_profile"),
    "movies.weighted_rating": ("weighted_rating",),
    "runs": ("Run", "RunStore"),
    "splitting": ("PROTOCOLS", "Protocol", "Split", "split"),
    "statistics": ("bootstrap_intervals", "paired_difference"),
    "tuning": ("Budget", "StudyStore", "StudySummary", "TuningRequest", "run_study", "train_best"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "MODELS",
    "PROTOCOLS",
    "Budget",
    "ColumnChoice",
    "ComparisonRequest",
    "ContentModel",
    "Dataset",
    "DatasetChoice",
    "Evaluator",
    "FilmTexts",
    "IdMap",
    "Interactions",
    "ItemVectors",
    "MapSettings",
    "MapStore",
    "MovieChoice",
    "Protocol",
    "Recommender",
    "RefrainError",
    "Report",
    "Run",
    "RunStore",
    "Split",
    "StudyStore",
    "StudySummary",
    "Suggestions",
    "TuningRequest",
    "available_choices",
    "bag_of_words_profile",
    "bootstrap_intervals",
    "build_map",
    "compare",
    "create_model",
    "download_lastfm",
    "evaluate",
    "first_reaching",
    "get_ground_truth",
    "get_recommandation",
    "get_recommendation",
    "guess_columns",
    "jaccard_distances",
    "load_dataset",
    "load_demo",
    "load_lastfm",
    "load_movies",
    "load_table",
    "paired_difference",
    "rank_by_profile",
    "run_study",
    "similar_artists",
    "similarity_memory",
    "split",
    "train_best",
    "weighted_rating",
]


def __getattr__(name: str) -> Any:
    """Return a public name, importing the module it lives in (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names, for completion."""
    return [*__all__, "__doc__", "__name__"]
