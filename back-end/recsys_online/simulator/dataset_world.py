"""A world made from a data set: listeners like its users, tastes that no recommender can read there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.models.svd import SVDRecommender
from recsys_core.ranking import Factors
from recsys_core.ranking.similar import unit_rows
from recsys_core.rng import as_generator
from recsys_online.catalogue import LARGEST_USER, Track
from recsys_online.publishing import numbers
from recsys_online.simulator.world import INTERESTS, Habits, Listeners, World, draw_traits

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

LENGTH = 26.9  # of an embedding, squared: what a track has in common with itself in the older service's world
LEARNABLE = 0.7
SIZE = 32


def world_of(dataset: Dataset, *, seed: int = 0, habits: Habits | None = None) -> World:
    """Return a world whose tracks are the items of ``dataset``, each its own artist, and users its listeners.

    An embedding is ``sqrt(26.9) (sqrt(0.7) shared + sqrt(0.3) own)``, both of length about one: ``shared``
    is the item's row of a truncated SVD (what listeners have in common), ``own`` is drawn with ``seed`` and
    stands nowhere in the data. A user's three interests are drawn from what they listened to, in proportion
    to how much; bias and sharpness as in the older service's world.
    """
    rng = as_generator(seed)
    shared = _shared(dataset)
    own = rng.standard_normal(shared.shape, np.float32) / np.sqrt(shared.shape[1])
    embeddings = np.sqrt(LENGTH) * (np.sqrt(LEARNABLE) * shared + np.sqrt(1 - LEARNABLE) * own)
    bias, sharpness = draw_traits(dataset.n_users, rng)
    listeners = Listeners(numbers(dataset.users, LARGEST_USER), _interests(dataset, rng), bias, sharpness)
    public = [
        Track(track, str(name), str(name))
        for track, name in zip(numbers(dataset.items).tolist(), dataset.names, strict=True)
    ]
    return World(dataset.source.title, public, embeddings, listeners, habits)


def _shared(dataset: Dataset) -> np.ndarray:
    size = max(1, min(SIZE, dataset.n_items - 1, dataset.n_users - 1))
    scorer = SVDRecommender(embedding_size=size).fit(dataset).scorer
    assert isinstance(scorer, Factors)
    rows = unit_rows(scorer.item_embeddings)
    return unit_rows(rows - rows.mean(axis=0))  # without what all have in common: popularity


def _interests(dataset: Dataset, rng: np.random.Generator) -> np.ndarray:
    """Return three items of each user, drawn by weight with repetition; of anybody's for who has none."""
    played = dataset.interactions.to_csr()
    drawn = rng.random((dataset.n_users, INTERESTS))
    interests = rng.integers(0, dataset.n_items, (dataset.n_users, INTERESTS)).astype(np.int32)
    for user in range(dataset.n_users):
        row = slice(played.indptr[user], played.indptr[user + 1])
        ends = np.cumsum(played.data[row], dtype=np.float64)
        if len(ends) and ends[-1] > 0:
            interests[user] = played.indices[row][np.searchsorted(ends, drawn[user] * ends[-1], side="right")]
    return interests
