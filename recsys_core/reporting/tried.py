"""Everything tried on validation parts, and what was looked at on test parts: ``tried.csv`` beside this.

A row per setting: ``model`` (or the kind of blend), ``how`` (``by hand``, or ``search`` for a trial of
``refrain tune``), ``tried`` (in words), ``part`` it was judged on, and its figures there.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from recsys_core.comparison.export import to_markdown

DATASET = "lastfm"
SEARCH, VALIDATION, TEST = "search", "validation", "test"
FIGURES = ("auc", "precision@10", "recall@10", "ndcg@10")
DEFAULTS = "the defaults"
BY_HAND = "by hand before"
OBJECTIVE = "ndcg@10"


@cache
def tried() -> pd.DataFrame:
    """Return all rows, in the order they were tried: ``model, how, tried, part`` and :data:`FIGURES`."""
    return pd.read_csv(Path(__file__).with_suffix(".csv"))


def budget_rows() -> pd.DataFrame:
    """Return for each model searched: trials, the defaults and the best on validation, settings by hand."""
    table = tried()
    table = table[table["part"] == VALIDATION]
    searched, by_hand = table[table["how"] == SEARCH], table[table["how"] != SEARCH]
    rows = []
    for model, own in searched.groupby("model", sort=False):
        plain = own[own["tried"].str.startswith(DEFAULTS)]
        rows.append(
            {
                "model": model,
                "trials": len(own),
                "given up early": int(own["tried"].str.contains("given up").sum()),
                f"{OBJECTIVE} of the defaults": plain[OBJECTIVE].max(),
                f"best {OBJECTIVE}": own[OBJECTIVE].max(),
                BY_HAND: (before := int((by_hand["model"] == model).sum())),
                "settings tried": len(own) + before,
            }
        )
    return pd.DataFrame(rows).sort_values(f"best {OBJECTIVE}", ascending=False, ignore_index=True)


def looked_at() -> tuple[list[int], list[str]]:
    """Return the split seeds whose test part was looked at by hand, and the models that were judged there."""
    table = tried()
    own = table[table["part"] == TEST]
    seeds = own["tried"].str.extract(r"split seed (\d+)", expand=False).dropna()
    return sorted({int(one) for one in seeds}), sorted(set(own["model"]) - {"oracle"})


def tried_page() -> str:
    """Return the whole table as a Markdown document, by model, the best first."""
    table = tried()
    lines = ["# Everything that was tried on Last.fm 2011", "", _ABOUT, ""]
    for part, rows in table.groupby("part", sort=False):
        lines += [f"## Judged on the {part} part", ""]
        for model, own in rows.groupby("model", sort=False):
            best_first = own.sort_values(OBJECTIVE, ascending=False)
            lines += [f"### {model}", "", to_markdown(best_first[["how", "tried", *FIGURES]])]
    return "\n".join(lines)


_ABOUT = (
    "Validation parts are a fifth of the train pairs of split seed 42. Their figures are lower than those "
    "of test parts: less to train on, fewer artists held out for each listener. Trials of searches share one "
    "part; what was tried by hand shares another draw of the same size. One of two copies: judged on the "
    "half of the listeners whom that copy scores, on the part of the searches where a seed or several "
    "trainings are named. Test parts were looked at while models were being built, also with settings that "
    "were then rejected. Equal scores count against the model. In blends, what a member counts stands beside "
    "its name; n is an artist's listeners; a dash: not noted down."
)
