"""What the curves of a comparison say: who leads, since when, and whether there is more to gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from recsys_core.convergence import EPOCH

if TYPE_CHECKING:
    import pandas as pd

Trend = Literal["gaining", "level", "falling"]
NOTICEABLE = 0.002  # of the best value: smaller changes are called level


@dataclass(frozen=True)
class Lead:
    """The model that is best at the end of its training.

    Parameters
    ----------
    value, runner_up_value
        The last values; the runner-up is None when there is one model only.
    since
        The smallest x (epoch or seconds) from which no other curve is above, each curve keeping its last
        value when it ends.
    trend
        What the leader did over the last quarter of its epochs.
    best_epoch
        Epoch of the leader's highest value.
    """

    model: str
    value: float
    since: float
    trend: Trend
    best_epoch: int
    runner_up: str | None = None
    runner_up_value: float | None = None

    @property
    def level(self) -> bool:
        """Whether the runner-up is so near that nobody leads."""
        return self.runner_up_value is not None and _alike(self.value, self.runner_up_value, self.value)


def lead(curves: dict[str, pd.DataFrame], metric: str, *, x: str = EPOCH) -> Lead:
    """Return who leads by ``metric`` (a column such as ``test_auc``) along ``x``.

    Raises
    ------
    ValueError
        If there is no curve.
    """
    finals = {model: float(curve[metric].iloc[-1]) for model, curve in curves.items()}
    ranked = sorted(finals, key=lambda model: finals[model], reverse=True)
    if not ranked:
        raise ValueError("no curve to look at")
    best, others = ranked[0], ranked[1:]
    values = curves[best][metric].to_numpy(np.float64)
    return Lead(
        model=best,
        value=finals[best],
        since=_ahead_since(curves, best, metric, x),
        trend=trend(values),
        best_epoch=int(curves[best][EPOCH].iloc[int(values.argmax())]),
        runner_up=others[0] if others else None,
        runner_up_value=finals[others[0]] if others else None,
    )


def trend(values: np.ndarray) -> Trend:
    """Return what the last quarter of ``values`` did, changes below 0.2 % of the best taken as none."""
    best, last = float(values.max()), float(values[-1])
    if not _alike(best, last, best):
        return "falling"
    earlier = float(values[-1 - max(1, len(values) // 4)]) if len(values) > 1 else last
    return "level" if last <= earlier or _alike(last, earlier, best) else "gaining"


def _alike(one: float, other: float, best: float) -> bool:
    return abs(one - other) <= NOTICEABLE * abs(best)


def share_of_best(curves: dict[str, pd.DataFrame], model: str, metric: str = "test_auc") -> float:
    """Return the last value of ``model`` as a share of the best last value."""
    best = max(float(curve[metric].iloc[-1]) for curve in curves.values())
    return float(curves[model][metric].iloc[-1]) / best


def _ahead_since(curves: dict[str, pd.DataFrame], best: str, metric: str, x: str) -> float:
    grid = np.unique(np.concatenate([curve[x].to_numpy(np.float64) for curve in curves.values()]))
    mine = _held(curves[best], grid, metric, x)
    rivals = [_held(curve, grid, metric, x) for model, curve in curves.items() if model != best]
    behind = np.flatnonzero(mine < np.max(rivals, axis=0)) if rivals else np.flatnonzero(~np.isfinite(mine))
    return float(grid[behind[-1] + 1]) if len(behind) else float(grid[0])


def _held(curve: pd.DataFrame, grid: np.ndarray, metric: str, x: str) -> np.ndarray:
    """Return the curve's latest value at each point of ``grid``, minus infinity before its first."""
    at = np.searchsorted(curve[x].to_numpy(np.float64), grid, side="right") - 1
    return np.where(at >= 0, curve[metric].to_numpy(np.float64)[at], -np.inf)
