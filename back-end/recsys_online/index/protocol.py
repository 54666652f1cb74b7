"""What the service asks of an index, whatever stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from recsys_core.errors import RefrainError

if TYPE_CHECKING:
    from collections.abc import Sequence


class IndexUnavailableError(RefrainError):
    """The index cannot be read at present; the service answers by its fallback."""


class RecommendationIndex(Protocol):
    """Lists of track ids by user, best first."""

    @property
    def version(self) -> str:
        """The version answers come from, '' while there is none."""
        ...

    async def get(self, user: int) -> Sequence[int] | None:
        """Return the user's list, None if there is none.

        Raises
        ------
        IndexUnavailableError
            If the index cannot be read.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and maps."""
        ...
