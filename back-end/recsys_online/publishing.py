"""From a stored run, or from the older service's files, to a publication."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from recsys_core.errors import DataError
from recsys_core.models.svd import SVDRecommender
from recsys_core.ranking import Factors, similar_items, top_k
from recsys_core.ranking.similar import unit_rows
from recsys_core.whole_files import write_whole
from recsys_online.catalogue import LARGEST_ID, LARGEST_USER, Track, read_tracks
from recsys_online.index.publication import Publication, write_ids

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recsys_core.datasets import Dataset, IdMap
    from recsys_core.models.base import Recommender

NEIGHBOURS = 50
NO_TRACK = -1


class TrackList(msgspec.Struct):
    """A line of the older service's file of recommendations."""

    user: int
    tracks: list[int]


def publication_of(model: Recommender, dataset: Dataset, k: int = 100, *, threads: int = 1) -> Publication:
    """Return the top ``k`` of every user, best first, nothing they ever listened to, with the catalogue.

    Ids that are no whole numbers from 0 on are replaced by row numbers, since the service's addresses
    take numbers only; the publication then says which number stands for which id.

    Parameters
    ----------
    model
        Trained on a part of ``dataset``, or on all of it.
    dataset
        Everything known: held-out artists are heard artists too.
    """
    heard = dataset.interactions.to_csr(binary=True)
    k = min(k, dataset.n_items)
    item_idx, _ = top_k(model.scorer, k, exclude=heard, n_items=dataset.n_items, threads=threads)
    users, tracks = numbers(dataset.users, LARGEST_USER), numbers(dataset.items)
    order = np.argsort(users)
    listeners = np.bincount(dataset.interactions.item_idx, minlength=dataset.n_items)
    popular = np.argsort(-listeners, kind="stable")[: NEIGHBOURS * 2]
    vectors = item_vectors(model, dataset)
    names = [str(name) for name in dataset.names]
    return Publication(
        users=users[order],
        lists=_translated(item_idx[order], tracks),
        tracks=[Track(int(track), name, name) for track, name in zip(tracks, names, strict=True)],
        top=tracks[popular].astype(np.int32),
        neighbours=None if vectors is None else _neighbours(vectors, tracks),
        embeddings=vectors,
        user_ids=_replaced(dataset.users, users, order),
        track_ids=_replaced(dataset.items, tracks, np.arange(dataset.n_items)),
    )


def item_vectors(model: Recommender, dataset: Dataset) -> np.ndarray | None:
    """Return the model's item embeddings, rows of length one, or a truncated SVD's for a model without.

    None where the data are too small to tell items apart: one item, or one user and no embeddings.
    """
    if dataset.n_items < 2:
        return None
    embeddings = getattr(model.scorer, "item_embeddings", None)
    if embeddings is not None and embeddings.shape[1]:
        return unit_rows(embeddings)
    size = min(64, dataset.n_items - 1, dataset.n_users - 1)
    if not size:
        return None
    stand_in = SVDRecommender(embedding_size=size).fit(dataset).scorer
    assert isinstance(stand_in, Factors)
    return unit_rows(stand_in.item_embeddings)


def numbers(ids: IdMap, largest: int = LARGEST_ID) -> np.ndarray:
    """Return the service's number of each id, int64: the id itself where all fit, else its row."""
    known = np.asarray(ids.ids)
    if known.dtype.kind in "iu" and len(known) and known.min() >= 0 and known.max() <= largest:
        return known.astype(np.int64)
    return np.arange(len(ids), dtype=np.int64)


def read_lists(lists: Path, tracks: Path, top: Path | None = None, *, best_last: bool = False) -> Publication:
    """Return a publication of the older service's files.

    Parameters
    ----------
    lists
        JSON lines ``{"user", "tracks"}``, best first.
    tracks
        JSON lines ``{"track", "artist", "title"}``.
    top
        A JSON list of track ids, most popular first.
    best_last
        The lists stand worst first, as the older service's training wrote them.

    Raises
    ------
    DataError
        If a file cannot be read, a user appears twice, or a list names a track that is not in the catalogue.
    """
    catalogue = read_tracks(tracks)
    known = {one.track for one in catalogue}
    rows = sorted(_decoded(lists), key=lambda one: one.user)
    for one, following in itertools.pairwise(rows):
        if one.user == following.user:
            raise DataError(f"User {one.user} has two lists.", file=lists, fix="Give each user one.")
    for one in rows:
        if unknown := next((track for track in one.tracks if track not in known), None):
            raise DataError(f"Track {unknown} of user {one.user} is not in {tracks}.", file=lists)
    table = np.full((len(rows), max((len(one.tracks) for one in rows), default=1)), NO_TRACK, np.int32)
    for row, one in enumerate(rows):
        table[row, : len(one.tracks)] = one.tracks[::-1] if best_last else one.tracks
    popular = _read_json(top, list[int]) if top else []
    users = np.array([one.user for one in rows], np.int64)
    return Publication(users, table, catalogue, np.array(popular, np.int32))


def write_lists(path: Path, publication: Publication) -> list[Path]:
    """Write JSON lines ``{"user", "tracks"}``, best first, whole or not at all.

    Where numbers stand for ids, files beside it say which; their paths are returned.
    """
    encoder = msgspec.json.Encoder()
    lines = (
        TrackList(user, tracks[tracks >= 0].tolist())
        for user, tracks in zip(publication.users.tolist(), publication.lists, strict=True)
    )
    write_whole(path, encoder.encode_lines(lines))
    beside = []
    for name, ids in publication.ids().items():
        beside.append(path.with_name(f"{path.stem}.{name}"))
        write_ids(beside[-1], ids)
    return beside


def _neighbours(vectors: np.ndarray, tracks: np.ndarray) -> np.ndarray:
    rows = np.arange(len(tracks))
    nearest, _ = similar_items(vectors, rows, min(NEIGHBOURS, len(tracks) - 1))
    return _translated(nearest, tracks)


def _replaced(ids: IdMap, given: np.ndarray, order: np.ndarray) -> list[str]:
    """Return the ids that ``given`` numbers stand for, in ``order``; nothing where they are the ids."""
    known = np.asarray(ids.ids)
    if known.dtype.kind in "iu" and np.array_equal(known, given):
        return []
    return [str(one) for one in known[order].tolist()]


def _translated(rows: np.ndarray, tracks: np.ndarray) -> np.ndarray:
    return np.where(rows >= 0, tracks[rows], NO_TRACK).astype(np.int32)


def _decoded(path: Path) -> Iterator[TrackList]:
    decoder = msgspec.json.Decoder(TrackList)
    number = 0
    try:
        with path.open("rb") as file:
            for line in file:
                number += 1
                yield decoder.decode(line)
    except OSError as error:
        raise DataError(f"{error.strerror}.", file=path) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{error}.", file=path, line=number, fix='Give {"user", "tracks"} a line.') from None


def _read_json(path: Path, of: Any) -> Any:
    try:
        return msgspec.json.decode(path.read_bytes(), type=of)
    except OSError as error:
        raise DataError(f"{error.strerror}.", file=path) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{error}.", file=path) from None
