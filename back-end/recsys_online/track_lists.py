"""From what a service logged of tracks to lists of tracks; artists are known from the catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from recsys_core.columns import Columns
from recsys_core.datasets.dataset import Dataset, Source
from recsys_core.datasets.features import FeatureMatrix
from recsys_core.errors import DataError
from recsys_core.ranking import top_k
from recsys_online.publishing import publication_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recsys_core.models.base import Recommender
    from recsys_online.catalogue import Track
    from recsys_online.events.record import Event
    from recsys_online.index.versions import Publication

SHARE, FIRST = "share", "first"
LIKED = 0.5
WIDER = 6
"""Candidates looked at for each place of a list before artists are spread."""


def plays_of(events: Iterable[Event]) -> pd.DataFrame:
    """Return who heard what: ``user_id, item_id, share, first``; ``first`` marks what a session began with.

    Records of the older service, which name no session, begin one after each ``last`` of the user.
    """
    begun: dict[int | str, str] = {}
    rows = []
    for one in events:
        first = one.user not in begun or begun[one.user] != one.session
        rows.append((one.user, one.track, one.time, first))
        if one.message == "last":
            begun.pop(one.user, None)
        else:
            begun[one.user] = one.session
    return pd.DataFrame(rows, columns=[Columns.USER_ID, Columns.ITEM_ID, SHARE, FIRST])


def liked_pairs(plays: pd.DataFrame, *, above_usual: float | None = None) -> pd.DataFrame:
    """Return distinct pairs ``user_id, item_id`` of tracks listened to for more than half.

    Parameters
    ----------
    above_usual
        Leave out what was not so much more than the user's mean share of recommended tracks: who hears
        everything to its end says little about it. None leaves out nothing.
    """
    told = plays[SHARE] > LIKED
    if above_usual is not None:
        usual = plays[~plays[FIRST]].groupby(Columns.USER_ID)[SHARE].mean()
        told &= plays[SHARE] - plays[Columns.USER_ID].map(usual).fillna(0.0) > above_usual
    return plays.loc[told, [Columns.USER_ID, Columns.ITEM_ID]].drop_duplicates()


def dataset_of_tracks(pairs: pd.DataFrame, tracks: Sequence[Track], source: Source) -> Dataset:
    """Return the data set of ``pairs``; each track's one feature is its artist, so that artists are learned.

    Raises
    ------
    DataError
        If a track is not among ``tracks``.
    """
    known = {one.track: one for one in tracks}
    dataset = Dataset.from_frame(pairs, source, names={one.track: one.title for one in tracks})
    ids = dataset.items.ids.tolist()
    if unknown := [one for one in ids if one not in known]:
        raise DataError(f"Track {unknown[0]} was listened to, but is not in the catalogue.")
    artists, column = np.unique([known[one].artist for one in ids], return_inverse=True)
    ones = np.ones(len(ids), np.float32)
    values = sparse.csr_matrix((ones, (np.arange(len(ids)), column)), shape=(len(ids), len(artists)))
    features = FeatureMatrix(tuple(f"tag:{artist}" for artist in artists), values)
    return replace(dataset, item_features=features)


def publication_of_tracks(
    model: Recommender,
    dataset: Dataset,
    tracks: Sequence[Track],
    k: int = 100,
    *,
    freshness: float = 0.6,
    keep_liked: bool = False,
) -> Publication:
    """Return lists of ``k`` tracks with artists spread, and the tracks' names.

    Parameters
    ----------
    model
        Trained on ``dataset``, whose item ids are those of ``tracks``.
    freshness
        Factor on a track's score, over that of the worst candidate, per better track of the same artist;
        1 leaves the order to the model.
    keep_liked
        Whether a list may hold what the user liked before.
    """
    plain = publication_of(model, dataset, k)
    known = {one.track: one for one in tracks}
    named = [known[one.track] for one in plain.tracks]
    numbers: dict[str, int] = {}
    artists = np.array([numbers.setdefault(one.artist, len(numbers)) for one in named], np.int32)
    liked = None if keep_liked else dataset.interactions.to_csr(binary=True)
    wide = min(k * WIDER, dataset.n_items)
    everybody = np.arange(dataset.n_users)
    items, scores = top_k(model.scorer, wide, user_idx=everybody, exclude=liked, n_items=dataset.n_items)
    best = spread(items, scores, artists, freshness)[:, :k]
    ids = np.append(dataset.items.ids, -1)  # -1 for none
    order = np.argsort(dataset.users.ids)
    return replace(plain, lists=ids[best][order].astype(np.int32), tracks=named)


def spread(items: np.ndarray, scores: np.ndarray, artists: np.ndarray, freshness: float) -> np.ndarray:
    """Return rows of ``items`` in the order of scores that fall with each better item of the same artist.

    Parameters
    ----------
    items, scores
        Item indices, best first, and their scores, ``(n, width)``; -1 and ``-inf`` for none.
    artists
        A number per item.
    """
    missing = items < 0
    worst = np.min(scores, axis=1, keepdims=True, where=~missing, initial=np.inf)
    height = np.where(missing, -1.0, scores - np.where(missing, 0.0, worst))
    own = np.where(missing, -1, artists[items])
    height = np.where(missing, -1.0, height * freshness ** _earlier(own))
    return np.take_along_axis(items, np.argsort(-height, axis=1, kind="stable"), 1)


def _earlier(groups: np.ndarray) -> np.ndarray:
    """Return how many times each entry's value stands before it in its row."""
    width = groups.shape[1]
    order = np.argsort(groups, axis=1, kind="stable")
    ordered = np.take_along_axis(groups, order, 1)
    new = np.ones(groups.shape, bool)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    begins = np.maximum.accumulate(np.where(new, np.arange(width), 0), axis=1)
    earlier = np.empty(groups.shape, np.int64)
    np.put_along_axis(earlier, order, np.arange(width) - begins, 1)
    return earlier
