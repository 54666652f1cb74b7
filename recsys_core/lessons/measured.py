"""What the recommenders of the survey reached on real listening, as measured and kept with the code."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("measured.json")
METRICS = ("precision@10", "recall@10", "ndcg@10", "auc")
MODELS = ("hybrid", "ease", "als", "lightfm-warp", "rp3beta", "item-knn", "svd")
"""One of each family; the popular artists for everybody come with every comparison."""


class Figure(msgspec.Struct, frozen=True):
    """A mean over listeners with the ends of its 95 % interval."""

    mean: float
    low: float
    high: float


class ModelFigures(msgspec.Struct, frozen=True):
    """One model: seconds of training on the computer that measured, and its figures."""

    model: str
    seconds: float
    precision: Figure = msgspec.field(name="precision@10")
    recall: Figure = msgspec.field(name="recall@10")
    ndcg: Figure = msgspec.field(name="ndcg@10")
    auc: Figure


class Measured(msgspec.Struct, frozen=True):
    """The figures of all models, best NDCG first, with how and on what they were measured."""

    command: str
    measured: str
    dataset: str
    listeners: int
    artists: int
    train: int
    test: int
    judged: int
    seed: int
    models: tuple[ModelFigures, ...]

    def of(self, model: str) -> ModelFigures:
        """Return the figures of one model; raises StopIteration for one that was not measured."""
        return next(one for one in self.models if one.model == model)


@cache
def measured() -> Measured:
    """Return what was measured; the file is written by ``python -m benchmarks.survey``."""
    return msgspec.json.decode(FILE.read_bytes(), type=Measured)
