"""Truncated singular value decomposition of the train matrix.

The factors are those of scikit-learn's ``TruncatedSVD``, whose solver this calls: the class itself
refuses a single item.

Cremonesi, Koren & Turrin (2010), "Performance of recommender algorithms on top-N recommendation
tasks": PureSVD, missing cells taken as zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from msgspec import Meta
from sklearn.utils.extmath import randomized_svd

from recsys_core.models.factor_model import FactorRecommender
from recsys_core.ranking import Factors
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_core.datasets import Dataset

# the default of 5 leaves the last singular vectors visibly dependent on the seed
POWER_ITERATIONS = 7


class SVDSettings(Settings, frozen=True, kw_only=True):
    """Rank, and the matrix that is decomposed: ones, ``log(1 + weight)`` or the weights themselves."""

    embedding_size: Annotated[int, Meta(ge=1, le=512)] = 10
    values: Literal["binary", "log", "weight"] = "binary"
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42


class SVDRecommender(FactorRecommender):
    """Scores ``U S V'`` of the train matrix; items without a train listener all score 0."""

    name = "svd"
    settings_type = SVDSettings

    def _fit(self, data: Dataset) -> Iterator[None]:
        matrix = data.interactions.to_csr(binary=self.settings.values == "binary")
        if self.settings.values == "log":
            matrix.data = np.log1p(matrix.data)
        size = min(self.settings.embedding_size, *matrix.shape)
        users, strengths, items = randomized_svd(
            matrix, size, n_iter=POWER_ITERATIONS, random_state=self.settings.seed
        )
        self._factors = Factors(
            user_embeddings=users * strengths,
            item_embeddings=items.T,
            user_biases=np.zeros(data.n_users),
            item_biases=np.zeros(data.n_items),
        )
        yield
