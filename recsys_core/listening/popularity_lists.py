"""Everybody's longest list: computed once for a run in one blocked pass, then read from beside the run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.errors import RunError
from recsys_core.models.baselines import PopularityRecommender
from recsys_core.ranking import top_k
from recsys_core.runs.arrays import read_arrays, write_arrays
from recsys_core.runs.artefacts import read_artefact, write_artefact
from recsys_core.runs.store import check_data
from recsys_core.splitting import split

if TYPE_CHECKING:
    from scipy import sparse

    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Scorer
    from recsys_core.runs import RunStore
    from recsys_core.splitting import Split

LENGTH = 100
NAME, FILE = "top-lists", "lists.npz"


@dataclass(frozen=True, eq=False)
class TopLists:
    """The best unheard items of every user, best first.

    Parameters
    ----------
    item_idx
        int32, ``(n_users, length)``; -1 where a user has fewer candidates.
    scores
        float32, same shape; ``-inf`` where there is no item.
    """

    item_idx: np.ndarray
    scores: np.ndarray

    def first(self, k: int) -> np.ndarray:
        """Return the first ``k`` columns of ``item_idx``."""
        return self.item_idx[:, :k]


def top_lists(store: RunStore, run_id: str, dataset: Dataset, *, threads: int = 1) -> TopLists:
    """Return the lists of a stored run, from its artefact if there is one; if not, that is written.

    Raises
    ------
    RunError
        If there is no such run, or ``dataset`` is not what it was trained on.
    """
    manifest = store.manifest(run_id)
    check_data(manifest, dataset)
    found = _stored(store, run_id, dataset)
    if found is not None:
        return found
    parts = split(dataset, manifest.protocol)
    model = store.load(run_id).model(parts.training)
    lists = best_lists(model.scorer, parts, threads=threads)
    arrays = {"item_idx": lists.item_idx, "scores": lists.scores}
    # a full disk or a run deleted meanwhile: what was computed can be shown all the same
    with suppress(RunError):
        files = {FILE: partial(write_arrays, arrays=arrays)}
        write_artefact(store, run_id, NAME, files, about={"length": LENGTH})
    return lists


def baseline_lists(parts: Split, *, threads: int = 1) -> TopLists:
    """Return what everybody would be given by the charts of the train part: the most popular unheard."""
    return best_lists(PopularityRecommender().fit(parts.training).scorer, parts, threads=threads)


def best_lists(scorer: Scorer, parts: Split, *, length: int = LENGTH, threads: int = 1) -> TopLists:
    """Return each user's ``length`` best items among those not known to be heard, test items included."""
    length = min(length, parts.dataset.n_items)
    return TopLists(*top_k(scorer, length, exclude=known_to_be_heard(parts), threads=threads))


def known_to_be_heard(parts: Split) -> sparse.csr_matrix:
    """Return all pairs of the data set but the test part's, CSR: train, validation, and pairs scaled to 0."""
    everything = parts.dataset.interactions.to_csr(binary=True)
    left = everything - everything.multiply(parts.test.to_csr(binary=True))
    left.eliminate_zeros()
    return left.tocsr()


def _stored(store: RunStore, run_id: str, dataset: Dataset) -> TopLists | None:
    """Return the artefact's lists, or None where there is none or it is damaged."""
    try:
        artefact = read_artefact(store, run_id, NAME)
        arrays = None if artefact is None else read_arrays(artefact.path(FILE))
    except RunError:
        return None
    shape = (dataset.n_users, min(LENGTH, dataset.n_items))
    if arrays is None or not _fits(arrays, shape, dataset.n_items):
        return None
    return TopLists(arrays["item_idx"], arrays["scores"])


def _fits(arrays: dict[str, np.ndarray], shape: tuple[int, int], n_items: int) -> bool:
    if set(arrays) != {"item_idx", "scores"} or any(one.shape != shape for one in arrays.values()):
        return False
    items, scores = arrays["item_idx"], arrays["scores"]
    if items.dtype != np.int32 or scores.dtype != np.float32:
        return False
    return bool(items.min(initial=0) >= -1 and items.max(initial=-1) < n_items)
