"""Maps are kept beside their run: computed once, never on a page view."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import msgspec
import pandas as pd

from recsys_core.artist_map.artist_map import ArtistMap, MapCard
from recsys_core.errors import RunError
from recsys_core.runs.artefacts import artefact_names, read_artefact, write_artefact

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recsys_core.artist_map.settings import MapSettings
    from recsys_core.runs import RunStore

FORMAT = 1
START, ARTISTS = "map-", "artists.parquet"


class MapStore:
    """The maps of stored runs."""

    def __init__(self, runs: RunStore) -> None:
        self.runs = runs

    def save(self, made: ArtistMap) -> None:
        """Keep a map with its run, whole or not at all.

        Raises
        ------
        RunError
            If its run is gone or the folder cannot be written.
        """
        buffer = io.BytesIO()
        made.artists.to_parquet(buffer)
        write_artefact(
            self.runs,
            made.card.run_id,
            map_name(made.card.settings),
            {ARTISTS: buffer.getvalue()},
            about=msgspec.to_builtins(made.card),
        )

    def load(self, run_id: str, settings: MapSettings) -> ArtistMap | None:
        """Return the stored map of these settings, or None if there is none.

        Raises
        ------
        RunError
            If it is damaged: deleting or computing it again mends that.
        """
        name = map_name(settings)
        found = read_artefact(self.runs, run_id, name)
        if found is None:
            return None
        try:
            card = msgspec.convert(found.about, MapCard)
            artists = pd.read_parquet(found.path(ARTISTS))
        except (msgspec.ValidationError, OSError, ValueError, KeyError) as error:
            raise RunError(f"The map {name} of run {run_id} is damaged: {error}. Compute it again.") from None
        return ArtistMap(card, artists)

    def get(self, run_id: str, settings: MapSettings, build: Callable[[], ArtistMap]) -> ArtistMap:
        """Return the stored map, or what ``build`` makes, which is then stored; a damaged one is replaced."""
        try:
            stored = self.load(run_id, settings)
        except RunError:
            stored = None
        if stored is not None:
            return stored
        made = build()
        self.save(made)
        return made

    def path(self, run_id: str, settings: MapSettings) -> Path:
        """Return the Parquet file of the artists of a stored map.

        Raises
        ------
        RunError
            If there is no such map, or it is damaged.
        """
        found = read_artefact(self.runs, run_id, map_name(settings))
        if found is None:
            raise RunError(f"Run {run_id} has no map of these settings. Make one with: refrain map.")
        return found.path(ARTISTS)

    def list(self, run_id: str) -> list[MapCard]:
        """Return the cards of a run's readable maps, newest first."""
        cards = []
        for name in artefact_names(self.runs, run_id):
            if not name.startswith(START):
                continue
            try:
                found = read_artefact(self.runs, run_id, name)
                if found is not None:
                    cards.append(msgspec.convert(found.about, MapCard))
            except (RunError, msgspec.ValidationError):
                continue
        return sorted(cards, key=lambda card: card.created, reverse=True)


def map_name(settings: MapSettings) -> str:
    """Return the name that a map of these settings is stored under."""
    said = msgspec.json.encode((FORMAT, settings.to_dict()), order="sorted")
    return f"{START}{hashlib.sha256(said).hexdigest()[:16]}"
