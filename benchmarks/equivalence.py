"""Whether two trainers give models of the same quality, judged over many seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lightfm import LightFM
from scipy import sparse
from scipy.stats import ttest_ind

from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.models.fast.trainer import Trainer
from recsys_core.models.lightfm import LightFMSettings
from recsys_core.ranking import Factors, held_out_ranks

METRICS = ("auc", "precision@10")


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided t-tests: ``p_value`` below 0.05 says the means differ by less than ``margin``."""

    difference: float
    margin: float
    p_value: float

    def __str__(self) -> str:
        return f"{self.difference:+.4f} (within {self.margin:.4f}: p = {self.p_value:.1g})"


def equivalence(ours: np.ndarray, theirs: np.ndarray, margin: float) -> Equivalence:
    """Compare two samples of a metric, one value per seed (Welch's tests)."""
    above = ttest_ind(ours + margin, theirs, equal_var=False, alternative="greater").pvalue
    below = ttest_ind(ours - margin, theirs, equal_var=False, alternative="less").pvalue
    return Equivalence(float(ours.mean() - theirs.mean()), float(margin), float(max(above, below)))


def new_peer(loss: str, settings: LightFMSettings) -> LightFM:
    """LightFM itself with the same settings."""
    return LightFM(
        no_components=settings.embedding_size,
        loss=loss,
        learning_rate=settings.learning_rate,
        learning_schedule=settings.learning_schedule,
        max_sampled=settings.max_sampled,
        k=settings.k,
        n=settings.n,
        user_alpha=settings.user_alpha,
        item_alpha=settings.item_alpha,
        random_state=settings.seed,
    )


def new_trainer(loss: str, settings: LightFMSettings, train: sparse.csr_matrix) -> Trainer:
    """Our trainer on the pairs of a matrix."""
    pairs = train.tocoo()
    return Trainer(loss, settings, (pairs.row, pairs.col), train)


def peer_quality(
    loss: str, settings: LightFMSettings, train: sparse.csr_matrix, test: sparse.csr_matrix, epochs: int
) -> list[float]:
    """LightFM's test metrics after some epochs."""
    peer = new_peer(loss, settings).fit(train.tocoo(), epochs=epochs, num_threads=settings.threads)
    arrays = (peer.user_embeddings, peer.item_embeddings, peer.user_biases, peer.item_biases)
    return _quality(Factors(*arrays), train, test)


def our_quality(
    loss: str, settings: LightFMSettings, train: sparse.csr_matrix, test: sparse.csr_matrix, epochs: int
) -> list[float]:
    """Ours."""
    trainer = new_trainer(loss, settings, train)
    for _ in range(epochs):
        trainer.run_epoch()
    return _quality(trainer.factors(), train, test)


def _quality(factors: Factors, train: sparse.csr_matrix, test: sparse.csr_matrix) -> list[float]:
    values = per_user_metrics(held_out_ranks(factors, test, train), test.shape[1], (10,))
    return [float(np.nanmean(values[name])) for name in METRICS]
