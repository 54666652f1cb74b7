"""Epochs of training: shuffled examples in blocks, each shared out among threads that write without locks.

Hogwild (Niu, Recht, Re & Wright, 2011): with one thread a seed gives the same bits every time, with more of
them every run differs a little.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from recsys_core.errors import CancelledError, DivergedError, ScoreError, SettingsError
from recsys_core.models.fast.batch import Examples, Job, RoomArrays, RuleArrays
from recsys_core.models.fast.bpr import bpr
from recsys_core.models.fast.checked import check_weights, checked_features, checked_matrix, checked_pairs
from recsys_core.models.fast.logistic import logistic
from recsys_core.models.fast.pace import Pace
from recsys_core.models.fast.positives import PositiveArrays
from recsys_core.models.fast.state import FeatureState, IdentityState
from recsys_core.models.fast.warp import warp
from recsys_core.models.fast.warp_kos import warp_kos
from recsys_core.ranking.threads import block_bounds, run_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy import sparse

    from recsys_core.models.lightfm import LightFMSettings
    from recsys_core.ranking import Factors

Keys = tuple[np.uint64, np.uint64]
"""Of the shuffle and of the draws of one epoch."""
KERNELS: dict[str, Callable[..., int]] = {
    "warp": warp,
    "bpr": bpr,
    "logistic": logistic,
    "warp-kos": warp_kos,
}
EXAMPLES_PER_BLOCK, LEAST_EXAMPLES, PRODUCTS_PER_BLOCK = 1 << 18, 1 << 10, 1 << 28
"""About a tenth of a second between two looks at whether to stop, even if searches take all their draws."""


class Trainer:
    """Parameters that get better with every :meth:`run_epoch`.

    Parameters
    ----------
    loss
        A key of :data:`KERNELS`.
    matrix
        Known pairs, sparse ``(n_users, n_items)``; values do not matter.
    pairs
        The same pairs as ``(user_idx, item_idx)``, in the order that the first shuffle starts from.
    weights
        Strength of each pair's updates, float32, shape ``(len(pairs[0]),)``; 1 when None.
    user_features, item_features
        CSR ``(n_users or n_items, n_features)``: an embedding is the weighted sum of the features' ones; when
        None, every user or item is its own and only feature.
    clock
        Seconds, by which it is decided whether several threads are quicker than one.

    Raises
    ------
    SettingsError
        If the loss is unknown, or weights are given for k-OS WARP, which has none.
    DataError
        If an index lies outside the matrix, or features or weights have another shape or are not finite.
    """

    def __init__(
        self,
        loss: str,
        settings: LightFMSettings,
        pairs: tuple[np.ndarray, np.ndarray],
        matrix: sparse.csr_matrix,
        *,
        weights: np.ndarray | None = None,
        user_features: sparse.csr_matrix | None = None,
        item_features: sparse.csr_matrix | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        if loss not in KERNELS:
            raise SettingsError(f"There is no loss {loss!r}. Choose among {', '.join(KERNELS)}.")
        if loss == "warp-kos" and weights is not None:
            raise SettingsError("k-OS WARP knows no weights. Train it without, or choose WARP.")
        matrix = checked_matrix(matrix)
        users, items = checked_pairs(pairs, matrix)
        check_weights(weights, len(users))
        self._kernel, self._settings = KERNELS[loss], settings
        self._rng = np.random.default_rng(settings.seed)
        self._positives = PositiveArrays(matrix)
        self._examples = Examples(users, items, weights, settings.threads)
        self._rules = RuleArrays(matrix.shape[1], settings.max_sampled, settings.k, settings.n)
        self._rooms = [RoomArrays(settings.n) for _ in range(settings.threads)]
        self._pace = Pace(settings.threads, clock)
        features = (user_features, item_features)
        self.state = _new_state(matrix.shape, features, settings, self._rng)
        self.epochs = 0

    def run_epoch(self, should_stop: Callable[[], bool] = lambda: False) -> None:
        """Go over all examples once, in a new random order.

        Raises
        ------
        CancelledError
            If ``should_stop``, asked after every block, says so; what the epoch has done so far remains.
        DivergedError
            If a parameter is no longer finite.
        """
        keys = self._key(), self._key()

        def work(block: int, n_blocks: int, together: bool) -> None:
            if block and should_stop():
                raise CancelledError(f"Training was stopped in epoch {self.epochs + 1}.")
            self._run_block(block, n_blocks, keys, together)

        try:
            self._pace.run(self.epochs, -(-len(self._examples) // self._examples_per_block), work)
        finally:
            self.state.apply_scales()
        self.epochs += 1
        if not (self.state.users.is_finite and self.state.items.is_finite):
            raise self._diverged()

    def factors(self) -> Factors:
        """Return a copy of the embeddings and biases of users and items.

        Raises
        ------
        DivergedError
            If they are so large that scores overflow.
        """
        try:
            return self.state.factors()
        except ScoreError:
            raise self._diverged() from None

    @property
    def _examples_per_block(self) -> int:
        products = (self._settings.max_sampled + self._settings.n) * self.state.numbers_per_score
        return min(EXAMPLES_PER_BLOCK, max(LEAST_EXAMPLES, int(PRODUCTS_PER_BLOCK / products)))

    def _key(self) -> np.uint64:
        return self._rng.integers(2**63, dtype=np.uint64)

    def _run_block(
        self, block: int, n_blocks: int, keys: tuple[np.uint64, np.uint64], together: bool
    ) -> None:
        """Train on a block; when threads pause because a scale has grown too large, apply it and go on."""
        left = self._run_slices(self._examples.slices(block, n_blocks), keys, together, shuffle=block == 0)
        while any(begin < end for begin, end in left):
            self.state.apply_scales()
            left = self._run_slices(left, keys, together, shuffle=False)

    def _run_slices(
        self,
        slices: list[tuple[int, int]],
        keys: tuple[np.uint64, np.uint64],
        together: bool,
        *,
        shuffle: bool,
    ) -> list[tuple[int, int]]:
        """Train on each part's slice, all at once if ``together``, and return what is left of it."""
        fixed = self._positives.lookup, self._examples.batch, self._rules.rules
        left = list(slices)

        def work(thread: int, _next: int) -> None:
            if shuffle:
                self._examples.shuffle(thread, keys[0])
            begin, end = slices[thread]
            tables, job = self.state.tables(thread), Job(*fixed, self._rooms[thread].room)
            stopped = self._kernel(tables, job, begin, end, keys[1])
            left[thread] = (stopped, end)

        run_blocks(work, block_bounds(len(slices), 1), len(slices) if together else 1)
        return left

    def _diverged(self) -> DivergedError:
        return DivergedError(
            f"Training left the finite numbers in epoch {self.epochs} with learning rate "
            f"{self._settings.learning_rate:g}. Try a tenth of it."
        )


def _new_state(
    shape: tuple[int, int],
    features: tuple[sparse.csr_matrix | None, sparse.csr_matrix | None],
    settings: LightFMSettings,
    rng: np.random.Generator,
) -> Any:
    """Return the quick state where it will do: no features, adagrad, no L2."""
    plain = settings.learning_schedule == "adagrad" and not settings.user_alpha and not settings.item_alpha
    if plain and features == (None, None):
        return IdentityState(shape, settings, rng)
    users, items = (checked_features(matrix, n_rows) for matrix, n_rows in zip(features, shape, strict=True))
    return FeatureState((users, items), settings, rng)
