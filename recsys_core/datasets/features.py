"""Side information about users or items as one sparse matrix of named features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, eq=False)
class FeatureMatrix:
    """Features of each user or item, float32 CSR ``(n_entities, n_features)``.

    Names carry their field, as in ``tag:rock`` or ``friend:42``, so that a feature can never be
    mistaken for an entity's id.
    """

    names: tuple[str, ...]
    values: sparse.csr_matrix

    def __post_init__(self) -> None:
        """Check that names and columns agree."""
        if self.values.shape[1] != len(self.names):
            raise DataError(f"{len(self.names)} feature names for {self.values.shape[1]} columns.")
        unnamed = next((name for name in self.names if ":" not in name), None)
        if unnamed is not None:
            raise DataError(f"The feature {unnamed!r} has no field.", fix='Name it like "tag:rock".')

    @classmethod
    def from_pairs(cls, entity_idx: np.ndarray, names: Sequence[str], n_entities: int) -> FeatureMatrix:
        """Count how often each entity carries each name; ``entity_idx`` and ``names`` run in parallel."""
        codes, distinct = pd.factorize(np.asarray(names, dtype=object), sort=True)
        ones = np.ones(len(codes), np.float32)
        shape = (n_entities, len(distinct))
        counts = sparse.csr_matrix((ones, (np.asarray(entity_idx), codes)), shape=shape)
        return cls(tuple(str(name) for name in distinct), counts)
