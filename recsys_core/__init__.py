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
    from recsys_core.runs import Run, RunStore
    from recsys_core.splitting import PROTOCOLS, Protocol, Split, split
    from recsys_core.statistics import bootstrap_intervals, paired_difference

_HOMES = {
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
    "runs": ("Run", "RunStore"),
    "splitting": ("PROTOCOLS", "Protocol", "Split", "split"),
    "statistics": ("bootstrap_intervals", "paired_difference"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "MODELS",
    "PROTOCOLS",
    "ColumnChoice",
    "ComparisonRequest",
    "Dataset",
    "DatasetChoice",
    "Evaluator",
    "IdMap",
    "Interactions",
    "Protocol",
    "Recommender",
    "RefrainError",
    "Report",
    "Run",
    "RunStore",
    "Split",
    "Suggestions",
    "available_choices",
    "bootstrap_intervals",
    "compare",
    "create_model",
    "download_lastfm",
    "evaluate",
    "first_reaching",
    "get_ground_truth",
    "get_recommandation",
    "get_recommendation",
    "guess_columns",
    "load_dataset",
    "load_demo",
    "load_lastfm",
    "load_table",
    "paired_difference",
    "split",
]


def __getattr__(name: str) -> Any:
    """Return a public name, importing the module it lives in (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names, for completion."""
    return [*__all__, "__doc__", "__name__"]
