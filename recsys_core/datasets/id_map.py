"""Two-way translation between the outside world's ids and row numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recsys_core.errors import DataError, UnknownIdError

if TYPE_CHECKING:
    from collections.abc import Iterable


class IdMap:
    """External ids (``user_id``, ``item_id``) in a fixed order; their position is the ``idx``.

    Parameters
    ----------
    ids
        Distinct ids, shape ``(n,)``; all integers or all strings.
    kind
        "user" or "item", used in error messages.

    Examples
    --------
    >>> artists = IdMap([51, 7], kind="item")
    >>> artists.to_idx([7, 51]).tolist()
    [1, 0]
    >>> artists.to_id([1]).tolist()
    [7]
    """

    def __init__(self, ids: Iterable[Any], *, kind: str) -> None:
        self.kind = kind
        self._index = pd.Index(np.asarray(list(ids)) if not isinstance(ids, np.ndarray | pd.Index) else ids)
        if not self._index.is_unique:
            twice = self._index[self._index.duplicated()][0]
            raise DataError(
                f"The {kind} id {twice!r} appears twice in an id map.", fix="Ids must be distinct."
            )

    @classmethod
    def from_values(cls, values: Iterable[Any], *, kind: str) -> IdMap:
        """Return the map of the distinct ``values``, sorted."""
        return cls(np.unique(np.asarray(values)), kind=kind)

    def __len__(self) -> int:
        """Return the number of ids."""
        return len(self._index)

    def __contains__(self, one: object) -> bool:
        """Tell whether ``one`` is a known id."""
        return one in self._index

    @property
    def ids(self) -> np.ndarray:
        """All ids in the order of their ``idx``, shape ``(n,)``."""
        return self._index.to_numpy()

    def to_idx(self, ids: Iterable[Any]) -> np.ndarray:
        """Return the ``idx`` of each id, int32, shape ``(len(ids),)``.

        Raises
        ------
        UnknownIdError
            For the first id that is not known.
        """
        wanted = list(ids)
        found = self._index.get_indexer(pd.Index(wanted, dtype=self._index.dtype if not wanted else None))
        if (found < 0).any():
            raise UnknownIdError(self.kind, wanted[int(np.argmin(found))], self._index)
        return found.astype(np.int32)

    def locate(self, ids: np.ndarray) -> np.ndarray:
        """Return the ``idx`` of each id, or -1 for one that is not known; int64, shape ``(len(ids),)``."""
        return self._index.get_indexer(pd.Index(ids))

    def parse(self, text: object) -> Any:
        """Return the id that ``text`` spells, whether ids are numbers or strings.

        Raises
        ------
        UnknownIdError
            If no id is spelled so.
        """
        spelled = str(text).strip()
        one: Any = spelled
        if pd.api.types.is_integer_dtype(self._index.dtype) and re.fullmatch(r"-?[0-9]{1,18}", spelled):
            one = int(spelled)
        if one not in self._index:
            raise UnknownIdError(self.kind, spelled, self._index)
        return one

    def to_id(self, idx: Iterable[int] | np.ndarray) -> np.ndarray:
        """Return the id at each position ``idx``, shape ``(len(idx),)``."""
        return self._index.to_numpy()[np.asarray(idx, dtype=np.int64)]
