"""The index without a server: arrays mapped into memory, shared by all workers through the page cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_online.index.versions import Publication, read_current, read_publication

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class EmbeddedIndex:
    """The lists of one published version.

    Parameters
    ----------
    publication
        What to serve; ``None`` for an index that has nothing yet.
    """

    def __init__(self, publication: Publication | None, version: str) -> None:
        self._version = version
        empty = np.empty((0, 0), np.int32)
        self._lists = empty if publication is None else publication.lists
        users = np.empty(0, np.int64) if publication is None else publication.users
        self._row = dict(zip(users.tolist(), range(len(users)), strict=True))

    @classmethod
    def open(cls, root: Path) -> EmbeddedIndex:
        """Return the index of the current version below ``root``, an empty one if nothing was published.

        Raises
        ------
        DataError
            If the version is damaged.
        """
        version = read_current(root)
        return cls(read_publication(root, version) if version else None, version)

    @property
    def version(self) -> str:
        """Name of the version served."""
        return self._version

    async def get(self, user: int) -> Sequence[int] | None:
        """Return the user's list, None if there is none."""
        row = self._row.get(user)
        if row is None:
            return None
        tracks = self._lists[row].tolist()
        return tracks if tracks[-1:] != [-1] else [track for track in tracks if track >= 0]

    async def close(self) -> None:
        """Nothing to let go of: maps end with their last reader."""
