"""The world that a loop's listeners live in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from recsys_core.datasets import DatasetChoice, load_dataset
from recsys_online.simulator import Habits, World, read_botify_world, world_of

if TYPE_CHECKING:
    from recsys_online.loop.request import LoopRequest


def open_world(request: LoopRequest, data_root: Path) -> World:
    """Return the world of ``request``; downloaded data are looked for below ``data_root``.

    Raises
    ------
    DataError
        If its files are not there or cannot be used.
    """
    habits = Habits(fatigue=request.fatigue).checked()
    if request.world == "botify":
        return read_botify_world(Path(request.users), Path(request.tracks), habits=habits)
    choice = DatasetChoice(request.world, request.data or None)
    return world_of(load_dataset(choice, data_root=data_root), habits=habits)
