"""A listener who was not there when a model was trained: some items, and how much each is liked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recsys_core.errors import SettingsError


@dataclass(frozen=True, eq=False)
class Contributions:
    """A score taken apart: ``parts.sum(axis=1) + offset`` is the score of each target.

    Parameters
    ----------
    parts
        float64, shape ``(n_targets, n_profile)``: what each item of the profile adds; may be negative.
    offset
        float64, shape ``(n_targets,)``: what the target scores for anybody (its bias, its popularity).
    """

    parts: np.ndarray
    offset: np.ndarray

    @property
    def totals(self) -> np.ndarray:
        """The scores, float64, shape ``(n_targets,)``."""
        return self.parts.sum(axis=1) + self.offset


def checked_profile(item_idx: object, weights: object, n_items: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a profile as int64 items and float64 weights of one length.

    Raises
    ------
    SettingsError
        If lengths differ, an item is not of the catalogue or named twice, or a weight is zero or not finite.
    """
    items, strengths = np.asarray(item_idx, np.int64).ravel(), np.asarray(weights, np.float64).ravel()
    if len(items) != len(strengths):
        raise SettingsError(f"A profile of {len(items)} items needs as many weights, not {len(strengths)}.")
    if not np.isfinite(strengths).all() or not strengths.all():
        raise SettingsError("A weight of a profile is zero or not a finite number. Leave such items out.")
    if len(np.unique(items)) != len(items):
        raise SettingsError("A profile names an item twice. Add the weights up first.")
    return checked_items(items, n_items), strengths


def checked_items(item_idx: object, n_items: int) -> np.ndarray:
    """Return ``item_idx`` as int64.

    Raises
    ------
    SettingsError
        If an index is not of an item.
    """
    items = np.asarray(item_idx, np.int64).ravel()
    if len(items) and (items.min() < 0 or items.max() >= n_items):
        raise SettingsError(f"An item index lies outside 0 to {n_items - 1}.")
    return items
