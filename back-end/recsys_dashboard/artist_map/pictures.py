"""What can be shown of a run: its stored maps, and a first view that is there at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from recsys_core.artist_map import ArtistMap, ItemVectors, MapCard, MapStore, artist_tags, default_settings
from recsys_core.artist_map.first_view import first_view
from recsys_core.artist_map.store import START, map_name
from recsys_core.runs import RunStore
from recsys_core.runs.artefacts import FOLDER, artefact_names
from recsys_dashboard import cached

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.artist_map import ArtistTags, MapSettings
    from recsys_core.datasets import Dataset

FIRST = "first"
"""What addresses call the first view."""


class Shelf(NamedTuple):
    """The readable maps of a run, newest first, and the names of those that are damaged."""

    cards: tuple[MapCard, ...]
    damaged: tuple[str, ...]

    def find(self, key: str) -> MapCard | None:
        """Return the map that an address calls ``key``."""
        return next((card for card in self.cards if key_of(card.settings) == key), None)


@dataclass(frozen=True, eq=False)
class Picture:
    """Artists on a plane: a stored map, or a first view without groups where ``made`` is None."""

    vectors: ItemVectors
    artists: pd.DataFrame
    made: ArtistMap | None = None

    @property
    def key(self) -> str:
        """What an address calls it."""
        return FIRST if self.made is None else key_of(self.made.card.settings)

    @property
    def least(self) -> int:
        """How many listeners an artist needs to be shown."""
        made = self.made
        return (
            default_settings(self.vectors).min_listeners if made is None else made.card.settings.min_listeners
        )

    @cached_property
    def groups(self) -> dict[int, str]:
        """The names of the groups by their numbers."""
        return {one.label: one.name for one in self.made.card.clusters} if self.made is not None else {}

    @cached_property
    def tags(self) -> ArtistTags | None:
        """The tags of the artists, row by row; None where the data have none."""
        return artist_tags(self.vectors.dataset, self.artists["item_idx"].to_numpy())

    @cached_property
    def row_of(self) -> dict[int, int]:
        """The row of each item that is shown."""
        return {int(item): row for row, item in enumerate(self.artists["item_idx"])}


def key_of(settings: MapSettings) -> str:
    """Return what an address calls a map of these settings."""
    return map_name(settings).removeprefix(START)[:8]


def shelf_of(run_id: str) -> Shelf:
    """Return the stored maps of a run."""
    store = cached.run_store()
    folder = store.folder(run_id) / FOLDER
    changed = folder.stat().st_mtime_ns if folder.is_dir() else 0
    return _shelf(str(store.root), run_id, changed)


def vectors_of(run_id: str, dataset: Dataset) -> ItemVectors:
    """Return the item vectors of a run; raises RunError if it is damaged or of other data."""
    return _vectors(run_id, dataset.fingerprint, cached.suggestions(run_id, dataset))


def stored_picture(run_id: str, card: MapCard, dataset: Dataset) -> Picture:
    """Return a stored map; raises RunError if it is damaged."""
    vectors = vectors_of(run_id, dataset)
    return _stored(str(cached.run_store().root), run_id, key_of(card.settings), card.created, card, vectors)


def first_picture(run_id: str, dataset: Dataset) -> Picture:
    """Return the first view of the artists that a map with fitting settings would have."""
    return _first(run_id, dataset.fingerprint, vectors_of(run_id, dataset))


def fitting_settings(run_id: str, dataset: Dataset) -> MapSettings:
    """Return the settings that fit the artists of a run."""
    return _fitting(run_id, dataset.fingerprint, vectors_of(run_id, dataset))


@st.cache_resource(max_entries=64, show_spinner=False)
def _shelf(root: str, run_id: str, changed: int) -> Shelf:
    runs = RunStore(Path(root))
    cards = tuple(MapStore(runs).list(run_id))
    readable = {map_name(card.settings) for card in cards}
    maps = [name for name in artefact_names(runs, run_id) if name.startswith(START)]
    return Shelf(cards, tuple(name for name in maps if name not in readable))


@st.cache_resource(max_entries=8, show_spinner=False)
def _vectors(run_id: str, fingerprint: str, _suggestions: cached.Suggestions) -> ItemVectors:
    return ItemVectors.of_model(run_id, _suggestions.model, _suggestions.dataset)


@st.cache_resource(max_entries=8, show_spinner=False)
def _stored(root: str, run_id: str, key: str, created: str, _card: MapCard, _vectors: ItemVectors) -> Picture:
    made = MapStore(RunStore(Path(root))).load(run_id, _card.settings)
    if made is None:
        return _first_of(_vectors)
    return Picture(_vectors, made.artists, made)


@st.cache_resource(max_entries=8, show_spinner=False)
def _first(run_id: str, fingerprint: str, _vectors: ItemVectors) -> Picture:
    return _first_of(_vectors)


@st.cache_resource(max_entries=8, show_spinner=False)
def _fitting(run_id: str, fingerprint: str, _vectors: ItemVectors) -> MapSettings:
    return default_settings(_vectors)


def _first_of(vectors: ItemVectors) -> Picture:
    return Picture(vectors, first_view(vectors, default_settings(vectors).min_listeners))
