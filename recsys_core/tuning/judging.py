"""Train one setting on the inner training part and judge it on the validation part, epoch by epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from recsys_core.convergence import EPOCH
from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.models.registry import create_model
from recsys_core.ranking import held_out_ranks
from recsys_core.splitting import split
from recsys_core.tuning.request import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recsys_core.datasets import Dataset
    from recsys_core.models.base import Recommender
    from recsys_core.tuning.request import TuningRequest

Row = dict[str, float]


class Judge:
    """Holds what a search may look at: inner training part and validation part, never the test part."""

    def __init__(
        self, dataset: Dataset, request: TuningRequest, *, clock: Callable[[], float], threads: int = 1
    ) -> None:
        parts = split(dataset, request.protocol).for_tuning()
        self.training = parts.training
        self.request, self.clock, self.threads = request, clock, threads
        self._train = parts.train.to_csr(binary=True)
        self._validation = parts.test.to_csr(binary=True)

    def curve(
        self,
        chosen: Mapping[str, Any],
        on_row: Callable[[Row], None],
        should_stop: Callable[[], bool],
    ) -> None:
        """Train ``chosen`` and hand over a row after each epoch; what ``on_row`` raises ends the training.

        Raises
        ------
        CancelledError
            If ``should_stop`` says so.
        DivergedError, ScoreError
            If the model left the finite numbers.
        SettingsError
            If the model refuses the setting.
        """
        model = create_model(self.request.model, self.request.parameters(dict(chosen)))

        def record(trained: Recommender, epoch: int) -> None:
            on_row({EPOCH: epoch, SECONDS: trained.fit_seconds, **self.metrics(trained)})

        model.fit(
            self.training,
            epochs=self.request.epochs,
            on_epoch=record,
            should_stop=should_stop,
            clock=self.clock,
        )

    def metrics(self, model: Recommender) -> Row:
        """Return the means over listeners of every metric on the validation part."""
        ranks = held_out_ranks(model.scorer, self._validation, self._train, threads=self.threads)
        values = per_user_metrics(ranks, self._train.shape[1], self.request.list_lengths())
        return {name: float(np.nanmean(one)) for name, one in values.items() if name != "users"}


def best_row(curve: list[Row], objectives: tuple[str, ...]) -> Row:
    """Return the row of the epoch with the best first objective, the earliest of equals."""
    return max(curve, key=lambda row: row[objectives[0]])
