"""What a loss asks of the tables it trains; ``identity`` and ``features`` say how, numba picks by type.

Called from compiled code only. ``width`` is the length of the rows' embedding part, a multiple of 16.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import overload

from recsys_core.models.fast.compiled import INLINED
from recsys_core.models.fast.lanes import WIDTH


def implements(verb: Any, tables_type: type) -> Any:
    """Make the decorated function, compiled into its callers, what ``verb`` does to one kind of tables."""

    def register(implementation: Any) -> Any:
        def choose(tables: Any, *_rest: Any) -> Any:
            return implementation if getattr(tables, "instance_class", None) is tables_type else None

        return overload(verb, jit_options=INLINED, strict=False)(choose)

    return register


def width_of(blocks: Any) -> Any:
    """Return the width of ``blocks`` groups of lanes: a constant if they are a tuple's length."""
    raise NotImplementedError


@overload(width_of, jit_options=INLINED, strict=False)
def _width_of(blocks: Any) -> Any:
    if isinstance(blocks, types.UniTuple):
        width = blocks.count * WIDTH
        return lambda blocks: width
    return lambda blocks: blocks * WIDTH


def fetch_user(tables: Any, user: int, width: int) -> Any:
    """Ask for all that will be read and written of a user."""
    raise NotImplementedError


def fetch_item(tables: Any, item: int, width: int, whole: bool) -> Any:
    """Ask for an item's embedding, and with ``whole`` for what an update of it needs."""
    raise NotImplementedError


def begin(tables: Any, user: int, width: int) -> Any:
    """Make ready to score items for ``user``."""
    raise NotImplementedError


def score(tables: Any, user: int, item: int, width: int) -> Any:
    """Return lanes that sum to the item's score for the user begun with, less the user's bias."""
    raise NotImplementedError


def four_above(tables: Any, user: int, drawn: int, place: int, limit: float, width: int) -> Any:
    """Return, as bits 0 to 3, which of the four items drawn from ``place`` on score more than ``limit``."""
    raise NotImplementedError


def user_bias(tables: Any, user: int) -> Any:
    """Return the bias part of the user begun with."""
    raise NotImplementedError


def step(tables: Any, user: int, item: int, loss: float, width: int) -> Any:
    """Descend by the gradient ``loss`` of one score."""
    raise NotImplementedError


def step_apart(tables: Any, user: int, positive: int, negative: int, loss: float, width: int) -> Any:
    """Lift ``positive`` above ``negative`` by strength ``loss``; lowers the user's bias as LightFM does."""
    raise NotImplementedError


def must_pause(tables: Any) -> Any:
    """Return whether the lazy regularisation has to be applied before going on."""
    raise NotImplementedError
