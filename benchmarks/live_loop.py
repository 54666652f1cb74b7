"""Train and judge after every epoch, as a live convergence curve needs it, against LightFM's own tools.

The peer trains with ``fit_partial(epochs=1)`` and calls ``lightfm.evaluation`` three times; ours computes all
metrics. Reaching 95 % of the best test AUC is timed from the start, judging included, on each own curve.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from lightfm import LightFM, evaluation

from benchmarks.measure import Row, in_turns, row, store
from benchmarks.setting import SEED, load_parts, options
from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.metrics.accuracy import warm_up as warm_up_metrics
from recsys_core.models.fast.trainer import Trainer
from recsys_core.models.fast.warm_up import warm_up as warm_up_trainer
from recsys_core.models.lightfm import LightFMSettings
from recsys_core.ranking import Factors, held_out_ranks, single_blas_thread, warm_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy import sparse

SIZE, EPOCHS = 64, 10


def lightfm_alone(train: sparse.csr_matrix, test: sparse.csr_matrix, epochs: int) -> list[float]:
    """Test AUC after every epoch, by LightFM throughout."""
    model, curve = LightFM(no_components=SIZE, loss="warp", random_state=SEED), []
    for _ in range(epochs):
        model.fit_partial(train)
        curve.append(float(evaluation.auc_score(model, test, train).mean()))
        evaluation.precision_at_k(model, test, train)
        evaluation.recall_at_k(model, test, train)
    return curve


def lightfm_judged_by_us(train: sparse.csr_matrix, test: sparse.csr_matrix, epochs: int) -> list[float]:
    """Test AUC after every epoch, trained by LightFM, judged by our evaluator."""
    model, curve = LightFM(no_components=SIZE, loss="warp", random_state=SEED), []
    for _ in range(epochs):
        model.fit_partial(train)
        arrays = (model.user_embeddings, model.item_embeddings, model.user_biases, model.item_biases)
        curve.append(_auc(Factors(*arrays), train, test))
    return curve


def ours_alone(train: sparse.csr_matrix, test: sparse.csr_matrix, epochs: int) -> list[float]:
    """Test AUC after every epoch, trained and judged by us."""
    pairs = train.tocoo()
    settings = LightFMSettings(embedding_size=SIZE, seed=SEED)
    trainer, curve = Trainer("warp", settings, (pairs.row, pairs.col), train), []
    for _ in range(epochs):
        trainer.run_epoch()
        curve.append(_auc(trainer.factors(), train, test))
    return curve


def _auc(factors: Factors, train: sparse.csr_matrix, test: sparse.csr_matrix) -> float:
    metrics = per_user_metrics(held_out_ranks(factors, test, train), test.shape[1])
    return float(metrics["auc"].mean())


def epochs_to_95(curve: list[float]) -> int:
    """The first epoch, from 1, that reaches 95 % of the curve's maximum."""
    return int(np.argmax(np.asarray(curve) >= 0.95 * max(curve))) + 1


def measure(train: sparse.csr_matrix, test: sparse.csr_matrix, rounds: int) -> list[Row]:
    """The rows of the loop, and of the way to 95 %."""
    loops: dict[str, Callable[..., list[float]]] = {
        "lightfm": lightfm_alone,
        "same trainer": lightfm_judged_by_us,
        "our trainer": ours_alone,
    }
    curves = {name: loop(train, test, EPOCHS) for name, loop in loops.items()}
    difference = max(abs(a - b) for a, b in zip(curves["lightfm"], curves["same trainer"], strict=True))
    notes = {
        "same trainer": f"AUC differs by at most {difference:.1e}",
        "our trainer": f"last AUC {curves['our trainer'][-1]:.4f}, lightfm's {curves['lightfm'][-1]:.4f}",
    }
    enough = {name: epochs_to_95(curve) for name, curve in curves.items()}
    whole = in_turns({name: partial(loop, train, test, EPOCHS) for name, loop in loops.items()}, rounds)
    short = in_turns({name: partial(loop, train, test, enough[name]) for name, loop in loops.items()}, rounds)
    rows = []
    for name, note in notes.items():
        rows.append(
            row(f"train and judge {EPOCHS} epochs, {name}", "lightfm", whole["lightfm"], whole[name], note)
        )
        reached = f"epoch {enough[name]} against {enough['lightfm']}"
        rows.append(row(f"to 95 % of best AUC, {name}", "lightfm", short["lightfm"], short[name], reached))
    return rows


def main() -> None:
    """Measure on the data of the command line, with one thread throughout."""
    chosen = options(__doc__).parse_args()
    warm_up()
    warm_up_metrics()
    warm_up_trainer()
    data, train, test = load_parts(chosen.data_dir)
    with single_blas_thread():
        store(measure(train, test, chosen.rounds), data)


if __name__ == "__main__":
    main()
