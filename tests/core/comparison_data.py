"""Curves written by hand, and a small comparison really trained."""

from __future__ import annotations

from functools import cache

import pandas as pd

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.splitting import PROTOCOLS
from tests.core.small_data import random_dataset

NAMES = ("auc", "mrr", "map", "precision@10", "recall@10", "ndcg@10")


def curve(*values, seconds=1.0):
    """A curve whose test metrics all take ``values``, train ones 0.1 more; an epoch takes ``seconds``."""
    rows = [
        {"epoch": epoch, "seconds": epoch * seconds, "evaluation_seconds": 0.5}
        | {f"test_{name}": value for name in NAMES}
        | {f"train_{name}": value + 0.1 for name in NAMES}
        for epoch, value in enumerate(values, start=1)
    ]
    return pd.DataFrame(rows)


@cache
def small_comparison(*models, epochs=3):
    """Events and runs of ``models`` on data made up at random."""
    events = []
    request = ComparisonRequest(models=models, epochs=epochs, protocol=PROTOCOLS["all-pairs"])
    runs = compare(
        random_dataset(60, 40, 700), request, created="2026-11-23T10:00:00+00:00", on_event=events.append
    )
    return tuple(events), tuple(runs)
