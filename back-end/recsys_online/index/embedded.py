"""The index without a server: arrays mapped into memory, shared by all workers through the page cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_online.index.protocol import Found

if TYPE_CHECKING:
    from recsys_online.index.publication import Publication


class EmbeddedIndex:
    """The lists of one published version, whose tracks were checked when it was published."""

    def __init__(self, publication: Publication, version: str) -> None:
        self._version = version
        self._lists = np.asarray(publication.lists)  # no memmap: its rows are quicker to take
        self._row = {user: row for row, user in enumerate(publication.users.tolist())}

    async def get(self, user: int) -> Found:
        """Return the user's list."""
        row = self._row.get(user)
        if row is None:
            return Found(None, self._version)
        tracks = self._lists[row].tolist()
        if tracks[-1:] == [-1]:
            tracks = [track for track in tracks if track >= 0]
        return Found(tracks, self._version)
