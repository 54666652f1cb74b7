"""The arrays of a training: how they start, what kernels get of them, and the plain factors they end as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from recsys_core.models.fast.compiled import kernel
from recsys_core.models.fast.features import PARTS, FeatureTables, Side
from recsys_core.models.fast.identity import IdentityTables
from recsys_core.models.fast.lanes import WIDTH, add, load, mul, splat, total
from recsys_core.models.fast.memory import address_of
from recsys_core.ranking import Factors

if TYPE_CHECKING:
    from recsys_core.models.lightfm import LightFMSettings

COMPILED_WIDTHS = (16, 32, 64, 128)
"""Widths with a kernel of their own; smaller sizes are padded to the next, larger ones vary."""
LINE = 64
"""Bytes of a cache line."""
LEAST_EPSILON = 1e-30
"""Smaller ones vanish in float32, and adadelta would divide zero by zero."""


class Table:
    """Embeddings, squares, ... (``values[0]``, ``[1]``, ...), biases ``[bias, squares, ...]`` of rows.

    Embeddings start uniform within half a unit over ``size`` as LightFM draws them, and are zero between
    ``size`` and ``width``; biases start at 0 and squares at ``squares``. Every row begins a cache line. Most
    rows are only scored: embeddings stand by themselves because a cache keeps lines by their address, and
    with squares in between a half of its places would be left empty.
    """

    def __init__(
        self, n_rows: int, size: int, width: int, parts: int, squares: float, rng: np.random.Generator
    ) -> None:
        self.size, self.width = size, width
        self.values = aligned_zeros(parts * n_rows, width).reshape(parts, n_rows, width)
        self.embeddings[:] = (rng.random((n_rows, size), np.float32) - np.float32(0.5)) / np.float32(size)
        self.values[1] = squares
        self.biases = np.zeros((n_rows, parts), np.float32)
        self.biases[:, 1] = squares

    @property
    def addresses(self) -> tuple[int, int, int]:
        """Where values and biases begin, and how many numbers after an embedding its squares are."""
        n_numbers = self.values[0].size
        return address_of(self.values, np.float32), address_of(self.biases, np.float32), n_numbers

    @property
    def embeddings(self) -> np.ndarray:
        """A view of the embeddings, ``(n_rows, size)``."""
        return self.values[0, :, : self.size]

    @property
    def is_finite(self) -> bool:
        """Whether no embedding and no bias is NaN or infinite."""
        start, _, n_numbers = self.addresses
        return are_finite(start, n_numbers) and bool(np.isfinite(self.biases[:, 0]).all())

    def divide(self, scale: float) -> None:
        """Divide embeddings and biases by ``scale``."""
        self.values[0] /= np.float32(scale)
        self.biases[:, 0] /= np.float32(scale)


@kernel
def are_finite(values: int, n_numbers: int) -> bool:
    """Return whether so many numbers, a multiple of 16, are neither NaN nor infinite."""
    nothing = splat(np.float32(0))
    bad = nothing
    for j in range(0, n_numbers, WIDTH):
        bad = add(bad, mul(load(values, j), nothing))
    return total(bad) == np.float32(0)


def aligned_zeros(n_rows: int, n_columns: int) -> np.ndarray:
    """Return float32 zeros whose first element, and so every whole line, begins a cache line."""
    space = np.zeros(n_rows * n_columns + LINE // 4, np.float32)
    first = (-space.ctypes.data % LINE) // 4
    return space[first : first + n_rows * n_columns].reshape(n_rows, n_columns)


class IdentityState:
    """One row per user and per item, adagrad, no L2."""

    def __init__(self, shape: tuple[int, int], settings: LightFMSettings, rng: np.random.Generator) -> None:
        size = settings.embedding_size
        self._blocks = blocks_for(size)
        width = WIDTH * (len(self._blocks) if isinstance(self._blocks, tuple) else self._blocks)
        self.items = Table(shape[1], size, width, 2, 1.0, rng)
        self.users = Table(shape[0], size, width, 2, 1.0, rng)
        self._rate, self._n_items = np.float32(settings.learning_rate), shape[1]

    def tables(self, _thread: int) -> IdentityTables:
        """Return what kernels get; valid while this object lives."""
        return IdentityTables(
            *self.users.addresses, *self.items.addresses, self._rate, self._n_items, self._blocks
        )

    @property
    def numbers_per_score(self) -> float:
        """How many numbers of an item the score of a pair takes."""
        return self.items.width

    def apply_scales(self) -> None:
        """Do nothing: there is no regularisation."""

    def factors(self) -> Factors:
        """Return copies of embeddings and biases; of a single row, contiguous as it is, Factors would not."""
        return Factors(
            self.users.embeddings.copy(),
            self.items.embeddings.copy(),
            self.users.biases[:, 0].copy(),
            self.items.biases[:, 0].copy(),
        )


def blocks_for(size: int) -> Any:
    """Return the ``blocks`` of :class:`IdentityTables` for embeddings of ``size``."""
    for width in COMPILED_WIDTHS:
        if size <= width:
            return (0,) * (width // WIDTH)
    return -(-size // WIDTH)


class FeatureState:
    """One row per feature; users and items without features get their identity. Any schedule, any L2."""

    def __init__(
        self,
        features: tuple[sparse.csr_matrix, sparse.csr_matrix],
        settings: LightFMSettings,
        rng: np.random.Generator,
    ) -> None:
        size, self._settings = settings.embedding_size, settings
        self._blocks = -(-size // WIDTH)
        width = self._blocks * WIDTH
        squares = 1.0 if settings.learning_schedule == "adagrad" else 0.0
        self._features = features
        self.items = Table(features[1].shape[1], size, width, PARTS, squares, rng)
        self.users = Table(features[0].shape[1], size, width, PARTS, squares, rng)
        self._csr = [_csr_arrays(matrix) for matrix in features]
        self._scales, self._valid = np.ones(2), np.zeros(width, np.float32)
        self._valid[:size] = 1
        self._sums = [aligned_zeros(3, width + WIDTH) for _ in range(settings.threads)]

    def tables(self, thread: int) -> FeatureTables:
        """Return what kernels get on one thread; valid while this object lives."""
        own = self._settings
        return FeatureTables(
            user_side=Side(*self.users.addresses, *_csr_addresses(self._csr[0])),
            item_side=Side(*self.items.addresses, *_csr_addresses(self._csr[1])),
            scales=address_of(self._scales, np.float64),
            valid=address_of(self._valid, np.float32),
            sums=address_of(self._sums[thread], np.float32),
            rate=np.float32(own.learning_rate),
            adadelta=int(own.learning_schedule == "adadelta"),
            rho=np.float32(own.rho),
            epsilon=np.float32(max(own.epsilon, LEAST_EPSILON)),
            user_alpha=float(own.user_alpha),
            item_alpha=float(own.item_alpha),
            size=own.embedding_size,
            n_items=self._features[1].shape[0],
            blocks=self._blocks,
        )

    @property
    def numbers_per_score(self) -> float:
        """How many numbers of an item's features the score of a pair takes, on average."""
        n_items = max(self._features[1].shape[0], 1)
        return self.items.width * (1 + self._features[1].nnz / n_items)

    def apply_scales(self) -> None:
        """Apply the regularisation that was put off, and start anew."""
        for table, scale in zip((self.users, self.items), self._scales, strict=True):
            if scale != 1:
                table.divide(scale)
        self._scales[:] = 1

    def factors(self) -> Factors:
        """Return each user's and item's sums of the embeddings and biases of their features."""
        (users, items), (own, its) = self._features, (self.users, self.items)
        return Factors(
            users @ own.embeddings, items @ its.embeddings, users @ own.biases[:, 0], items @ its.biases[:, 0]
        )


def _csr_arrays(matrix: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # one row more than it has, so that asking ahead for the first feature of an entity without any is safe
    indices = np.append(matrix.indices, 0).astype(np.int32)
    return matrix.indptr.astype(np.int64), indices, matrix.data.astype(np.float32)


def _csr_addresses(arrays: tuple[np.ndarray, np.ndarray, np.ndarray]) -> tuple[int, int, int]:
    pointers, indices, values = arrays
    return address_of(pointers, np.int64), address_of(indices, np.int32), address_of(values, np.float32)
