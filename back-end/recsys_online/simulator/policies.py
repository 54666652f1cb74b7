"""What the fast simulation knows of the service: its catalogue and lists as rows of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_online.index.versions import Publication
    from recsys_online.simulator.world import World

FAST = ("random", "sticky-artist", "top-pop", "indexed", "indexed-sample")
"""Recommenders that have a compiled twin; a name's place is its code."""
RANDOM, STICKY, TOP, WALK, SAMPLE = range(len(FAST))
ASKED = -1
"""Code of every other recommender: it is asked for each track."""
TOP_K = 100


class Offer(NamedTuple):
    """Rows of the world, as compiled code takes them.

    Attributes
    ----------
    tracks, place
        Row of each track of the catalogue, int32 ``(n_catalogue,)``; and back, -1 for a track it lacks.
    artist, of_artist, starts
        The catalogue's artist of each row of the world (-1 for none), and the rows of artist ``a``:
        ``of_artist[starts[a]:starts[a + 1]]``.
    top
        The most popular rows.
    lists, list_of
        Lists, best first, -1 after the last; and each listener's row of them, -1 for none.
    """

    tracks: np.ndarray
    place: np.ndarray
    artist: np.ndarray
    of_artist: np.ndarray
    starts: np.ndarray
    top: np.ndarray
    lists: np.ndarray
    list_of: np.ndarray


def offer_of(publication: Publication, world: World) -> Offer:
    """Return what ``publication`` offers to the listeners of ``world``.

    Raises
    ------
    DataError
        If it offers a track that the listeners cannot hear, because the world does not have it.
    """
    catalogue = publication.catalogue()
    tracks = _rows(catalogue.ids, world)
    place = np.full(len(world.tracks), -1, np.int32)
    place[tracks] = np.arange(len(tracks), dtype=np.int32)
    groups = [_rows(ids, world) for ids in catalogue.by_artist.values()]
    artist = np.full(len(world.tracks), -1, np.int32)
    artist[np.concatenate(groups)] = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    starts = np.cumsum([0, *(len(group) for group in groups)])
    top = _rows(catalogue.top[:TOP_K], world)
    return Offer(tracks, place, artist, np.concatenate(groups), starts, top, *_lists(publication, world))


def _lists(publication: Publication, world: World) -> tuple[np.ndarray, np.ndarray]:
    found = np.unique(publication.lists)
    rows = np.append(_rows(found[found >= 0].tolist(), world), np.int32(-1))
    lists = rows[np.where(publication.lists >= 0, np.searchsorted(found[found >= 0], publication.lists), -1)]
    row = {user: number for number, user in enumerate(publication.users.tolist())}
    list_of = np.array([row.get(user, -1) for user in world.listeners.users.tolist()], np.int32)
    return np.ascontiguousarray(lists.reshape(publication.lists.shape), np.int32), list_of


def _rows(tracks: Sequence[int], world: World) -> np.ndarray:
    try:
        return np.array([world.row[track] for track in tracks], np.int32)
    except KeyError as unknown:
        raise DataError(
            f"The service offers track {unknown}, which the listeners of {world.title} do not know.",
            fix="Publish lists of the tracks of this world, or simulate the world they are of.",
        ) from None
