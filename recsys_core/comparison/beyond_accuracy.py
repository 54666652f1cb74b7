"""What the lists are like, whoever is right: breadth, novelty, diversity, popularity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.comparison.per_user import MODEL, of_split
from recsys_core.metrics.catalogue import average_popularity, coverage, gini, novelty
from recsys_core.metrics.diversity import list_diversity
from recsys_core.ranking import top_k

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.ranking import Scorer
    from recsys_core.runs import Run
    from recsys_core.splitting import Split


def lists_table(runs: Iterable[Run], parts: Split, *, k: int = 10, threads: int = 1) -> pd.DataFrame:
    """Return a row per model about everybody's ``k`` best unheard items.

    Columns: ``model``; ``coverage`` (share of the catalogue in any list); ``gini`` (0: each artist in as many
    lists, 1: one artist has all); ``popularity`` (mean train listeners per artist); ``novelty`` (bits);
    ``diversity`` (1 minus the mean cosine of a list's pairs, by train listeners); ``n_lists``.
    """
    rows = [
        lists_row(run.manifest.model, run.model(parts.training).scorer, parts, k=k, threads=threads)
        for run in of_split(runs, parts)
    ]
    return pd.DataFrame(rows)


def lists_row(
    model: str, scorer: Scorer, parts: Split, *, k: int = 10, threads: int = 1
) -> dict[str, object]:
    """Return the row of :func:`lists_table` for one model, from its scores."""
    train = parts.train.to_csr(binary=True)
    n_users, n_items = train.shape
    listeners = np.bincount(parts.train.item_idx, minlength=n_items)
    lists, _ = top_k(scorer, min(k, n_items), exclude=train, threads=threads, n_items=n_items)
    users, columns = np.nonzero(lists >= 0)
    items = lists[users, columns]
    counts = np.bincount(items, minlength=n_items)
    return {
        MODEL: model,
        "coverage": coverage(counts),
        "gini": gini(counts),
        "popularity": average_popularity(users, items, listeners),
        "novelty": novelty(users, items, listeners, n_users),
        "diversity": float(np.nanmean(list_diversity(lists, train))),
        "n_lists": len(np.unique(users)),
    }
