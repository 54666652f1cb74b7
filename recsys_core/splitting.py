"""Train, test and validation: disjoint sets of known cells on one and the same user x item grid.

Rows are not split: a listener must be known in training to be ranked at test time, so each part is a
matrix of the full shape that knows only its share of the cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from msgspec import Meta

from recsys_core.datasets.scaling import scale
from recsys_core.errors import DataError, SettingsError
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset, Interactions

Share = Annotated[float, Meta(gt=0, lt=1)]


class Protocol(Settings, frozen=True, kw_only=True):
    """How weights are scaled and cells held out; the same protocol and seed give the same split."""

    scaling: Literal["none", "play_count_scaled", "log", "per_user"] = "play_count_scaled"
    method: Literal["random", "leave_k_out", "time"] = "random"
    test_share: Share = 0.2
    validation_share: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    held_out: Annotated[int, Meta(ge=1, le=1000)] = 10
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42


PROTOCOLS: dict[str, Protocol] = {
    "driver": Protocol(),
    "all-pairs": Protocol(scaling="none"),
    "leave-k-out": Protocol(scaling="none", method="leave_k_out"),
    "time": Protocol(scaling="none", method="time"),
}


@dataclass(frozen=True, eq=False)
class Split:
    """Disjoint parts of ``dataset`` on its grid.

    ``train`` keeps the order in which the split drew the rows, because the result of stochastic
    training depends on it.

    Raises
    ------
    DataError
        If two parts share a cell, or train or test is empty.
    """

    dataset: Dataset
    train: Interactions
    test: Interactions
    validation: Interactions | None
    protocol: Protocol

    def __post_init__(self) -> None:
        """Check once that no part sees another's cells."""
        parts = [part for part in (self.train, self.test, self.validation) if part is not None]
        if not len(self.train) or not len(self.test):
            raise DataError(
                f"The split leaves {len(self.train)} pairs to train on and {len(self.test)} to test.",
                fix="Use more data or another share.",
            )
        cells = np.concatenate([_cells(part) for part in parts])
        if len(np.unique(cells)) != len(cells):
            raise DataError("Train and test share cells.", fix="Each pair may be in one part only.")

    @property
    def training(self) -> Dataset:
        """The data set as a model may see it: all users, items and features, train pairs only."""
        return self.dataset.with_interactions(self.train)

    def for_tuning(self) -> Split:
        """Return the split that tuning may look at: the validation part stands in for the test part."""
        if self.validation is None:
            raise SettingsError("This split has no validation part: set validation_share above 0.")
        return Split(self.dataset, self.train, self.validation, None, self.protocol)


def split(dataset: Dataset, protocol: Protocol) -> Split:
    """Return ``dataset`` scaled and split as ``protocol`` says.

    Raises
    ------
    SettingsError
        If the protocol is out of range, splits by time where there are no timestamps, or scales
        every weight to nothing.
    DataError
        If a part would be empty.
    """
    protocol = protocol.checked()
    scaled = scale(dataset.interactions, protocol.scaling)
    if not len(scaled):
        raise SettingsError(
            f'The scaling "{protocol.scaling}" leaves no pair: weights that are all equal become 0. '
            'Choose the scaling "none" (protocol all-pairs).'
        )
    rest, test = _held_out(scaled, protocol, protocol.test_share)
    validation = None
    if protocol.validation_share:
        # the share is of all cells, as the test share is
        share = protocol.validation_share / (1 - protocol.test_share)
        if share >= 1:
            raise SettingsError("test_share and validation_share leave nothing to train on.")
        rest, validation = _held_out(rest, protocol, share)
    return Split(dataset, rest, test, validation, protocol)


def _held_out(rows: Interactions, protocol: Protocol, share: float) -> tuple[Interactions, Interactions]:
    if protocol.method == "random":
        return split_random(rows, share, protocol.seed)
    if protocol.method == "leave_k_out":
        return leave_k_out(rows, protocol.held_out, protocol.seed)
    return split_by_time(rows, share)


def split_random(rows: Interactions, share: float, seed: int) -> tuple[Interactions, Interactions]:
    """Return ``(rest, held out)``: shuffle the stored cells and cut at ``int((1 - share) * n)``.

    Gives the very parts of ``lightfm.cross_validation.random_train_test_split`` for the same seed.
    """
    order = np.arange(len(rows))
    np.random.RandomState(seed).shuffle(order)
    cut = int((1.0 - share) * len(rows))
    return rows.take(order[:cut]), rows.take(order[cut:])


def leave_k_out(rows: Interactions, k: int, seed: int) -> tuple[Interactions, Interactions]:
    """Return ``(rest, held out)`` with ``k`` random items of each user held out.

    Every user keeps at least one item to train on, so a user of ``n`` items gives ``min(k, n - 1)``.
    """
    order = np.random.default_rng(seed).permutation(len(rows))
    order = order[np.argsort(rows.user_idx[order], kind="stable")]
    counts = np.bincount(rows.user_idx, minlength=rows.shape[0])
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    position = np.arange(len(rows)) - starts
    out = position < np.repeat(np.minimum(k, np.maximum(counts - 1, 0)), counts)
    return rows.take(np.sort(order[~out])), rows.take(np.sort(order[out]))


def split_by_time(rows: Interactions, share: float) -> tuple[Interactions, Interactions]:
    """Return ``(rest, held out)`` with the latest ``share`` of all pairs held out; equal times by row order.

    Raises
    ------
    SettingsError
        If there are no timestamps.
    """
    if rows.timestamps is None:
        raise SettingsError("This data set has no timestamps: choose a random split or leave-k-out.")
    order = np.argsort(rows.timestamps, kind="stable")
    cut = int((1.0 - share) * len(rows))
    return rows.take(order[:cut]), rows.take(order[cut:])


def _cells(rows: Interactions) -> np.ndarray:
    return rows.user_idx.astype(np.int64) * rows.shape[1] + rows.item_idx
