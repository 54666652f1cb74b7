"""What the fast simulation knows of the service: its catalogue and lists as rows of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.errors import DataError
from recsys_online.simulator.world import artist_numbers

if TYPE_CHECKING:
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
    tracks = _rows(np.array(catalogue.ids), world)
    place = np.full(len(world.tracks), -1, np.int32)
    place[tracks] = np.arange(len(tracks), dtype=np.int32)
    number = artist_numbers(catalogue.tracks)
    artist = np.full(len(world.tracks), -1, np.int32)
    artist[tracks] = number
    of_artist = tracks[np.argsort(number, kind="stable")]
    starts = np.append(0, np.cumsum(np.bincount(number)))
    top = _rows(np.array(catalogue.top[:TOP_K]), world)
    return Offer(tracks, place, artist, of_artist, starts, top, *_lists(publication, world))


def _lists(publication: Publication, world: World) -> tuple[np.ndarray, np.ndarray]:
    lists = np.full(publication.lists.shape, -1, np.int32)
    named = publication.lists >= 0
    lists[named] = _rows(publication.lists[named], world)
    return lists, _places(world.listeners.users, publication.users)


def _rows(tracks: np.ndarray, world: World) -> np.ndarray:
    rows = _places(tracks, world.tracks)
    if unknown := tracks[rows < 0].tolist():
        raise DataError(
            f"The service offers track {unknown[0]}, which the listeners of {world.title} do not know.",
            fix="Publish lists of the tracks of this world, or simulate the world they are of.",
        )
    return rows


def _places(wanted: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Return where each of ``wanted`` stands in ``among`` (distinct, in any order), int32; -1 if nowhere."""
    if not len(among):
        return np.full(len(wanted), -1, np.int32)
    order = np.argsort(among, kind="stable")
    found = order[np.searchsorted(among, wanted, sorter=order).clip(max=len(among) - 1)]
    return np.where(among[found] == wanted, found, -1).astype(np.int32)
