"""ALS and BPR of the library ``implicit`` behind our protocol: after each epoch only arrays remain.

The library is told to use one thread of BLAS, as it recommends; with one thread a seed gives the same bits.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Annotated

import numpy as np
from msgspec import Meta

from recsys_core.errors import DivergedError, ScoreError
from recsys_core.models.factor_model import FactorRecommender
from recsys_core.models.profiles import Values, profiles_of
from recsys_core.ranking import Factors
from recsys_core.ranking.threads import single_blas_thread
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from scipy import sparse

    from recsys_core.datasets import Dataset


class ALSSettings(Settings, frozen=True, kw_only=True):
    """A known pair counts ``alpha`` times its value, an unknown one once; ``values``: see ``profiles_of``."""

    embedding_size: Annotated[int, Meta(ge=1, le=512)] = 32
    alpha: Annotated[float, Meta(gt=0, le=1000)] = 10.0
    regularisation: Annotated[float, Meta(ge=0, le=10_000)] = 10.0
    values: Values = "binary"
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42
    threads: Annotated[int, Meta(ge=1, le=64)] = 1


class ImplicitRecommender(FactorRecommender):
    """A model of the library; subclasses make it and read its factors. A call of its ``fit`` is an epoch."""

    iterative = True

    def _fit(self, data: Dataset) -> Iterator[None]:
        for factors in self.train(self._pairs(data)):
            self._factors = factors
            yield

    def train(self, pairs: sparse.csr_matrix) -> Iterator[Factors]:
        """Train on float32 CSR ``(n_users, n_items)``, yielding the factors after every epoch; for ever."""
        with warnings.catch_warnings():
            # it looks at BLAS's threads once, before it is told to use one
            warnings.filterwarnings("ignore", message="OpenBLAS is configured")
            model = self._new_model()
        while True:
            with single_blas_thread():
                factors = self._one_epoch(model, pairs)
            yield factors

    def _new_model(self) -> Any:
        raise NotImplementedError

    def _pairs(self, data: Dataset) -> sparse.csr_matrix:
        raise NotImplementedError

    def _read(self, model: Any) -> Factors:
        raise NotImplementedError

    def _one_epoch(self, model: Any, pairs: sparse.csr_matrix) -> Factors:
        from implicit.recommender_base import ModelFitError  # noqa: PLC0415 - slow to import

        try:
            model.fit(pairs, show_progress=False)
            return self._read(model)
        except (ModelFitError, ScoreError):
            raise DivergedError(
                f"{self.name} left the finite numbers in epoch {self._epochs_done + 1}. "
                "Try a larger regularisation or a smaller learning rate."
            ) from None


class ALSRecommender(ImplicitRecommender):
    """Alternating least squares weighted by confidence.

    Hu, Koren & Volinsky (2008), "Collaborative filtering for implicit feedback datasets"; solved by conjugate
    gradients, Takács, Pilászy & Tikk (2011).
    """

    name = "als"
    settings_type = ALSSettings

    def _new_model(self) -> Any:
        from implicit.cpu.als import AlternatingLeastSquares  # noqa: PLC0415 - slow to import

        own = self.settings
        return AlternatingLeastSquares(
            factors=own.embedding_size,
            alpha=own.alpha,
            regularization=own.regularisation,
            iterations=1,
            num_threads=own.threads,
            random_state=own.seed,
        )

    def _pairs(self, data: Dataset) -> sparse.csr_matrix:
        return profiles_of(data, self.settings.values)

    def _read(self, model: Any) -> Factors:
        users, items = model.user_factors, model.item_factors
        return Factors(users.copy(), items.copy(), np.zeros(len(users)), np.zeros(len(items)))


class ImplicitBprSettings(Settings, frozen=True, kw_only=True):
    """The library's own parameters; ``regularisation`` is its L2."""

    embedding_size: Annotated[int, Meta(ge=1, le=512)] = 64
    learning_rate: Annotated[float, Meta(gt=0, le=10)] = 0.01
    regularisation: Annotated[float, Meta(ge=0, le=1)] = 0.01
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42
    threads: Annotated[int, Meta(ge=1, le=64)] = 1


class ImplicitBprRecommender(ImplicitRecommender):
    """Rendle, Freudenthaler, Gantner & Schmidt-Thieme (2009), "BPR: Bayesian personalized ranking"."""

    name = "implicit-bpr"
    settings_type = ImplicitBprSettings

    def _new_model(self) -> Any:
        from implicit.cpu.bpr import BayesianPersonalizedRanking  # noqa: PLC0415 - slow to import

        own = self.settings
        return BayesianPersonalizedRanking(
            factors=own.embedding_size,
            learning_rate=own.learning_rate,
            regularization=own.regularisation,
            iterations=1,
            num_threads=own.threads,
            # a generator, not a seed: every epoch draws anew
            random_state=np.random.default_rng(own.seed),
        )

    def _pairs(self, data: Dataset) -> sparse.csr_matrix:
        return data.interactions.to_csr(binary=True)

    def _read(self, model: Any) -> Factors:
        # the last column of the items is their bias, that of the users is 1
        users, items = model.user_factors, model.item_factors
        return Factors(users[:, :-1].copy(), items[:, :-1].copy(), np.zeros(len(users)), items[:, -1].copy())
