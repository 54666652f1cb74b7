"""One listener: what they listen to, what we would suggest, and which suggestions were right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recsys_core.columns import Columns
from recsys_core.datasets.scaling import play_count_scaled
from recsys_core.listening.popularity_lists import known_to_be_heard
from recsys_core.splitting import split

if TYPE_CHECKING:
    from scipy import sparse

    from recsys_core.datasets import Dataset
    from recsys_core.models.base import Recommender
    from recsys_core.runs import Run
    from recsys_core.splitting import Split

HELD_OUT = "held_out"
PLAY_COUNT_SCALED = "play_count_scaled"


def get_recommendation(user_id: Any, model: Recommender, k: int = 10) -> pd.DataFrame:
    """Return the ``k`` artists to suggest to a listener, best first, none the model was shown as heard.

    Columns ``rank, item_id, name, score``.

    Raises
    ------
    UnknownIdError
        If the data set has no such user; the text names ids that look alike.
    """
    user = model.data.users.parse(user_id)
    table = model.recommend([user], k)
    table[Columns.NAME] = model.data.names_of(table[Columns.ITEM_ID])
    return table[[Columns.RANK, Columns.ITEM_ID, Columns.NAME, Columns.SCORE]]


get_recommandation = get_recommendation  # the owner's brief spells it so


def get_ground_truth(user_id: Any, dataset: Dataset) -> pd.DataFrame:
    """Return all artists a listener played, by decreasing ``playCountScaled``, ties by name.

    Columns ``item_id, name, weight`` (plays) and ``play_count_scaled`` (0 to 1 over the data set).

    Raises
    ------
    UnknownIdError
        If the data set has no such user.
    """
    user = dataset.users.parse(user_id)
    rows = dataset.interactions
    mine = np.flatnonzero(rows.user_idx == dataset.users.to_idx([user])[0])
    items = rows.item_idx[mine]
    table = pd.DataFrame(
        {
            Columns.ITEM_ID: dataset.items.to_id(items),
            Columns.NAME: dataset.names[items],
            Columns.WEIGHT: rows.weights[mine],
            PLAY_COUNT_SCALED: play_count_scaled(rows.weights)[mine],
        }
    )
    return table.sort_values([PLAY_COUNT_SCALED, Columns.NAME], ascending=[False, True], ignore_index=True)


class Suggestions:
    """A stored run brought back to life on its data: lists for anyone, truth beside them.

    Parameters
    ----------
    run
        A loaded run.
    dataset
        The data it was trained on; the split is drawn again from the run's protocol.

    ``heard`` is CSR ``(n_users, n_items)``, 1 for every pair known but those held out for the test;
    ``listeners`` is int64 ``(n_items,)``, how many trained listeners each artist has.

    Raises
    ------
    RunError
        If ``dataset`` is not what the run was trained on.
    """

    def __init__(self, run: Run, dataset: Dataset) -> None:
        run.check_data(dataset)
        self.dataset, self.manifest = dataset, run.manifest
        self.split: Split = split(dataset, run.manifest.protocol)
        self.model = run.model(self.split.training)
        self._held_out = self.split.test.to_csr(binary=True)
        # heard but neither trained on nor tested: scaled to nothing, or kept for tuning
        self.heard: sparse.csr_matrix = known_to_be_heard(self.split)
        train = self.split.training.interactions
        self.listeners: np.ndarray = np.bincount(train.item_idx, minlength=dataset.n_items)

    def lists(self, user_ids: Any, k: int) -> pd.DataFrame:
        """Return ``user_id, item_id, score, rank`` of unheard artists; held-out ones count as unheard."""
        return self.model.recommend(user_ids, k, exclude=self.heard)

    def suggest(self, user_id: Any, k: int) -> pd.DataFrame:
        """Return ``rank, item_id, name, score, hit``: hit where the listener really played the artist."""
        user = self.dataset.users.parse(user_id)
        table = self.lists([user], k)
        table[Columns.NAME] = self.dataset.names_of(table[Columns.ITEM_ID])
        table[Columns.HIT] = table[Columns.ITEM_ID].isin(self._held_out_ids(user))
        return table[[Columns.RANK, Columns.ITEM_ID, Columns.NAME, Columns.SCORE, Columns.HIT]]

    def truth(self, user_id: Any) -> pd.DataFrame:
        """Return :func:`get_ground_truth` with ``held_out``: True where the model did not see the artist."""
        user = self.dataset.users.parse(user_id)
        table = get_ground_truth(user, self.dataset)
        table[HELD_OUT] = table[Columns.ITEM_ID].isin(self._held_out_ids(user))
        return table

    def held_out_of(self, user_idx: int) -> np.ndarray:
        """Return the rows of the artists of one listener that the model was not shown, int32."""
        return self._held_out[user_idx].indices

    def _held_out_ids(self, user: Any) -> np.ndarray:
        return self.dataset.items.to_id(self.held_out_of(int(self.dataset.users.to_idx([user])[0])))
