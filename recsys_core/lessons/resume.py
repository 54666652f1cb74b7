"""A model trained a little, judged, and trained on: LightFM's ``fit_partial``, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.datasets.demo import load_demo
from recsys_core.evaluation import Evaluator
from recsys_core.models.registry import create_model
from recsys_core.splitting import PROTOCOLS, split

if TYPE_CHECKING:
    from recsys_core.splitting import Split

LISTENERS, SIZE, SEED, K = 400, 16, 42, 10
MODEL = "lightfm-warp"


def small_split(listeners: int = LISTENERS) -> Split:
    """Return a fifth of the plays of some simulated listeners held out, as the driver does."""
    return split(load_demo(n_users=listeners), PROTOCOLS["driver"])


class ResumedTraining:
    """One model and its curve; every call of :meth:`more` goes on where the last one stopped."""

    def __init__(self, parts: Split, model: str = MODEL, seed: int = SEED) -> None:
        self._parts = parts
        self._values = {"embedding_size": SIZE, "seed": seed}
        self._name = model
        self._model = create_model(model, self._values)
        self._evaluator = Evaluator(parts, ks=(K,))
        self._rows: list[dict[str, float]] = []
        self._calls: list[int] = []
        self._same: bool | None = None  # a second training takes as long as the first: asked once per call

    def more(self, epochs: int) -> None:
        """Train ``epochs`` more, judging after each."""
        if self._calls:
            self._model.fit_more(epochs, on_epoch=self._judge)
        else:
            self._model.fit(self._parts.training, epochs=epochs, on_epoch=self._judge)
        self._calls.append(epochs)
        self._same = None

    @property
    def calls(self) -> tuple[int, ...]:
        """The epochs asked for in each call."""
        return tuple(self._calls)

    @property
    def epochs(self) -> int:
        """Epochs trained so far."""
        return sum(self._calls)

    def curve(self) -> pd.DataFrame:
        """Return ``epoch, call, train_auc, test_auc, test_precision``; ``call`` counts from 1."""
        table = pd.DataFrame(self._rows, columns=["epoch", "train_auc", "test_auc", "test_precision"])
        calls = np.repeat(np.arange(1, len(self._calls) + 1), self._calls)
        table.insert(1, "call", calls)
        return table

    def same_in_one_go(self) -> bool:
        """Tell whether training so many epochs at once, with the same seed, gives the very same scores."""
        if self._same is None:
            at_once = create_model(self._name, self._values).fit(self._parts.training, epochs=self.epochs)
            people = np.arange(min(50, self._parts.dataset.n_users))
            self._same = bool(np.array_equal(at_once.scores(people), self._model.scores(people)))
        return self._same

    def _judge(self, model: object, epoch: int) -> None:
        report = self._evaluator.evaluate(self._model)
        train, test = report.means("train"), report.means("test")
        row = {"epoch": epoch, "train_auc": train["auc"], "test_auc": test["auc"]}
        self._rows.append({**row, "test_precision": test[f"precision@{K}"]})
