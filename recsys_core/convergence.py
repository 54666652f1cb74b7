"""How fast a model learns: metrics after every epoch, and when the curve is nearly at its best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from recsys_core.evaluation import Report

EPOCH, SECONDS, EVALUATION_SECONDS = "epoch", "seconds", "evaluation_seconds"


class Curve:
    """Rows of ``epoch, seconds, evaluation_seconds, test_<metric>..., train_<metric>...``.

    ``seconds`` is the training time since the start, evaluation left out.
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []

    def add(self, epoch: int, seconds: float, evaluation_seconds: float, report: Report) -> dict[str, float]:
        """Append and return the row of one epoch."""
        row = {EPOCH: epoch, SECONDS: seconds, EVALUATION_SECONDS: evaluation_seconds}
        for part in ("test", "train"):
            row |= {f"{part}_{name}": value for name, value in report.means(part).items()}
        self.rows.append(row)
        return row

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a table."""
        return pd.DataFrame(self.rows)


@dataclass(frozen=True)
class Milestone:
    """The first epoch that reaches a share of the best value, and the training seconds until then."""

    share: float
    threshold: float
    epoch: int
    seconds: float


def first_reaching(curve: pd.DataFrame, share: float, *, metric: str = "test_auc") -> Milestone | None:
    """Return the first epoch whose ``metric`` is at least ``share`` of the curve's maximum.

    None where no value is above 0: of nothing every epoch has any share.
    The maximum is that of the epochs run: a longer run may have a higher one. Popularity alone
    often passes 90 % of the best AUC, so that 95 % is a low bar; look at 99 % beside it.
    """
    values = curve[metric].to_numpy(float)
    best = np.nanmax(values, initial=0)
    if best <= 0:
        return None
    threshold = share * best
    first = int((values >= threshold).argmax())
    row = curve.iloc[first]
    return Milestone(share, float(threshold), int(row[EPOCH]), float(row[SECONDS]))
