"""Several models together, each counting what it is worth on plays held out from the train part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from msgspec import Meta

from recsys_core.errors import CancelledError, SettingsError
from recsys_core.models.als import ALSRecommender
from recsys_core.models.blend import STRENGTHS, BlendedRecommender, standardised
from recsys_core.models.ease import EaseRecommender
from recsys_core.models.fast_lightfm import FastWarp
from recsys_core.models.folding import Contributions
from recsys_core.models.neighbours import ItemNeighboursRecommender
from recsys_core.models.rp3beta import RP3betaRecommender
from recsys_core.ranking import held_out_ranks
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings
from recsys_core.splitting import split_random

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from scipy import sparse

    from recsys_core.datasets import Dataset
    from recsys_core.models.base import Recommender

STEPS = (0.0, 0.5, 0.8, 1.25, 2.0)
"""What a strength is multiplied by to see whether the list gets better."""
ROUNDS = 3
LIST_LENGTH = 10
JUDGES, MOST_SCORES = 600, 60_000_000
"""Listeners on whom strengths are learned, at most; fewer where their scores by all members, which are in
memory at once, would be more than so many (240 MB)."""


class EnsembleSettings(Settings, frozen=True, kw_only=True):
    """Who takes part, and how scores become comparable.

    ``quick`` members are solved in about a second; ``strong`` adds WARP. ``ranks`` compares places in the
    listener's order, ``scores`` standardised scores. ``validation_share`` of the train pairs is held out
    while strengths are learned; ``epochs`` are those of the members that learn by epochs.
    """

    members: Literal["quick", "strong"] = "strong"
    blend: Literal["scores", "ranks"] = "scores"
    validation_share: Annotated[float, Meta(ge=0.02, le=0.5)] = 0.1
    epochs: Annotated[int, Meta(ge=1, le=500)] = 40
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42
    threads: Annotated[int, Meta(ge=1, le=64)] = 1


class EnsembleRecommender(BlendedRecommender):
    """A weighted sum, its weights learned on validation by coordinate ascent of NDCG at 10.

    Metzler & Croft (2007), "Linear feature-based models for information retrieval". The test part is never
    seen: members are trained on most of the train part, weighed on the rest, then trained on all of it.
    """

    name = "ensemble"
    settings_type = EnsembleSettings
    _found: dict[str, float] | None = None

    @property
    def _strengths(self) -> dict[str, float]:
        return self._found or dict.fromkeys(self._new_members(), 1.0)

    def _new_members(self) -> dict[str, Recommender]:
        shared = {"seed": self.settings.seed, "threads": self.settings.threads}
        members: dict[str, Recommender] = {
            "ease": EaseRecommender(values="log"),
            "als": ALSRecommender(values="log", **shared),
            "item-knn": ItemNeighboursRecommender(shrinkage=3.0, neighbours=2000),
            "rp3beta": RP3betaRecommender(),
        }
        if self.settings.members == "strong":
            members["warp"] = FastWarp(embedding_size=64, learning_rate=0.02, max_sampled=200, **shared)
        return members

    def _attach(self, data: Dataset) -> None:
        super()._attach(data)
        self._found = None

    def _fit(self, data: Dataset) -> Iterator[None]:
        self._found = self._learn_strengths(data)
        self._members = self._trained(data)
        yield

    def _trained(self, data: Dataset) -> dict[str, Recommender]:
        members = self._new_members()
        for member in members.values():
            if self._should_stop():
                raise CancelledError(f"{self.name} was stopped while its members were trained.")
            member.fit(data, epochs=self.settings.epochs, should_stop=self._should_stop)
        return members

    def _learn_strengths(self, data: Dataset) -> dict[str, float]:
        """Return strengths that sum to 1; equal ones where there is too little to hold out."""
        rest, held_out = split_random(data.interactions, self.settings.validation_share, self.settings.seed)
        if not len(rest) or not len(held_out):
            return {name: 1 / len(self._new_members()) for name in self._new_members()}
        members = self._trained(data.with_interactions(rest))
        judges = np.unique(held_out.user_idx)
        most = max(1, min(JUDGES, MOST_SCORES // (len(members) * data.n_items)))
        judges = np.random.default_rng(self.settings.seed).permutation(judges)[:most]
        blocks = np.stack([self._same_scale(member.scores(judges)) for member in members.values()])
        seen, hidden = (part.to_csr(binary=True)[judges] for part in (rest, held_out))
        # strengths in the blocks' own precision: else all blocks are copied into twice the memory
        found = climb(
            len(members),
            lambda one: ndcg(np.tensordot(one.astype(np.float32), blocks, 1), hidden, seen),
        )
        return dict(zip(members, (found / found.sum()).tolist(), strict=True))

    def _same_scale(self, block: np.ndarray) -> np.ndarray:
        return standardised(block) if self.settings.blend == "scores" else places(block)

    @property
    def folds_in(self) -> bool:
        """Whether scores are blended: places in an order cannot be taken apart."""
        return self.settings.blend == "scores"

    def _contributions(self, items: np.ndarray, weights: np.ndarray, targets: np.ndarray) -> Contributions:
        if not self.folds_in:
            raise SettingsError(f"{self.name} blends ranks, which cannot be taken apart. Blend scores.")
        return super()._contributions(items, weights, targets)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays of all members, and their strengths in the members' order."""
        strengths = {} if self._found is None else {STRENGTHS: np.array([*self._found.values()])}
        return super().arrays() | strengths

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Become the model that left these arrays; see :class:`BlendedRecommender`."""
        rest = {key: array for key, array in arrays.items() if key != STRENGTHS}
        super().restore(data, rest)
        learned = arrays.get(STRENGTHS, np.ones(len(self.members)))
        self._found = dict(zip(self.members, learned.tolist(), strict=True))
        return self


def places(block: np.ndarray) -> np.ndarray:
    """Return a number for each score's place in its row, float32: ``-log`` of the share that is not below it.

    That spreads the top of a list and not its end. Equal scores share a place.
    """
    found = np.empty(block.shape, np.float32)
    for row, scores in enumerate(block):
        ordered = np.sort(scores)
        found[row] = np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")
    return -np.log(1 - found / np.float32(2 * block.shape[1] + 1))


def climb(size: int, judge: Callable[[np.ndarray], float]) -> np.ndarray:
    """Return strengths, float64 ``(size,)``, that no single step makes better, or the best of few rounds."""
    strengths = np.full(size, 1 / size)
    best = judge(strengths)
    for _ in range(ROUNDS):
        before = best
        for member in range(size):
            for step in STEPS:
                tried = strengths.copy()
                tried[member] *= step
                if tried.any() and (found := judge(tried)) > best:
                    best, strengths = found, tried
        if best == before:
            break
    return strengths


def ndcg(block: np.ndarray, hidden: sparse.csr_matrix, seen: sparse.csr_matrix) -> float:
    """Return the mean NDCG at 10 of the held-out items under a block of scores."""
    ranks = held_out_ranks(lambda rows: block[rows], hidden, seen).ranks
    gains = np.where(ranks < LIST_LENGTH, 1 / np.log2(ranks + 2.0), 0.0)
    counts = np.diff(hidden.indptr)
    ideal = np.cumsum(1 / np.log2(np.arange(LIST_LENGTH) + 2.0))[np.minimum(counts, LIST_LENGTH) - 1]
    sums = np.add.reduceat(gains, hidden.indptr[:-1])
    return float((sums / ideal).mean())
