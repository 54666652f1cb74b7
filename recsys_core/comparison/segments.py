"""For whom, and for which artists, a model works: the same metrics on parts of listeners or catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.comparison.per_user import MODEL, USER, of_split
from recsys_core.ranking import held_out_ranks
from recsys_core.statistics import bootstrap_intervals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.ranking import Ranks
    from recsys_core.runs import Run
    from recsys_core.splitting import Split

LISTENERS, ARTISTS = ("light", "medium", "heavy"), ("head", "middle", "tail", "cold")
SEGMENT, METRIC = "segment", "metric"


def listener_segments(parts: Split) -> np.ndarray:
    """Return 0 light, 1 medium, 2 heavy for each user, int8: thirds by plays of the train pairs.

    Plays are those of the data as read, whatever the split scales; users of equal plays are told apart by
    their row, so that the thirds are equal.
    """
    train = parts.train.to_csr(binary=True)
    plays = np.asarray(parts.dataset.interactions.to_csr().multiply(train).sum(axis=1), np.float64).ravel()
    place = np.empty(len(plays), np.int64)
    place[np.argsort(plays, kind="stable")] = np.arange(len(plays))
    return (place * 3 // max(1, len(plays))).astype(np.int8)


def artist_segments(parts: Split) -> np.ndarray:
    """Return 0 head, 1 middle, 2 tail, 3 cold for each item, int8.

    From the most listened downwards head, middle and tail hold a third each of all train pairs; cold items
    have no train listener, and no model that knows ids only can place them.
    """
    listeners = np.bincount(parts.train.item_idx, minlength=parts.dataset.n_items)
    order = np.argsort(-listeners, kind="stable")
    before = np.cumsum(listeners[order]) - listeners[order]
    segments = np.empty(len(listeners), np.int8)
    segments[order] = np.minimum(before * 3 // max(1, listeners.sum()), 2)
    segments[listeners == 0] = len(ARTISTS) - 1
    return segments


def listeners_table(runs: Iterable[Run], parts: Split) -> pd.DataFrame:
    """Return ``model, segment, metric, mean, low, high, n`` from the runs' stored per-user values.

    ``n`` counts the segment's users with held-out items; ``parts`` is the split the runs were made on.
    """
    segment = pd.Series(listener_segments(parts), index=parts.dataset.users.ids)
    rows = []
    for run in of_split(runs, parts):
        test = run.per_user[run.per_user["part"] == "test"].set_index(USER).drop(columns="part")
        groups = segment.reindex(test.index).to_numpy()
        for number, name in enumerate(LISTENERS):
            values = test[groups == number]
            rows += _rows(run.manifest.model, name, {str(m): values[m].to_numpy() for m in values})
    return pd.DataFrame(rows)


def artists_table(runs: Iterable[Run], parts: Split, *, k: int = 10, threads: int = 1) -> pd.DataFrame:
    """Return ``model, segment, metric, mean, low, high, n, n_pairs`` of held-out artists by popularity.

    ``auc`` is the share of negatives ranked below such an artist, ``recall@k`` the share of such artists
    found in the first ``k``: one value per user who has one held out; ``n`` such users, ``n_pairs`` in all.
    """
    rows: list[dict[str, object]] = []
    train, test = parts.train.to_csr(binary=True), parts.test.to_csr(binary=True)
    for run in of_split(runs, parts):
        ranks = held_out_ranks(run.model(parts.training).scorer, test, train, threads=threads)
        rows += artists_rows(run.manifest.model, ranks, parts, k=k)
    return pd.DataFrame(rows)


def artists_rows(model: str, ranks: Ranks, parts: Split, *, k: int = 10) -> list[dict[str, object]]:
    """Return the rows of :func:`artists_table` for one model, from the ranks of its held-out pairs."""
    segments, rows = artist_segments(parts), []
    pairs = _pairs(ranks, parts.dataset.n_items, k)
    for number, name in enumerate(ARTISTS):
        own = pairs[segments[ranks.item_idx] == number]
        users = own.groupby("user")[["auc", f"recall@{k}"]].mean()
        found = _rows(model, name, {str(m): users[m].to_numpy() for m in users})
        rows += [{**row, "n_pairs": len(own)} for row in found]
    return rows


def _pairs(ranks: Ranks, n_items: int, k: int) -> pd.DataFrame:
    """Return ``user, auc, recall@k`` of every held-out pair."""
    held = np.diff(ranks.indptr)
    user = np.repeat(np.arange(len(held)), held)
    # how many of the same user's held-out items stand before each
    order = np.lexsort((ranks.ranks, user))
    before = np.empty(len(order), np.int64)
    before[order] = np.arange(len(order)) - np.repeat(ranks.indptr[:-1], held)
    negatives = n_items - held[user] - ranks.n_train[user]
    share = np.divide(ranks.ranks - before, negatives, out=np.zeros(len(user)), where=negatives > 0)
    return pd.DataFrame({"user": user, "auc": 1 - share, f"recall@{k}": (ranks.ranks < k).astype(np.float64)})


def _rows(model: str, segment: str, values: dict[str, np.ndarray]) -> list[dict[str, object]]:
    n = len(next(iter(values.values())))
    if not n:
        nothing = {"mean": np.nan, "low": np.nan, "high": np.nan, "n": 0}
        return [{MODEL: model, SEGMENT: segment, METRIC: metric, **nothing} for metric in values]
    return [
        {
            MODEL: model,
            SEGMENT: segment,
            METRIC: metric,
            "mean": one.mean,
            "low": one.low,
            "high": one.high,
            "n": n,
        }
        for metric, one in bootstrap_intervals(values).items()
    ]
