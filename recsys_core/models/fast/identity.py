"""Tables with one row per user and per item, trained by adagrad: the case to be quickest at.

Update (Duchi, Hazan & Singer, 2011; sums of squares start at 1): ``value -= rate / sqrt(squares) * gradient``, then
``squares += gradient ** 2``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba.extending import overload

from recsys_core.models.fast import verbs
from recsys_core.models.fast.compiled import INLINED, inlined
from recsys_core.models.fast.lanes import WIDTH, add, load, lone, mul, rsqrt, splat, store, sub
from recsys_core.models.fast.memory import at, prefetch, put


class IdentityTables(NamedTuple):
    """Rows ``[embedding | squares]`` of ``2 * width`` float32, and biases as pairs ``[bias, squares]``.

    ``blocks`` says how wide: a tuple of ``width / 16`` zeros to compile for that width, or the number itself.
    """

    users: np.ndarray
    user_biases: np.ndarray
    items: np.ndarray
    item_biases: np.ndarray
    rate: np.float32
    blocks: Any
    n_items: int


def _verb(stub: Any) -> Any:
    """Register the implementation that the decorated function returns, for these tables only."""

    def register(implementation: Any) -> Any:
        def choose(tables: Any, *_rest: Any) -> Any:
            return implementation if getattr(tables, "instance_class", None) is IdentityTables else None

        return overload(stub, jit_options=INLINED, strict=False)(choose)

    return register


@inlined
def _fetch(rows: np.ndarray, i: int, length: int) -> None:
    for j in range(0, length, WIDTH):
        prefetch(rows, i, j)


@inlined
def _descend(rows: np.ndarray, i: int, j: int, width: int, gradient: Any, rate: Any) -> None:
    squares = load(rows, i, width + j)
    store(rows, i, j, sub(load(rows, i, j), mul(mul(rate, gradient), rsqrt(squares))))
    store(rows, i, width + j, add(squares, mul(gradient, gradient)))


@inlined
def _descend_bias(biases: np.ndarray, i: int, gradient: Any, rate: Any) -> None:
    squares = at(biases, i, 1)
    put(biases, i, 0, at(biases, i, 0) - rate * gradient / np.sqrt(squares))
    put(biases, i, 1, squares + gradient * gradient)


@_verb(verbs.fetch_user)
def _fetch_user(tables, user, width):
    _fetch(tables.users, user, 2 * width)


@_verb(verbs.fetch_item)
def _fetch_item(tables, item, width, whole):
    _fetch(tables.items, item, 2 * width if whole else width)


@_verb(verbs.begin)
def _begin(tables, user, width):
    pass


@_verb(verbs.score)
def _score(tables, user, item, width):
    lanes = lone(at(tables.item_biases, item, 0))
    for j in range(0, width, WIDTH):
        lanes = add(lanes, mul(load(tables.users, user, j), load(tables.items, item, j)))
    return lanes


@_verb(verbs.user_bias)
def _user_bias(tables, user):
    return at(tables.user_biases, user, 0)


@_verb(verbs.step)
def _step(tables, user, item, loss, width):
    rate, strength = splat(tables.rate), splat(loss)
    for j in range(0, width, WIDTH):
        u, i = load(tables.users, user, j), load(tables.items, item, j)
        _descend(tables.items, item, j, width, mul(strength, u), rate)
        _descend(tables.users, user, j, width, mul(strength, i), rate)
    _descend_bias(tables.item_biases, item, loss, tables.rate)
    _descend_bias(tables.user_biases, user, loss, tables.rate)


@_verb(verbs.step_apart)
def _step_apart(tables, user, positive, negative, loss, width):
    rate, strength, opposite = splat(tables.rate), splat(loss), splat(-loss)
    for j in range(0, width, WIDTH):
        u, p, n = load(tables.users, user, j), load(tables.items, positive, j), load(tables.items, negative, j)
        _descend(tables.items, positive, j, width, mul(opposite, u), rate)
        _descend(tables.items, negative, j, width, mul(strength, u), rate)
        _descend(tables.users, user, j, width, mul(strength, sub(n, p)), rate)
    _descend_bias(tables.item_biases, positive, -loss, tables.rate)
    _descend_bias(tables.item_biases, negative, loss, tables.rate)
    _descend_bias(tables.user_biases, user, loss, tables.rate)


@_verb(verbs.must_pause)
def _must_pause(tables):
    return False
