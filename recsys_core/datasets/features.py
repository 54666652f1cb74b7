"""Side information about users or items as one sparse matrix of named features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

TAG, FRIEND = "tag:", "friend:"
"""The fields of features that pages and models ask for by name."""


class Assignments(NamedTuple):
    """Who gave which feature to which entity: parallel int32 arrays.

    ``user_idx`` is -1 where the giver is no listener of the data set. Whoever predicts what a listener plays
    has to leave out what that listener said.
    """

    user_idx: np.ndarray
    entity_idx: np.ndarray
    feature_idx: np.ndarray


@dataclass(frozen=True, eq=False)
class FeatureMatrix:
    """Features of each user or item, float32 CSR ``(n_entities, n_features)``.

    Names carry their field, as in ``tag:rock`` or ``friend:42``, so that a feature can never be
    mistaken for an entity's id. ``givers`` says who gave each of them, where listeners did.
    """

    names: tuple[str, ...]
    values: sparse.csr_matrix
    givers: Assignments | None = None

    def __post_init__(self) -> None:
        """Check that names, columns and givers agree."""
        if self.givers is not None:
            self._check_givers(self.givers)
        if self.values.shape[1] != len(self.names):
            raise DataError(f"{len(self.names)} feature names for {self.values.shape[1]} columns.")
        unnamed = next((name for name in self.names if ":" not in name), None)
        if unnamed is not None:
            raise DataError(f"The feature {unnamed!r} has no field.", fix='Name it like "tag:rock".')

    def _check_givers(self, givers: Assignments) -> None:
        sizes = (None, *self.values.shape)
        for rows, size in zip(givers, sizes, strict=True):
            outside = len(rows) and (
                rows.min() < -1 or (size is not None and not 0 <= rows.min() <= rows.max() < size)
            )
            if len(rows) != len(givers.user_idx) or outside:
                raise DataError("Who gave the features does not fit the features.")

    @classmethod
    def from_pairs(
        cls,
        entity_idx: np.ndarray,
        names: Sequence[str],
        n_entities: int,
        giver_idx: np.ndarray | None = None,
    ) -> FeatureMatrix:
        """Count how often each entity carries each name; the arrays, ``giver_idx`` too, run in parallel."""
        codes, distinct = pd.factorize(np.asarray(names, dtype=object), sort=True)
        ones = np.ones(len(codes), np.float32)
        shape = (n_entities, len(distinct))
        counts = sparse.csr_matrix((ones, (np.asarray(entity_idx), codes)), shape=shape)
        rows = (giver_idx, entity_idx, codes)
        givers = None if giver_idx is None else Assignments(*(np.asarray(one, np.int32) for one in rows))
        return cls(tuple(str(name) for name in distinct), counts, givers)
