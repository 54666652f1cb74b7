"""A data set: checked interactions, id maps, a catalogue of names and optional features."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from recsys_core.columns import Columns
from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.interactions import Interactions
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from recsys_core.datasets.features import FeatureMatrix


@dataclass(frozen=True, eq=False)
class Source:
    """Where data come from, for badges, licences and the manifest of a run.

    ``simulated`` is True when no real person is behind the rows; pages then say so.
    """

    name: str
    title: str
    simulated: bool = False
    origin: str = ""
    licence: str = ""
    citation: str = ""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Everything a model or a page may know about who listened to what.

    Parameters
    ----------
    interactions
        Rows sorted by ``(user_idx, item_idx)``; build with :meth:`from_frame`.
    users, items
        Id maps; their lengths are the shape of the interactions.
    names
        Display name of each item, shape ``(n_items,)``, str.
    user_features, item_features
        Friends, tags and the like, or None.

    Raises
    ------
    DataError
        If there is no interaction at all, or sizes disagree.
    """

    source: Source
    interactions: Interactions
    users: IdMap
    items: IdMap
    names: np.ndarray
    user_features: FeatureMatrix | None = None
    item_features: FeatureMatrix | None = None
    report: LoadingReport = field(default_factory=LoadingReport)

    def __post_init__(self) -> None:
        """Check sizes once."""
        if not len(self.interactions):
            raise DataError("No usable row is left.", fix="Check the file and the chosen columns.")
        if self.interactions.shape != (len(self.users), len(self.items)) or len(self.names) != len(
            self.items
        ):
            raise DataError("Interactions, id maps and names have different sizes.")

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        source: Source,
        *,
        names: dict[Any, str] | None = None,
        report: LoadingReport | None = None,
    ) -> Dataset:
        """Return the data set of an interactions table (see :class:`Columns`), ids in sorted order.

        ``names`` maps item ids to display names; ids without one are shown as they are.
        """
        users = IdMap.from_values(frame[Columns.USER_ID], kind="user")
        items = IdMap.from_values(frame[Columns.ITEM_ID], kind="item")
        interactions = Interactions.from_frame(frame, users, items)
        order = np.lexsort((interactions.item_idx, interactions.user_idx))
        shown = np.array([str((names or {}).get(one, one)) for one in items.ids], dtype=object)
        return cls(source, interactions.take(order), users, items, shown, report=report or LoadingReport())

    @property
    def n_users(self) -> int:
        """Number of users of the grid."""
        return len(self.users)

    @property
    def n_items(self) -> int:
        """Number of items of the grid."""
        return len(self.items)

    @cached_property
    def fingerprint(self) -> str:
        """First 16 hex digits of the SHA-256 of ids, pairs, weights and times; names the data in a run."""
        digest = hashlib.sha256()
        for ids in (self.users.ids, self.items.ids):
            digest.update("\x1f".join(map(str, ids)).encode())
        rows = self.interactions
        for array in (rows.user_idx, rows.item_idx, rows.weights, rows.timestamps):
            digest.update(b"\x1e" if array is None else np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:16]

    def with_interactions(self, interactions: Interactions) -> Dataset:
        """Return the same users, items and names with other ``interactions`` on the same grid."""
        return Dataset(
            self.source,
            interactions,
            self.users,
            self.items,
            self.names,
            self.user_features,
            self.item_features,
            self.report,
        )

    def names_of(self, item_ids: Iterable[Any]) -> np.ndarray:
        """Return the display names of ``item_ids``, shape ``(len(item_ids),)``."""
        return self.names[self.items.to_idx(item_ids)]
