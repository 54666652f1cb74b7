"""Tables with one row per user and per item, trained by adagrad: the case to be quickest at.

Update (Duchi, Hazan & Singer, 2011; sums of squares start at 1): ``value -= rate / sqrt(squares) *
gradient``, then ``squares += gradient ** 2``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from recsys_core.models.fast import verbs
from recsys_core.models.fast.compiled import inlined
from recsys_core.models.fast.lanes import WIDTH, add, load, lone, mul, rsqrt, splat, store, sub, sums_above
from recsys_core.models.fast.memory import get_float, get_int, prefetch, prefetch_to_write, set_float
from recsys_core.models.fast.verbs import implements


class IdentityTables(NamedTuple):
    """Addresses of embeddings, ``width`` float32 a row, and of biases as pairs ``[bias, squares]``.

    An embedding's squares are ``user_squares`` or ``item_squares`` numbers after it.
    ``blocks`` says how wide: a tuple of ``width / 16`` zeros to compile for that width, or the number itself.
    """

    users: int
    user_biases: int
    user_squares: int
    items: int
    item_biases: int
    item_squares: int
    rate: np.float32
    n_items: int
    blocks: Any


@inlined
def _fetch_to_write(rows: int, squares: int, i: int, width: int) -> None:
    for j in range(0, width, WIDTH):
        prefetch_to_write(rows, 4 * (width * i + j))
        prefetch_to_write(rows, 4 * (squares + width * i + j))


@inlined
def _descend(rows: int, value: int, squares_on: int, gradient: Any, rate: Any) -> None:
    squares = load(rows, value + squares_on)
    store(rows, value, sub(load(rows, value), mul(mul(rate, gradient), rsqrt(squares))))
    store(rows, value + squares_on, add(squares, mul(gradient, gradient)))


@inlined
def _descend_bias(biases: int, i: int, gradient: Any, rate: Any) -> None:
    squares = get_float(biases, 2 * i + 1)
    set_float(biases, 2 * i, get_float(biases, 2 * i) - rate * gradient / np.sqrt(squares))
    set_float(biases, 2 * i + 1, squares + gradient * gradient)


@implements(verbs.fetch_user, IdentityTables)
def _fetch_user(tables: Any, user: int, width: int) -> None:
    _fetch_to_write(tables.users, tables.user_squares, user, width)


@implements(verbs.fetch_item, IdentityTables)
def _fetch_item(tables: Any, item: int, width: int, whole: bool) -> None:
    if whole:
        _fetch_to_write(tables.items, tables.item_squares, item, width)
    else:
        for j in range(0, width, WIDTH):
            prefetch(tables.items, 4 * (width * item + j))


@implements(verbs.begin, IdentityTables)
def _begin(tables: Any, user: int, width: int) -> None:
    pass


@implements(verbs.score, IdentityTables)
def _score(tables: Any, user: int, item: int, width: int) -> Any:
    lanes = lone(get_float(tables.item_biases, 2 * item))
    for j in range(0, width, WIDTH):
        lanes = add(lanes, mul(load(tables.users, width * user + j), load(tables.items, width * item + j)))
    return lanes


@implements(verbs.four_above, IdentityTables)
def _four_above(tables: Any, user: int, drawn: int, place: int, limit: float, width: int) -> int:
    a, b = get_int(drawn, place), get_int(drawn, place + 1)
    c, d = get_int(drawn, place + 2), get_int(drawn, place + 3)
    first, second = lone(get_float(tables.item_biases, 2 * a)), lone(get_float(tables.item_biases, 2 * b))
    third, fourth = lone(get_float(tables.item_biases, 2 * c)), lone(get_float(tables.item_biases, 2 * d))
    for j in range(0, width, WIDTH):
        u = load(tables.users, width * user + j)
        first = add(first, mul(u, load(tables.items, width * a + j)))
        second = add(second, mul(u, load(tables.items, width * b + j)))
        third = add(third, mul(u, load(tables.items, width * c + j)))
        fourth = add(fourth, mul(u, load(tables.items, width * d + j)))
    return sums_above(first, second, third, fourth, limit)


@implements(verbs.user_bias, IdentityTables)
def _user_bias(tables: Any, user: int) -> float:
    return get_float(tables.user_biases, 2 * user)


@implements(verbs.step, IdentityTables)
def _step(tables: Any, user: int, item: int, loss: float, width: int) -> None:
    rate, strength = splat(tables.rate), splat(loss)
    for j in range(0, width, WIDTH):
        u, i = load(tables.users, width * user + j), load(tables.items, width * item + j)
        _descend(tables.items, width * item + j, tables.item_squares, mul(strength, u), rate)
        _descend(tables.users, width * user + j, tables.user_squares, mul(strength, i), rate)
    _descend_bias(tables.item_biases, item, loss, tables.rate)
    _descend_bias(tables.user_biases, user, loss, tables.rate)


@implements(verbs.step_apart, IdentityTables)
def _step_apart(tables: Any, user: int, positive: int, negative: int, loss: float, width: int) -> None:
    rate, strength, opposite = splat(tables.rate), splat(loss), splat(-loss)
    for j in range(0, width, WIDTH):
        u, p, n = (
            load(tables.users, width * user + j),
            load(tables.items, width * positive + j),
            load(tables.items, width * negative + j),
        )
        _descend(tables.items, width * positive + j, tables.item_squares, mul(opposite, u), rate)
        _descend(tables.items, width * negative + j, tables.item_squares, mul(strength, u), rate)
        _descend(tables.users, width * user + j, tables.user_squares, mul(strength, sub(n, p)), rate)
    _descend_bias(tables.item_biases, positive, -loss, tables.rate)
    _descend_bias(tables.item_biases, negative, loss, tables.rate)
    _descend_bias(tables.user_biases, user, loss, tables.rate)


@implements(verbs.must_pause, IdentityTables)
def _must_pause(tables: Any) -> bool:
    return False
