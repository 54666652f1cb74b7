"""The tracks the service may play, and what is known of them without asking anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

LARGEST_ID = 2**31 - 1  # lists hold int32
LARGEST_USER = 2**63 - 1


class Track(msgspec.Struct, frozen=True):
    """A track as ``GET /track/{id}`` answers it; where items are artists, the title is the artist's name."""

    track: int
    artist: str
    title: str


class Catalogue:
    """Tracks by id and by artist, most popular first where popularity is known.

    Parameters
    ----------
    tracks
        At least one, ids distinct, 0 to 2**31 - 1.
    top
        Ids of popular tracks, most popular first; the catalogue's own order if empty.
    neighbours
        Ids of each track's most similar tracks, nearest first, int32 ``(n_tracks, width)``, -1 for none,
        rows in the order of ``tracks``; or None.
    embeddings
        Float32 ``(n_tracks, size)``, rows of length one, in the order of ``tracks``; or None.

    Raises
    ------
    DataError
        If there is no track, an id appears twice or is out of range.
    """

    def __init__(
        self,
        tracks: Sequence[Track],
        *,
        top: Iterable[int] = (),
        neighbours: np.ndarray | None = None,
        embeddings: np.ndarray | None = None,
    ) -> None:
        self.tracks = tuple(tracks)
        self.row = {one.track: row for row, one in enumerate(self.tracks)}
        _check(self.tracks, self.row)
        self.ids = [one.track for one in self.tracks]
        self.by_artist: dict[str, list[int]] = {}
        for one in self.tracks:
            self.by_artist.setdefault(one.artist, []).append(one.track)
        self.top = [track for track in top if track in self.row] or self.ids[:100]
        self.neighbours, self.embeddings = neighbours, embeddings

    def __len__(self) -> int:
        """Return the number of tracks."""
        return len(self.tracks)

    def __contains__(self, track: object) -> bool:
        """Tell whether ``track`` is known."""
        return track in self.row

    def track(self, track: int) -> Track | None:
        """Return what is known of a track, None if nothing."""
        row = self.row.get(track)
        return None if row is None else self.tracks[row]

    def similar(self, track: int, k: int) -> list[int]:
        """Return up to ``k`` ids of the tracks most like ``track``, nearest first; none if not known."""
        row = self.row.get(track)
        if row is None or self.neighbours is None:
            return []
        nearest = self.neighbours[row, :k].tolist()
        return [one for one in nearest if one >= 0]


def read_tracks(path: Path) -> list[Track]:
    """Return the tracks of a file of JSON lines ``{"track", "artist", "title"}``; other fields are ignored.

    Raises
    ------
    DataError
        If the file cannot be read or a line is no track.
    """
    decoder = msgspec.json.Decoder(Track)
    tracks, number = [], 0
    try:
        with path.open("rb") as file:
            for line in file:
                number += 1
                if line.strip():
                    tracks.append(decoder.decode(line))
    except OSError as error:
        raise DataError(f"{error.strerror}.", file=path, fix="Name a file of tracks.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{error}.", file=path, line=number, fix="Give track, artist and title.") from None
    return tracks


def write_tracks(path: Path, tracks: Iterable[Track]) -> None:
    """Write ``tracks`` as JSON lines."""
    path.write_bytes(msgspec.json.Encoder().encode_lines(tracks))


def _check(tracks: Sequence[Track], row: dict[int, int]) -> None:
    if not tracks:
        raise DataError("The catalogue has no track.", fix="Publish one that has.")
    if len(row) != len(tracks):
        raise DataError("A track id appears twice in the catalogue.", fix="Ids must be distinct.")
    if min(row) < 0 or max(row) > LARGEST_ID:
        raise DataError("A track id is out of range.", fix=f"Use whole numbers from 0 to {LARGEST_ID}.")
