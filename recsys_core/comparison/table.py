"""The table of a comparison: one row per model, best first, fit to be shown or saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.convergence import SECONDS, first_reaching
from recsys_core.statistics import PairedDifference, holm, paired_differences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.runs import Run

AUC = "test_auc"
RESAMPLES = 2500  # enough to tell p < .001
_FIRST = ("auc", "precision", "recall", "ndcg", "mrr", "map")


def list_length(curve: pd.DataFrame) -> int:
    """Return the k of precision@k in the columns of ``curve``."""
    return int(next(name for name in curve if name.startswith("test_precision@")).partition("@")[2])


def metric_columns(curve: pd.DataFrame, part: str) -> list[str]:
    """Return the metric columns of ``part`` ("test" or "train"), AUC first."""
    kinds = {name: name.removeprefix(f"{part}_").partition("@")[0] for name in curve if name.startswith(part)}
    own = [name for name, kind in kinds.items() if kind in _FIRST]
    return sorted(own, key=lambda name: _FIRST.index(kinds[name]))


def results_table(curves: dict[str, pd.DataFrame], runs: Iterable[Run] = ()) -> pd.DataFrame:
    """Return one row per model, highest test AUC after the last epoch first.

    Columns: ``model``, ``test_<metric>``..., ``train_<metric>``..., ``epochs``, ``fit_seconds``,
    ``evaluation_seconds`` (of all epochs), ``epochs_to_95``, ``seconds_to_95``, the same for 99, and
    ``curve`` (list of test AUC per epoch).
    ``test_auc_low``, ``test_auc_high``, ``vs_best``, ``vs_best_low``, ``vs_best_high``, ``p_value``
    (paired bootstrap over users on AUC; NaN for the best itself) and ``p_holm`` (corrected for the number of
    models) are there once ``runs`` are given.
    """
    stored = {run.manifest.model: run for run in runs}
    rows = [_row(model, curve) for model, curve in curves.items()]
    table = pd.DataFrame(rows).sort_values(AUC, ascending=False, kind="stable", ignore_index=True)
    if not stored:
        return table
    return table.merge(_uncertainty(stored), on="model", how="left")


def intervals_table(runs: Iterable[Run]) -> pd.DataFrame:
    """Return ``model, n_users`` and for each test metric ``<metric>, <metric>_low, <metric>_high``.

    The means of the stored reports with their bootstrap intervals over users (95 %); best by AUC.
    """
    rows = []
    for run in runs:
        test = run.manifest.metrics["test"]
        row: dict[str, object] = {"model": run.manifest.model, "n_users": len(_auc_per_user(run))}
        for metric in sorted(test, key=lambda name: _FIRST.index(name.partition("@")[0])):
            row |= {metric: test[metric]["mean"]}
            row |= {f"{metric}_{end}": test[metric][end] for end in ("low", "high")}
        rows.append(row)
    return pd.DataFrame(rows).sort_values("auc", ascending=False, kind="stable", ignore_index=True)


def against_best(runs: Iterable[Run]) -> dict[str, PairedDifference]:
    """Return for each run but the best how much its test AUC per user exceeds the best run's (so: below 0).

    The best has the highest mean test AUC; users are resampled in pairs.
    """
    users = {run.manifest.model: _auc_per_user(run) for run in runs}
    best = max(users, key=lambda model: float(users[model].mean()))
    reference = users.pop(best)
    others = {model: values.reindex(reference.index).to_numpy() for model, values in users.items()}
    return paired_differences(others, reference.to_numpy(), resamples=RESAMPLES)


def curves_table(curves: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return all curves in one long table, ``model`` first."""
    return pd.concat([curve.assign(model=model) for model, curve in curves.items()], ignore_index=True)[
        ["model", *next(iter(curves.values())).columns]
    ]


def _row(model: str, curve: pd.DataFrame) -> dict[str, object]:
    last = curve.iloc[-1]
    metrics = {name: float(last[name]) for part in ("test", "train") for name in metric_columns(curve, part)}
    row: dict[str, object] = {"model": model, **metrics, "epochs": len(curve)}
    row["fit_seconds"] = float(last[SECONDS])
    row["evaluation_seconds"] = float(curve["evaluation_seconds"].sum())
    for share in (95, 99):
        reached = first_reaching(curve, share / 100)
        row[f"epochs_to_{share}"] = reached.epoch if reached else np.nan
        row[f"seconds_to_{share}"] = reached.seconds if reached else np.nan
    return {**row, "curve": curve[AUC].astype(float).tolist()}


def _uncertainty(stored: dict[str, Run]) -> pd.DataFrame:
    differences = against_best(stored.values())
    corrected = holm({model: one.p_value for model, one in differences.items()})
    rows = []
    for model, run in stored.items():
        auc, behind = run.manifest.metrics["test"]["auc"], differences.get(model)
        rows.append(
            {
                "model": model,
                "test_auc_low": auc["low"],
                "test_auc_high": auc["high"],
                "vs_best": behind.mean if behind else np.nan,
                "vs_best_low": behind.low if behind else np.nan,
                "vs_best_high": behind.high if behind else np.nan,
                "p_value": behind.p_value if behind else np.nan,
                "p_holm": corrected.get(model, np.nan),
            }
        )
    return pd.DataFrame(rows)


def _auc_per_user(run: Run) -> pd.Series:
    test = run.per_user[run.per_user["part"] == "test"]
    return test.set_index("user_id")["auc"]


def pinned(table: pd.DataFrame, model: str) -> pd.DataFrame:
    """Return a results table with the row of ``model`` first and ``vs_pinned``: AUC above that row's."""
    own = table["model"] == model
    first = pd.concat([table[own], table[~own]], ignore_index=True)
    return first.assign(vs_pinned=first[AUC] - float(first[AUC].iloc[0]))
