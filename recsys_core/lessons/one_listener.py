"""Data with the long tail that decides how equal scores must be counted: artists with a single listener."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.datasets.dataset import Dataset
from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.interactions import Interactions

if TYPE_CHECKING:
    from collections.abc import Iterator

PER_LISTENER = 5  # Last.fm 2011 has five and a half


def with_one_listener_artists(dataset: Dataset, per_listener: int = PER_LISTENER) -> Dataset:
    """Return ``dataset`` with invented artists of whom each has one listener, ``per_listener`` for everybody.

    Held out, such an artist has no listener left in train: a model that scores it 0 scores all of them 0.
    Artists are numbered anew from 1, the invented ones last, played as much as the median of the others.
    Features are left out.
    """
    rows, n_items = dataset.interactions, dataset.n_items
    listeners = np.repeat(np.arange(dataset.n_users, dtype=np.int32), per_listener)
    invented = np.arange(n_items, n_items + len(listeners), dtype=np.int32)
    users, items = np.concatenate([rows.user_idx, listeners]), np.concatenate([rows.item_idx, invented])
    plays = np.concatenate([rows.weights, np.full(len(listeners), np.median(rows.weights))])
    order = np.lexsort((items, users))
    shape = (dataset.n_users, n_items + len(listeners))
    return Dataset(
        replace(dataset.source, title=f"{dataset.source.title}, with artists of one listener"),
        Interactions(users[order], items[order], plays[order], shape),
        dataset.users,
        IdMap(np.arange(1, shape[1] + 1), kind="item"),
        np.array([*dataset.names, *_names(len(listeners))], dtype=object),
    )


def _names(n: int) -> Iterator[str]:
    return (f"Invented artist {number}" for number in range(1, n + 1))
