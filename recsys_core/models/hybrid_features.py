"""Listeners and artists as sums of named features: who they are, their friends, their tags and taggers.

Kula (2015), "Metadata embeddings for user and item cold-start recommendations", arXiv:1507.08439.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from msgspec import Meta
from scipy import sparse

from recsys_core.datasets.features import FeatureMatrix
from recsys_core.models.lightfm import LightFMSettings
from recsys_core.models.side_information import friend_shares, row_shares, tag_counts, tagged_pairs

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

Strength = Annotated[float, Meta(ge=0, le=10)]


class HybridFeatureSettings(LightFMSettings, frozen=True, kw_only=True):
    """LightFM's parameters, and how much each kind of feature weighs beside an identity of weight 1.

    ``tags`` are the most given ones that are kept. Without ``identity`` a listener or artist is nothing but
    its features. ``parts`` of the listeners are scored by copies trained without their tags. ``repeats``
    trainings from different seeds are taken together, each score the mean of theirs, so that what one has by
    luck counts less; with ``plain_size`` another training of that size, without features, beside each.
    """

    embedding_size: Annotated[int, Meta(ge=1, le=512)] = 64
    learning_rate: Annotated[float, Meta(gt=0, le=10)] = 0.02
    max_sampled: Annotated[int, Meta(ge=1, le=10_000)] = 200
    tag_strength: Strength = 3.0
    tagger_strength: Strength = 3.0
    friend_strength: Strength = 1.0
    tags: Annotated[int, Meta(ge=1, le=100_000)] = 1000
    identity: bool = True
    parts: Annotated[int, Meta(ge=2, le=20)] = 2
    repeats: Annotated[int, Meta(ge=1, le=10)] = 1
    plain_size: Annotated[int, Meta(ge=0, le=512)] = 0


def user_features(data: Dataset, settings: HybridFeatureSettings) -> FeatureMatrix:
    """Return features ``user:<id>`` and ``friend:<id>`` of each listener."""
    ids = [str(one) for one in data.users.ids]
    blocks = [("friend", ids, settings.friend_strength * friend_shares(data))]
    if settings.identity or not blocks[0][2].nnz:
        blocks.insert(0, ("user", ids, sparse.identity(data.n_users, np.float32, format="csr")))
    return _side_by_side(blocks)


def item_features(data: Dataset, settings: HybridFeatureSettings, left_out: np.ndarray) -> FeatureMatrix:
    """Return features ``artist:<id>``, ``tag:<text>`` and ``tagger:<id>`` of each artist.

    ``left_out``, bool ``(n_users,)``, are listeners whose tags are not counted.
    """
    counts = tag_counts(data, left_out)
    given = counts.getnnz(axis=0)
    most = np.argsort(-given, kind="stable")[: settings.tags]
    most = np.sort(most[given[most] > 0])  # not even the number of features tells of words left out
    names = data.item_features.names if data.item_features is not None else ()
    tags = [names[column].partition(":")[2] for column in most]
    taggers = row_shares(tagged_pairs(data, left_out).T.tocsr())
    blocks = [
        ("tag", tags, settings.tag_strength * row_shares(counts[:, most])),
        ("tagger", [str(one) for one in data.users.ids], settings.tagger_strength * taggers),
    ]
    if settings.identity or not any(block.nnz for _, _, block in blocks):
        ids = [str(one) for one in data.items.ids]
        blocks.insert(0, ("artist", ids, sparse.identity(data.n_items, np.float32, format="csr")))
    return _side_by_side(blocks)


def _side_by_side(blocks: list[tuple[str, list[str], sparse.csr_matrix]]) -> FeatureMatrix:
    """Join blocks of features; the field before each name keeps a tag from passing for an artist."""
    names = tuple(f"{field}:{name}" for field, own, _ in blocks for name in own)
    values = sparse.hstack([block for _, _, block in blocks], format="csr", dtype=np.float32)
    values.eliminate_zeros()
    return FeatureMatrix(names, values)
