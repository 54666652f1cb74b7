"""Truncated singular value decomposition of the train matrix.

The factors are those of scikit-learn's ``TruncatedSVD``, whose solver this calls: the class itself
refuses a single item.

Cremonesi, Koren & Turrin (2010), "Performance of recommender algorithms on top-N recommendation
tasks": PureSVD, missing cells taken as zero. Nikolakopoulos et al. (2019), "EigenRec": dividing columns by a
power of their popularity first keeps single popular items from taking whole components; here scores are
multiplied by it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from msgspec import Meta
from sklearn.utils.extmath import randomized_svd

from recsys_core.models.factor_model import FactorRecommender
from recsys_core.models.profiles import Values, profiles_of
from recsys_core.ranking import Factors
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_core.datasets import Dataset

# the default of 5 leaves the last singular vectors visibly dependent on the seed
POWER_ITERATIONS = 7


class SVDSettings(Settings, frozen=True, kw_only=True):
    """Rank, and the matrix that is decomposed; ``values`` as in ``profiles_of``.

    Rows are divided by the ``user_power`` of how many items they have, columns by the ``item_power`` of how
    many users: 0 and 0 is PureSVD, 0.5 and 0.5 the normalised matrix of spectral methods.
    """

    embedding_size: Annotated[int, Meta(ge=1, le=512)] = 10
    values: Values = "binary"
    user_power: Annotated[float, Meta(ge=0, le=1)] = 0.0
    item_power: Annotated[float, Meta(ge=0, le=1)] = 0.0
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42


class SVDRecommender(FactorRecommender):
    """Scores ``U S V'`` of the train matrix; items without a train listener all score 0."""

    name = "svd"
    settings_type = SVDSettings

    def _fit(self, data: Dataset) -> Iterator[None]:
        matrix = profiles_of(data, self.settings.values)
        by_user, by_item = (
            np.maximum(matrix.getnnz(axis), 1.0) ** power
            for axis, power in ((1, self.settings.user_power), (0, self.settings.item_power))
        )
        matrix.data /= np.repeat(by_user, np.diff(matrix.indptr)) * by_item[matrix.indices]
        size = min(self.settings.embedding_size, *matrix.shape)
        users, strengths, items = randomized_svd(
            matrix, size, n_iter=POWER_ITERATIONS, random_state=self.settings.seed
        )
        self._factors = Factors(
            user_embeddings=users * strengths,
            item_embeddings=items.T * by_item[:, None],
            user_biases=np.zeros(data.n_users),
            item_biases=np.zeros(data.n_items),
        )
        yield
