"""The embeddings a map is made of: which artists, which vectors, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from recsys_core.errors import DataError, SettingsError
from recsys_core.models.factor_model import FactorRecommender
from recsys_core.models.registry import MODELS
from recsys_core.ranking.similar import unit_rows
from recsys_core.splitting import split

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.models.base import Recommender
    from recsys_core.runs import Run

FEWEST_ARTISTS = 10


def can_be_mapped(model: str) -> bool:
    """Return whether the model of that name keeps a vector per artist."""
    known = MODELS.get(model)
    # popularity is a factor model too, of size nothing
    return (
        known is not None
        and issubclass(known, FactorRecommender)
        and "embedding_size" in known.settings_type.__struct_fields__
    )


class ArtistFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Which artists are on a map, for the sentence under it.

    ``singletons`` are artists of the data set with a single listener, ``never_trained`` those the model saw
    nobody listen to: neither says anything about taste. ``share_of_listening`` is the share of all
    listener-artist pairs that the artists on the map stand for.
    """

    n_items: int
    n_shown: int
    singletons: int
    never_trained: int
    share_of_listening: float


@dataclass(frozen=True, eq=False)
class ItemVectors:
    """A run's item embeddings beside what the data say of the items.

    Parameters
    ----------
    run_id, model
        Which run, and the name of its model.
    embeddings
        float32, shape ``(n_items, d)``: the model's own, biases not among them.
    listeners
        int64, shape ``(n_items,)``: listeners in the whole data set.
    trained
        int64, shape ``(n_items,)``: listeners among the pairs the model was trained on.
    """

    run_id: str
    model: str
    dataset: Dataset
    embeddings: np.ndarray
    listeners: np.ndarray
    trained: np.ndarray

    @classmethod
    def of_run(cls, run: Run, dataset: Dataset) -> ItemVectors:
        """Return the vectors of a stored run on its data.

        Raises
        ------
        RunError
            If ``dataset`` is not what the run was trained on.
        SettingsError
            If its model keeps no item embeddings, as popularity does not.
        """
        run.check_data(dataset)
        model = run.model(split(dataset, run.manifest.protocol).training)
        return cls.of_model(run.manifest.run_id, model, dataset)

    @classmethod
    def of_model(cls, run_id: str, model: Recommender, dataset: Dataset) -> ItemVectors:
        """Return the vectors of a trained model, ``dataset`` being all it was split from.

        Raises
        ------
        SettingsError
            If the model keeps no item embeddings.
        """
        embeddings = getattr(model.scorer, "item_embeddings", None)
        if embeddings is None or not embeddings.shape[1]:
            raise SettingsError(
                f"{model.name} keeps no vector per artist, so there is nothing to map. "
                "Choose a run of a factor model, such as fast-warp or svd."
            )
        counts = [_listeners(part) for part in (dataset, model.data)]
        return cls(run_id, model.name, dataset, embeddings, *counts)

    @cached_property
    def usable(self) -> np.ndarray:
        """Whether each item has a trained listener and a vector of some length, bool, ``(n_items,)``."""
        return (self.trained > 0) & (self.embeddings != 0).any(axis=1)

    def chosen(self, min_listeners: int) -> np.ndarray:
        """Return the items with so many listeners or more and a vector that was learned, int32, ascending."""
        return np.flatnonzero(self.usable & (self.listeners >= min_listeners)).astype(np.int32)

    def checked(self, min_listeners: int) -> np.ndarray:
        """Return :meth:`chosen`.

        Raises
        ------
        DataError
            If fewer than ten artists are left.
        """
        item_idx = self.chosen(min_listeners)
        if len(item_idx) >= FEWEST_ARTISTS:
            return item_idx
        if len(known := self.chosen(1)) < FEWEST_ARTISTS:
            raise DataError(
                f"The model learned of {len(known)} artists only, and a map needs {FEWEST_ARTISTS}.",
                fix="Choose data with more artists.",
            )
        raise DataError(
            f"Only {len(item_idx)} artists have at least {min_listeners} listeners.",
            fix=f"A map needs {FEWEST_ARTISTS}: ask for fewer listeners.",
        )

    def unit(self, item_idx: np.ndarray) -> np.ndarray:
        """Return the vectors of some items at length one, float32, shape ``(len(item_idx), d)``.

        Length is left out because it mostly says how popular an artist is; direction says for whom.
        """
        return unit_rows(self.embeddings[item_idx])

    def facts(self, min_listeners: int) -> ArtistFacts:
        """Return what to say about the choice of artists."""
        shown = self.chosen(min_listeners)
        return ArtistFacts(
            n_items=len(self.listeners),
            n_shown=len(shown),
            singletons=int((self.listeners == 1).sum()),
            never_trained=int((self.trained == 0).sum()),
            share_of_listening=float(self.listeners[shown].sum() / max(1, self.listeners.sum())),
        )


def _listeners(dataset: Dataset) -> np.ndarray:
    return np.bincount(dataset.interactions.item_idx, minlength=dataset.n_items).astype(np.int64)
