"""Where a turn of the loop reads and writes; each thing is made by one step and read by later ones."""

from __future__ import annotations

import shutil
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.errors import DataError
from recsys_core.whole_files import write_whole
from recsys_online.loop.learning import Learned, dataset_of_log, lists_of
from recsys_online.loop.request import plan_toml
from recsys_online.loop.store import LoopError, LoopStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recsys_core.datasets import Dataset
    from recsys_online.index.versions import Publication
    from recsys_online.loop.store import Loop
    from recsys_online.simulator import World


LOGS = "logs"


def first_log(loop: Loop) -> Path:
    """Return the folder of the log that the first turn learns from."""
    return loop.folder / "log"


def turn_home(loop: Loop, number: int) -> Path:
    """Return the folder of a turn: a home that the service can serve from."""
    return loop.folder / f"turn-{number}"


class Turn:
    """One turn of ``loop``, numbered from 1; its folder is a home that the service can serve from."""

    def __init__(self, loop: Loop, number: int, world: World) -> None:
        self.loop, self.number, self.world = loop, number, world
        self.request = loop.request
        self.home = turn_home(loop, number)
        self.pairs, self.studies = self.home / "pairs.parquet", self.home / "studies"
        self.lists, self.plan = self.home / "recommendations.jsonl", self.home / "experiments.toml"
        self.index, self.log = self.home / "index", self.home / LOGS

    @property
    def logs(self) -> list[str]:
        """All logs so far: what this turn learns from."""
        earlier = [str(turn_home(self.loop, one) / LOGS) for one in range(1, self.number)]
        return [self.request.from_log or str(first_log(self.loop)), *earlier]

    @property
    def version(self) -> str:
        """Name of the lists that this turn publishes."""
        return f"{self.loop.card.loop_id}-turn-{self.number}"

    @property
    def seed(self) -> int:
        """The seed of this turn: listeners draw anew in each."""
        return (self.request.seed + 1_000_003 * self.number) % 2**32

    @cached_property
    def dataset(self) -> Dataset:
        """The data set of this turn's pairs; raises DataError where they cannot be read."""
        try:
            pairs = pd.read_parquet(self.pairs)
        except (OSError, ValueError) as error:
            raise DataError(
                f"It cannot be read: {error}.", file=self.pairs, fix="Run the step pairs."
            ) from None
        return dataset_of_log(pairs, self.world.public, simulated=True)

    @property
    def learned(self) -> Learned:
        """What tuning chose, as the card says it."""
        step = self.loop.card.done(self.number, "model")
        if step is None:
            raise LoopError("The step model has not been done yet.")
        return Learned(**step.found)

    def publication(self, should_stop: Callable[[], bool]) -> Publication:
        """Return this turn's lists, made once."""
        if self._made is None:
            request = self.request
            self._made = lists_of(
                self.dataset, self.learned, self.world.public, request.k,
                keep_liked=request.keep_liked, should_stop=should_stop,
            )  # fmt: skip
        return self._made

    _made: Publication | None = None

    def write_plan(self) -> None:
        """Write the file of experiments that the service reads."""
        self.home.mkdir(parents=True, exist_ok=True)
        write_whole(self.plan, plan_toml(self.request.plan).encode())

    def forget_log(self) -> None:
        """Remove what an interrupted experiment of this turn logged."""
        for folder in (self.log, self.home / "online"):
            shutil.rmtree(folder, ignore_errors=True)


def earlier_index(loop: Loop) -> Path:
    """Return the index of the last turn of the loop whose lists ``loop`` borrows.

    Raises
    ------
    LoopError
        If there is no such loop, it listens in another world, or it has no lists.
    """
    other = LoopStore(loop.folder.parent).open(loop.request.lists_from)
    if same_world(other.request) != same_world(loop.request):
        raise LoopError(
            f"The lists of {other.card.loop_id} are of other listeners. Choose those of this world."
        )
    turns = [one.turn for one in other.card.steps if one.name == "index"]
    if not turns:
        raise LoopError(f"Loop {other.card.loop_id} has not published lists yet. Choose another.")
    return other.folder / f"turn-{max(turns)}" / "index"


def same_world(request: object) -> tuple[object, ...]:
    """Return what decides which listeners and tracks there are."""
    return tuple(getattr(request, name) for name in ("world", "data", "users", "tracks"))
