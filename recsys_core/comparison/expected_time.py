"""How long a comparison will roughly take, before anything has been measured here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.comparison import BASELINE
from recsys_core.models.registry import MODELS, create_model

if TYPE_CHECKING:
    from recsys_core.comparison import ComparisonRequest
    from recsys_core.datasets import Dataset

# fitted by eye to LightFM on Last.fm (1,892 x 17,632, 92,834 pairs)
SCORING, TRAINING = 2.5e-11, 1.4e-8  # seconds per multiplication
# what an epoch takes beside one of LightFM's without features; 1 for those not named
EPOCHS_BESIDE_LIGHTFM = {
    "lightfm-hybrid": 60.0,
    "fast-warp": 0.25,
    "fast-bpr": 0.25,
    "fast-warp-kos": 0.25,
    "fast-logistic": 0.25,
    "fast-hybrid": 9.0,
    "als": 0.4,
    "als-tags": 7.0,
}
# seconds of training and judging, on Last.fm, of what is solved at once; 0.1 for those not named
LASTFM_PAIRS = 92_834
AT_ONCE = {
    "hybrid": 25.0,
    "ensemble": 11.0,
    "quick-hybrid": 1.6,
    "ease": 1.1,
    "ease-tags": 1.1,
    "item-knn": 1.0,
    "rp3beta": 1.0,
}


def expected_seconds(dataset: Dataset, request: ComparisonRequest) -> float:
    """Return a rough number of seconds, right within a factor of two or three on a computer at rest."""
    models = [name for name in {BASELINE, *request.models} if name in MODELS]
    return sum(_seconds(dataset, request, name) for name in models)


def _seconds(dataset: Dataset, request: ComparisonRequest, name: str) -> float:
    settings = create_model(name, request.parameters(name)).settings
    # memory traffic costs as much as some sixteen further dimensions
    size = getattr(settings, "embedding_size", 0) + 16
    judging = SCORING * dataset.n_users * dataset.n_items * size
    n_pairs = len(dataset.interactions)
    if not MODELS[name].iterative:
        return judging + AT_ONCE.get(name, 0.1) * n_pairs / LASTFM_PAIRS
    epoch = EPOCHS_BESIDE_LIGHTFM.get(name, 1.0) * TRAINING * n_pairs * size
    return request.epochs_for(name) * (judging + epoch * getattr(settings, "repeats", 1))
