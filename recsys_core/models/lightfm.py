"""LightFM behind our protocol; the only file that knows the package.

Kula (2015), "Metadata embeddings for user and item cold-start recommendations", arXiv:1507.08439.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from msgspec import Meta
from scipy import sparse

from recsys_core.errors import DivergedError, ScoreError
from recsys_core.models.factor_model import FactorRecommender
from recsys_core.models.profiles import scaled
from recsys_core.ranking import Factors
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lightfm import LightFM

    from recsys_core.datasets import Dataset


class LightFMSettings(Settings, frozen=True, kw_only=True):
    """LightFM's own parameters; ``embedding_size`` is its ``no_components``.

    ``k`` and ``n`` act under k-OS WARP only: train on the ``k``-th best of ``n`` drawn positives.
    ``max_sampled`` bounds the search of WARP for a wrongly ranked item. ``sample_weight`` is how much a pair
    counts: as any other, or by the logarithm of its plays; k-OS WARP has none.
    """

    embedding_size: Annotated[int, Meta(ge=1, le=512)] = 10
    learning_rate: Annotated[float, Meta(gt=0, le=10)] = 0.05
    learning_schedule: Literal["adagrad", "adadelta"] = "adagrad"
    k: Annotated[int, Meta(ge=1, le=1000)] = 5
    n: Annotated[int, Meta(ge=1, le=1000)] = 10
    max_sampled: Annotated[int, Meta(ge=1, le=10_000)] = 10
    user_alpha: Annotated[float, Meta(ge=0, le=1)] = 0.0
    item_alpha: Annotated[float, Meta(ge=0, le=1)] = 0.0
    rho: Annotated[float, Meta(gt=0, lt=1)] = 0.95
    epsilon: Annotated[float, Meta(gt=0, le=1)] = 1e-6
    sample_weight: Literal["ones", "log"] = "ones"
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42
    threads: Annotated[int, Meta(ge=1, le=64)] = 1

    def without_effect(self, loss: str) -> list[str]:
        """Return the names of settings that ``loss`` or the schedule ignores."""
        idle = ["sample_weight"] if loss == "warp-kos" else ["k", "n"]
        idle += [] if loss in ("warp", "warp-kos") else ["max_sampled"]
        idle += ["learning_rate"] if self.learning_schedule == "adadelta" else ["rho", "epsilon"]
        return idle

    def strengths(self, data: Dataset, loss: str) -> np.ndarray | None:
        """Return how much each pair of ``data`` counts, float32 with mean 1; None if all count alike."""
        if self.sample_weight == "ones" or loss == "warp-kos":
            return None
        return scaled(data.interactions.weights, log=True)


class LightFMRecommender(FactorRecommender):
    """Matrix factorisation trained by LightFM; one subclass per loss.

    Bit-reproducible for a seed with one thread; more threads write without locks (Hogwild), so
    that every run differs a little.
    """

    settings_type = LightFMSettings
    iterative = True
    loss: ClassVar[str]

    def _fit(self, data: Dataset) -> Iterator[None]:
        for factors in self.train(data):
            self._factors = factors
            yield

    def train(
        self,
        data: Dataset,
        user_features: sparse.csr_matrix | None = None,
        item_features: sparse.csr_matrix | None = None,
    ) -> Iterator[Factors]:
        """Train on the pairs of ``data``, yielding factors after every epoch, for ever.

        Features are CSR ``(n_users or n_items, n_features)``; without them everybody is their own only one.
        """
        model = self._new_model(data.n_items)
        pairs, strengths = data.interactions.to_coo(), self.settings.strengths(data, self.loss)
        more = {"user_features": user_features, "item_features": item_features}
        if strengths is not None:
            more["sample_weight"] = sparse.coo_matrix((strengths, pairs.coords), shape=pairs.shape)
        while True:
            yield self._one_epoch(model, pairs, more)

    def _new_model(self, n_items: int) -> LightFM:
        with warnings.catch_warnings():
            # says only that OpenMP is missing; then one thread does the work
            warnings.filterwarnings("ignore", message="LightFM was compiled without OpenMP")
            from lightfm import LightFM  # noqa: PLC0415 - half a second that pages need not pay
        own = self.settings
        # k-OS takes log(0) once it has drawn as many negatives as there are items
        most = max(1, n_items - 1) if self.loss == "warp-kos" else own.max_sampled
        return LightFM(
            no_components=own.embedding_size,
            k=own.k,
            n=own.n,
            learning_schedule=own.learning_schedule,
            loss=self.loss,
            learning_rate=own.learning_rate,
            rho=own.rho,
            epsilon=own.epsilon,
            item_alpha=own.item_alpha,
            user_alpha=own.user_alpha,
            max_sampled=min(own.max_sampled, most),
            random_state=own.seed,
        )

    def _one_epoch(
        self,
        model: LightFM,
        pairs: sparse.coo_matrix,
        more: dict[str, Any],
    ) -> Factors:
        try:
            # the check for finite numbers warns on its way to the error
            with np.errstate(invalid="ignore", over="ignore"):
                model.fit_partial(pairs, num_threads=self.settings.threads, **more)
            return _factors(model, more["user_features"], more["item_features"])
        except (ValueError, ScoreError) as error:
            if isinstance(error, ValueError) and "finite" not in str(error):
                raise
            raise DivergedError(
                f"{self.name} left the finite numbers in epoch {self._epochs_done + 1} with learning rate "
                f"{self.settings.learning_rate:g}. Try a tenth of it."
            ) from None

    def without_effect(self) -> list[str]:
        """Return the names of settings that this loss or schedule ignores."""
        return self.settings.without_effect(self.loss)


def _factors(
    model: LightFM, user_features: sparse.csr_matrix | None, item_features: sparse.csr_matrix | None
) -> Factors:
    user_biases, users = model.get_user_representations(user_features)
    item_biases, items = model.get_item_representations(item_features)
    return Factors(users.copy(), items.copy(), user_biases.copy(), item_biases.copy())


class LightFMWarp(LightFMRecommender):
    """Weighted approximate-rank pairwise loss (Weston, Bengio & Usunier, 2011): lifts the top of the list."""

    name, loss = "lightfm-warp", "warp"


class LightFMBpr(LightFMRecommender):
    """Bayesian personalised ranking (Rendle et al., 2009): orders pairs, the whole list alike."""

    name, loss = "lightfm-bpr", "bpr"


class LightFMLogistic(LightFMRecommender):
    """Pointwise logistic loss; on positive-only data it learns little beyond popularity."""

    name, loss = "lightfm-logistic", "logistic"


class LightFMWarpKos(LightFMRecommender):
    """k-th order statistic WARP (Weston, Yee & Weiss, 2013): learns from the k-th best of n positives."""

    name, loss = "lightfm-warp-kos", "warp-kos"
