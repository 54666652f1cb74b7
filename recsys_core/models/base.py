"""What every model can do, written once; a new model adds ``_fit`` and the arrays it scores with."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd

from recsys_core.columns import Columns
from recsys_core.errors import CancelledError, NotFittedError, SettingsError
from recsys_core.models.folding import Contributions, checked_items, checked_profile
from recsys_core.ranking import similar_items, top_k

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scipy import sparse

    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Scorer
    from recsys_core.settings import Settings


class Recommender(ABC):
    """A model that scores every item for a user; higher means "recommend earlier".

    Scores of one user may be compared with each other, never with another user's.
    Subclasses write :meth:`_fit`, which yields after each epoch, and :attr:`scorer`.
    """

    name: ClassVar[str]
    settings_type: ClassVar[type[Settings]]
    iterative: ClassVar[bool] = False

    def __init__(self, settings: Settings | None = None, **values: Any) -> None:
        """Take settings, or the values of some of them; the rest are defaults.

        Raises
        ------
        SettingsError
            If a value is unknown, of the wrong type or out of range.
        """
        self.settings: Any = settings.checked() if settings else self.settings_type.from_dict(values)
        self._data: Dataset | None = None
        self._seen: sparse.csr_matrix | None = None
        self._steps: Iterator[None] | None = None
        self._epochs_done = 0
        self._should_stop: Callable[[], bool] = lambda: False
        self.fit_seconds = 0.0

    # ---- what a model writes -------------------------------------------------------------

    @abstractmethod
    def _fit(self, data: Dataset) -> Iterator[None]:
        """Train on ``data`` from scratch, yielding after every epoch; may go on for ever."""

    @property
    @abstractmethod
    def scorer(self) -> Scorer:
        """Factors, or a function from user rows to a float32 block of scores."""

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays that :meth:`restore` needs to score again; none by default."""
        return {}

    def without_effect(self) -> list[str]:
        """Return the names of settings that are ignored under the present ones; none by default."""
        return []

    @abstractmethod
    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Become the model that was trained on ``data`` and left ``arrays``."""

    def _fold_in(self, items: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return :meth:`fold_in` for a checked profile."""
        raise SettingsError(f"{self.name} cannot score for a new listener without training again.")

    def _contributions(self, items: np.ndarray, weights: np.ndarray, targets: np.ndarray) -> Contributions:
        """Take the scores of :meth:`_fold_in` apart, for checked indices; see :meth:`contributions`."""
        raise SettingsError(f"{self.name} cannot say which items of a listener make a score.")

    # ---- what every model then has -------------------------------------------------------

    def fit(
        self,
        data: Dataset,
        *,
        epochs: int = 1,
        on_epoch: Callable[[Recommender, int], None] | None = None,
        should_stop: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> Self:
        """Train from scratch on the pairs of ``data`` and return the model.

        Parameters
        ----------
        epochs
            Passes over the data; models that are not iterative take one whatever is asked.
        on_epoch
            Called as ``on_epoch(model, epoch)`` after each epoch, 1 first; its own time is not
            counted in ``fit_seconds``.
        should_stop
            Asked before every epoch, and within long ones by models that train in blocks.

        Raises
        ------
        CancelledError
            If ``should_stop`` says so.
        DivergedError
            If parameters stop being finite.
        """
        self._attach(data)
        self._epochs_done, self.fit_seconds = 0, 0.0
        self._steps = self._fit(data)
        return self.fit_more(epochs, on_epoch=on_epoch, should_stop=should_stop, clock=clock)

    def fit_more(
        self,
        epochs: int,
        *,
        on_epoch: Callable[[Recommender, int], None] | None = None,
        should_stop: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> Self:
        """Go on for ``epochs`` more epochs from where training stopped; see :meth:`fit`.

        Raises
        ------
        NotFittedError
            If the model was never trained in this process (a stored model keeps no optimiser state).
        """
        if epochs < 1:
            raise SettingsError(f"epochs: expected a whole number of at least 1, not {epochs!r}.")
        if self._steps is None:
            raise NotFittedError(f"{self.name} has no training to go on with: call fit first.")
        self._should_stop = should_stop
        for _ in range(epochs if self.iterative else 1):
            if should_stop():
                raise CancelledError(f"{self.name} was stopped after {self._epochs_done} epochs.")
            start = clock()
            self._next_epoch()
            self.fit_seconds += clock() - start
            self._epochs_done += 1
            if on_epoch is not None:
                on_epoch(self, self._epochs_done)
        return self

    def _next_epoch(self) -> None:
        steps, self._steps = self._steps, None
        if steps is not None:
            next(steps, None)
        # only now: what failed in the middle of an epoch cannot be gone on with
        self._steps = steps

    @property
    def epochs_done(self) -> int:
        """Epochs trained since the last :meth:`fit`."""
        return self._epochs_done

    @property
    def data(self) -> Dataset:
        """The data set trained on.

        Raises
        ------
        NotFittedError
            Before training.
        """
        if self._data is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        return self._data

    @property
    def seen(self) -> sparse.csr_matrix:
        """The pairs trained on, float32 CSR ``(n_users, n_items)``."""
        if self._seen is None:
            self._seen = self.data.interactions.to_csr(binary=True)
        return self._seen

    def scores(self, user_idx: np.ndarray) -> np.ndarray:
        """Return the scores of all items for some users, float32, ``(len(user_idx), n_items)``."""
        scorer = self.scorer
        rows = np.asarray(user_idx, dtype=np.int32)
        return scorer(rows) if callable(scorer) else scorer.scores(rows)

    @property
    def folds_in(self) -> bool:
        """Whether this model scores for a new listener: whether a subclass writes :meth:`_fold_in`."""
        return type(self)._fold_in is not Recommender._fold_in

    def profile(self, user_idx: int) -> tuple[np.ndarray, np.ndarray]:
        """Return a listener's train items, int64, and what each counts in :meth:`fold_in`, float64: ones."""
        items = self.seen[user_idx].indices.astype(np.int64)
        return items, np.ones(len(items))

    def fold_in(self, item_idx: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return the scores of all items for a new listener, float32 ``(n_items,)``; nothing is retrained.

        Parameters
        ----------
        item_idx
            Distinct items the listener has an opinion on, shape ``(n,)``; may be empty.
        weights
            How much each is liked, shape ``(n,)``: 1 is an item of the training data, 2 twice as much,
            below 0 disliked.

        Raises
        ------
        SettingsError
            If the profile is not usable, or the model cannot do it (see :attr:`folds_in`).
        """
        return self._fold_in(*checked_profile(item_idx, weights, self.data.n_items))

    def contributions(
        self, item_idx: np.ndarray, weights: np.ndarray, target_idx: np.ndarray
    ) -> Contributions:
        """Return what each item of a profile adds to the :meth:`fold_in` score of each target, summing to it.

        Raises
        ------
        SettingsError
            If the profile or a target is not usable, or the model cannot do it.
        """
        profile = checked_profile(item_idx, weights, self.data.n_items)
        return self._contributions(*profile, checked_items(target_idx, self.data.n_items))

    def recommend(
        self,
        user_ids: Iterable[Any],
        k: int = 10,
        *,
        exclude_seen: bool = True,
        exclude: sparse.csr_matrix | None = None,
    ) -> pd.DataFrame:
        """Return the recommendations table: ``user_id, item_id, score, rank`` with rank 1 best.

        Parameters
        ----------
        exclude_seen
            Leave out what the user had in training.
        exclude
            Further pairs to leave out, CSR ``(n_users, n_items)``.

        Users with fewer than ``k`` candidates get what there is.

        Raises
        ------
        UnknownIdError
            For a user the data set does not know.
        """
        k = self._length_of_list(k)
        wanted = list(user_ids)
        user_idx = self.data.users.to_idx(wanted)
        hidden = self.seen if exclude_seen else None
        if exclude is not None:
            hidden = exclude if hidden is None else (hidden + exclude).tocsr()
        item_idx, scores = top_k(self.scorer, k, user_idx=user_idx, exclude=hidden, n_items=self.data.n_items)
        return self._table(np.asarray(wanted), Columns.USER_ID, item_idx, scores)

    def similar_items(self, item_ids: Iterable[Any], k: int = 10) -> pd.DataFrame:
        """Return ``of_item_id, item_id, score, rank``: the nearest items by cosine of embeddings.

        Raises
        ------
        UnknownIdError
            For an item the data set does not know.
        SettingsError
            If this model has no item embeddings, or ``k`` is below 1.
        """
        k = self._length_of_list(k)
        wanted = list(item_ids)
        query = self.data.items.to_idx(wanted)
        embeddings = getattr(self.scorer, "item_embeddings", None)
        if embeddings is None or not embeddings.shape[1]:
            raise SettingsError(f"{self.name} has no item embeddings to compare.")
        item_idx, scores = similar_items(embeddings, query, k)
        return self._table(np.asarray(wanted), "of_item_id", item_idx, scores)

    def _length_of_list(self, k: int) -> int:
        if k < 1:
            raise SettingsError(f"k: expected a whole number of at least 1, not {k!r}.")
        return min(k, self.data.n_items)  # a huge k must not ask for a huge table

    def _attach(self, data: Dataset) -> None:
        self._data, self._seen, self._steps = data, None, None

    def _table(self, keys: np.ndarray, key: str, item_idx: np.ndarray, scores: np.ndarray) -> pd.DataFrame:
        found = item_idx >= 0
        row, position = np.nonzero(found)
        return pd.DataFrame(
            {
                key: keys[row],
                Columns.ITEM_ID: self.data.items.to_id(item_idx[found]),
                Columns.SCORE: scores[found],
                Columns.RANK: position + 1,
            }
        )
