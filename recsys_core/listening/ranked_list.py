"""From scores to a list: what may not stand on it, how much fame costs, and in which order the rest comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import pandas as pd
from msgspec import Meta

from recsys_core.columns import Columns
from recsys_core.datasets.features import TAG
from recsys_core.listening.profile import Profile
from recsys_core.listening.taste import Taste, scores_of, taste_of
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.listening.preferences import Suggestions

HEARD, LISTENERS = "heard", "listeners"
LONGEST_LIST = 100
FEWEST_LISTENERS = 3  # for an artist to be suggested as a novelty
STRONGEST = 0.6  # standard deviations of score that one of fame costs at full novelty


class Filters(Settings, frozen=True, kw_only=True):
    """Wishes for a list: ``novelty`` 0 leaves the model's order, 1 makes fame cost most."""

    hide_heard: bool = True
    novelty: Annotated[float, Meta(ge=0, le=1)] = 0.0
    without_tags: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class RankedList:
    """Everything a list is made of, best first.

    Parameters
    ----------
    taste
        Whose list it is.
    order
        Rows of the artists that may be suggested, best first, int64 ``(m,)``.
    scores
        The model's scores of all artists, float64 ``(n_items,)``.
    weighed
        Whether fame was weighed against the scores, so that the order is not theirs.
    """

    suggestions: Suggestions
    taste: Taste
    order: np.ndarray
    scores: np.ndarray
    weighed: bool = False

    def table(self, k: int) -> pd.DataFrame:
        """Return the first ``k`` as ``rank, item_id, name, score, listeners, hit, heard``.

        ``hit``: a stored listener plays the artist and the model was not shown so.
        """
        data, shown = self.suggestions.dataset, self.order[:k]
        user = self.taste.user_idx
        none = np.zeros(0, np.int64)
        held_out = none if user is None else self.suggestions.held_out_of(user)
        heard = none if user is None else self.suggestions.heard[user].indices
        return pd.DataFrame(
            {
                Columns.RANK: np.arange(1, len(shown) + 1),
                Columns.ITEM_ID: data.items.to_id(shown),
                Columns.NAME: data.names[shown],
                Columns.SCORE: self.scores[shown],
                LISTENERS: self.suggestions.listeners[shown],
                Columns.HIT: np.isin(shown, held_out),
                HEARD: np.isin(shown, heard),
            }
        )


def ranked_list(
    suggestions: Suggestions,
    user_id: Any | None = None,
    profile: Profile | None = None,
    filters: Filters | None = None,
) -> RankedList:
    """Return the list of a stored listener or of somebody new (``user_id`` None), judged artists left out.

    Raises
    ------
    UnknownIdError
        If the listener or an artist of the profile is not in the data.
    """
    profile, filters = profile or Profile(), filters or Filters()
    taste = taste_of(suggestions, user_id, profile)
    scores = scores_of(suggestions, taste)
    hidden = _hidden(suggestions, taste, profile, filters)
    allowed = np.flatnonzero(~hidden)
    wanted = _less_famous(scores[allowed], suggestions.listeners[allowed], filters.novelty)
    # stable: of equals the lower row comes first, as everywhere
    order = allowed[np.argsort(-wanted, kind="stable")]
    return RankedList(suggestions, taste, order, scores, weighed=filters.novelty > 0)


def _hidden(suggestions: Suggestions, taste: Taste, profile: Profile, filters: Filters) -> np.ndarray:
    """Return True for every artist that may not be suggested, ``(n_items,)``."""
    data = suggestions.dataset
    hidden = np.zeros(data.n_items, bool)
    hidden[profile.indices(data.items)[0]] = True
    if filters.hide_heard and taste.user_idx is not None:
        hidden[suggestions.heard[taste.user_idx].indices] = True
    if filters.novelty:
        # of these little is known but that they are not famous: without a bar they would fill the list
        hidden |= suggestions.listeners < FEWEST_LISTENERS
    return hidden | with_any_tag(data, filters.without_tags)


def _less_famous(scores: np.ndarray, listeners: np.ndarray, novelty: float) -> np.ndarray:
    """Return ``z(score) - cost * z(log(1 + listeners))``, z being in standard deviations from the mean."""
    if not novelty:
        return scores
    return _standard(scores) - STRONGEST * novelty * _standard(np.log1p(listeners))


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std() if len(values) else 0.0
    return (values - values.mean()) / spread if spread > 0 else np.zeros(len(values))


def with_any_tag(data: Dataset, tags: tuple[str, ...]) -> np.ndarray:
    """Return True for every artist with one of ``tags`` (written without their field), ``(n_items,)``."""
    features = data.item_features
    unwanted = {f"{TAG}{tag}" for tag in tags}
    columns = [at for at, name in enumerate(features.names) if name in unwanted] if features else []
    if features is None or not columns:
        return np.zeros(data.n_items, bool)
    return np.asarray(features.values[:, columns].sum(axis=1)).ravel() > 0


def common_tags(data: Dataset, fewest: int = 5) -> list[str]:
    """Return the tags that at least ``fewest`` artists carry, without their field, the commonest first."""
    features = data.item_features
    if features is None:
        return []
    counts = np.asarray((features.values > 0).sum(axis=0)).ravel()
    order = np.argsort(-counts, kind="stable")
    names = [features.names[at] for at in order if counts[at] >= fewest]
    return [name.removeprefix(TAG) for name in names if name.startswith(TAG)]
