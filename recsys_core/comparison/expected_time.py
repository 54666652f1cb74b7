"""How long a comparison will roughly take, before anything has been measured here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.comparison import BASELINE
from recsys_core.models.registry import MODELS

if TYPE_CHECKING:
    from recsys_core.comparison import ComparisonRequest
    from recsys_core.datasets import Dataset

# fitted by eye to LightFM on Last.fm (1,892 x 17,632, 92,834 pairs) at size 32; our own trainers are faster
SCORING, TRAINING = 1.2e-10, 1.4e-8  # seconds per multiplication


def expected_seconds(dataset: Dataset, request: ComparisonRequest) -> float:
    """Return a rough number of seconds, right within a factor of two or three."""
    models = [name for name in {BASELINE, *request.models} if name in MODELS]
    return sum(_seconds(dataset, request, name) for name in models)


def _seconds(dataset: Dataset, request: ComparisonRequest, name: str) -> float:
    # memory traffic costs as much as some sixteen further dimensions
    size = request.parameters(name).get("embedding_size", request.embedding_size) + 16
    judging = SCORING * dataset.n_users * dataset.n_items * size
    epoch = TRAINING * len(dataset.interactions) * size
    return request.epochs_for(name) * (judging + epoch) if MODELS[name].iterative else judging
