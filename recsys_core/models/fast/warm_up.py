"""Have every training kernel ready before anybody waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from recsys_core.models.fast.state import COMPILED_WIDTHS
from recsys_core.models.fast.trainer import KERNELS, Trainer
from recsys_core.models.lightfm import LightFMSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

VARIABLE_WIDTH = COMPILED_WIDTHS[-1] + 1


def warm_up(losses: Iterable[str] = tuple(KERNELS)) -> None:
    """Compile, or load from the cache on disk, the kernels of ``losses`` by training each on two pairs."""
    matrix = sparse.csr_matrix(np.eye(2, 4, dtype=np.float32))
    pairs = (np.array([0, 1]), np.array([0, 1]))
    sizes = [LightFMSettings(embedding_size=size) for size in (*COMPILED_WIDTHS, VARIABLE_WIDTH)]
    for loss in losses:
        for settings in (*sizes, LightFMSettings(item_alpha=1e-6)):
            trainer = Trainer(loss, settings, pairs, matrix)
            trainer.run_epoch()
            trainer.factors()
