"""What the service asks of an index, whatever stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from recsys_core.errors import RefrainError

if TYPE_CHECKING:
    from collections.abc import Sequence


class IndexUnavailableError(RefrainError):
    """The index cannot be read at present; the service answers by its fallback."""


class Found(NamedTuple):
    """A user's track ids, best first, None if there is no list; and the version that was looked into."""

    tracks: Sequence[int] | None
    version: str


class RecommendationIndex(Protocol):
    """Lists of track ids by user."""

    async def get(self, user: int) -> Found:
        """Return the user's list.

        Raises
        ------
        IndexUnavailableError
            If the index cannot be read.
        """
        ...
