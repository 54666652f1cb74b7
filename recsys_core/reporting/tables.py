"""The evidence as tables, columns named for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from recsys_core.comparison.per_user import MODEL
from recsys_core.comparison.segments import METRIC, SEGMENT
from recsys_core.comparison.ties import RULES
from recsys_core.comparison.verdicts import seeds_table
from recsys_core.models.tuned import tuned_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.comparison.evidence import Evidence
    from recsys_core.runs import Run

# settings that say nothing about quality
_SILENT = ("seed", "threads")
FIT_SECONDS = "fit seconds"
NEVER = {"seconds": float("nan")}
"""The milestone of a curve without a value above 0."""


def verdict_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return a verdict table for reading: interval, mean place, distance to the best, whether luck."""
    luck = ["best", *("could be luck" if level else "behind" for level in table["level_with_best"].iloc[1:])]
    return pd.DataFrame(
        {
            "model": table[MODEL],
            "mean": table["mean"],
            "low": table["low"],
            "high": table["high"],
            "mean place": [f"{place:.2f}" for place in table["mean_rank"]],
            "behind the best": table["behind"],
            "p (Holm)": table["p_holm"],
            "verdict": luck,
            "n": table["n_users"],
        }
    )


def seed_rows(runs: Sequence[Run], metric: str) -> pd.DataFrame:
    """Return how the mean of each model moves between split seeds."""
    table = seeds_table(runs, metric)
    names = {"n_seeds": "seeds", "mean_rank": "mean place", "firsts": "seeds won"}
    return table.rename(columns=names).assign(**{"mean place": [f"{one:.2f}" for one in table["mean_rank"]]})


def time_rows(runs: Sequence[Run], metrics: Sequence[str]) -> pd.DataFrame:
    """Return for each model its metrics, means over the splits, its epochs, and seconds.

    Seconds are the fewest of all splits: the work is the same on each, what comes on top is other work of
    the computer.
    """
    rows = [
        {
            MODEL: (manifest := run.manifest).model,
            **{metric: manifest.metrics["test"][metric]["mean"] for metric in metrics},
            "epochs": manifest.epochs,
            FIT_SECONDS: manifest.seconds["fit"],
            "seconds to 95 %": manifest.milestones.get("95", NEVER)["seconds"],
            "seconds to 99 %": manifest.milestones.get("99", NEVER)["seconds"],
            "judging seconds": manifest.seconds["evaluation"],
        }
        for run in runs
    ]
    table = pd.DataFrame(rows)
    how = {name: "min" if "seconds" in name else "mean" for name in table if name != MODEL}
    whole = table.groupby(MODEL, as_index=False).agg({**how, "epochs": "first"})
    return whole.sort_values(metrics[-1], ascending=False, ignore_index=True)


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its columns of seconds as text of two digits."""
    return table.assign(
        **{name: [f"{one:.2f}" for one in table[name]] for name in table if "seconds" in str(name)}
    )


def length_rows(evidence: Evidence, kind: str, lengths: Sequence[int]) -> pd.DataFrame:
    """Return a metric such as ``precision`` at several list lengths, a column each."""
    wanted = [f"{kind}@{k}" for k in lengths]
    wide = evidence.ties.pivot_table(index=MODEL, columns=METRIC, values="pessimistic")[wanted]
    return wide.sort_values(wanted[-1], ascending=False).reset_index()


def ties_rows(evidence: Evidence, metric: str) -> pd.DataFrame:
    """Return both rules for equal scores and the places they give."""
    found = evidence.ties_of(metric)
    names = {f"place_{rule}": f"place ({rule})" for rule in RULES}
    return found.assign(**{name: [f"{one:g}" for one in found[name]] for name in names}).rename(columns=names)


def segment_rows(table: pd.DataFrame, metric: str, order: Sequence[str]) -> pd.DataFrame:
    """Return a column per segment, means with half the width of their interval; the head says n."""
    own = table[table[METRIC] == metric].copy()
    own["cell"] = [
        f"{round(one.mean, 4) + 0:.4f} ±{(one.high - one.low) / 2:.4f}" if one.n else "–"
        for one in own.itertuples()
    ]
    counts = own.groupby(SEGMENT)["n"].max()
    wide = own.pivot_table(index=MODEL, columns=SEGMENT, values="cell", aggfunc="first")
    wide = wide.reindex(index=list(dict.fromkeys(table[MODEL])), columns=list(order))
    heads = {part: f"{part} (n = {counts[part]:,})" for part in order}
    return wide.rename(columns=heads).reset_index()


def settings_rows(runs: Sequence[Run]) -> pd.DataFrame:
    """Return the settings every model was trained with, and whether tuning found them."""
    tuned = tuned_settings()
    return pd.DataFrame(
        [
            {
                "model": run.manifest.model,
                "epochs": run.manifest.epochs,
                "settings": ", ".join(
                    f"{name} {_short(value)}"
                    for name, value in run.manifest.parameters.items()
                    if name not in _SILENT
                ),
                "tuned": tuned[run.manifest.model].found,
            }
            for run in runs
        ]
    )


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
