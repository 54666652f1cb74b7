"""Whether what tuning found holds where nobody looked: the splits that no setting was searched on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.comparison.export import to_markdown
from recsys_core.comparison.per_user import MODEL, per_seed_means
from recsys_core.comparison.verdicts import verdict_table
from recsys_core.models.tuned import TUNED_SEED
from recsys_core.reporting.tables import verdict_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.runs import Run


def unseen_lines(runs: Sequence[Run], metric: str) -> list[str]:
    """Return the section as Markdown lines; none where there is no such split, or no other."""
    seeds = {run.manifest.protocol.seed for run in runs}
    if TUNED_SEED not in seeds or len(seeds) == 1:
        return []
    others = [run for run in runs if run.manifest.protocol.seed != TUNED_SEED]
    means = per_seed_means(runs, metric)
    table = verdict_table(others, metric)
    rows = verdict_rows(table).drop(columns="mean place")
    tuned = [float(means.loc[TUNED_SEED, model]) for model in rows[MODEL]]
    rows.insert(1, f"seed {TUNED_SEED}", tuned)
    return [
        "## On splits nobody tuned on",
        "",
        _said(rows, table, f"seed {TUNED_SEED}", len(seeds) - 1, metric),
        "",
        to_markdown(rows),
    ]


def _said(rows: pd.DataFrame, table: pd.DataFrame, tuned: str, n_others: int, metric: str) -> str:
    best = rows.loc[0, MODEL]
    same_best = rows.loc[rows[tuned].idxmax(), MODEL] == best
    larger = int((rows["mean"] > rows[tuned]).sum())
    level = int(table["level_with_best"].iloc[1:].sum())
    return (
        f"Settings were searched within the train part of split seed {TUNED_SEED}. On the {n_others} other "
        f"splits (mean, interval, verdict) `{best}` is the best{', as there' if same_best else ''}, "
        f"{'ahead of every other by more than luck' if not level else f'level with {level} other'}; "
        f"{larger} of {len(rows)} models have a higher {metric} there than on seed {TUNED_SEED}."
    )
