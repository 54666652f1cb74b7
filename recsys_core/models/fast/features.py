"""One row per feature: users and items are weighted sums of rows (Kula, 2015); L2; both schedules.

LightFM's rules, of which adagrad is that of ``identity``. Adadelta (Zeiler, 2012): ``squares`` and ``moves``
are means that forget at ``rho``; ``rate = sqrt(moves + epsilon) / sqrt(squares + epsilon)``.

L2 is lazy: a touched value is multiplied by ``1 + alpha * rate``, a scale by the same with the example's mean
rate, and all values are divided by the scale when it grows too large and after each epoch (``apply_scales``).
As LightFM does, representations are multiplied by the scale meanwhile.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from recsys_core.models.fast import verbs
from recsys_core.models.fast.compiled import inlined
from recsys_core.models.fast.lanes import (
    WIDTH,
    add,
    load,
    lone,
    mul,
    rsqrt,
    splat,
    store,
    sub,
    sums_above,
    total,
)
from recsys_core.models.fast.memory import (
    get_double,
    get_float,
    get_int,
    get_long,
    prefetch,
    set_double,
    set_float,
)
from recsys_core.models.fast.verbs import implements, width_of

LARGEST_SCALE = 1e6
PARTS = 3


class Side(NamedTuple):
    """Users or items: addresses of embeddings, of biases ``[bias, squares, moves]``, and of features.

    An embedding's squares are ``apart`` numbers after it, its moves (adadelta) twice as many.
    Features are CSR: int64 pointers, int32 indices, float32 values.
    """

    rows: int
    biases: int
    apart: int
    pointers: int
    indices: int
    values: int


class FeatureTables(NamedTuple):
    """Both sides, the rules, and addresses of what threads share (``scales``, float64, users' first) or own.

    ``valid`` is 1 for the ``size`` real components of a row and 0 for its padding; ``sums`` has room for the
    representations of a user and of two items, each of ``width`` float32 and their biases behind.
    """

    user_side: Side
    item_side: Side
    scales: int
    valid: int
    sums: int
    rate: np.float32
    adadelta: int
    rho: np.float32
    epsilon: np.float32
    user_alpha: float
    item_alpha: float
    size: int
    n_items: int
    blocks: Any


USER, ITEM, OTHER = 0, 1, 2
"""Slots of ``sums``: the user's representation, the (positive) item's, the negative item's."""


@inlined
def _slot(tables: Any, number: int, width: int) -> int:
    """Return the address of one representation; its bias is ``width`` floats on."""
    return tables.sums + 4 * number * (width + WIDTH)


@inlined
def _represent(side: Any, i: int, scale: float, out: int, width: int) -> None:
    """Write the weighted sum of the rows of all features of ``i``, times ``scale``, and of their biases."""
    for j in range(0, width + WIDTH, WIDTH):
        store(out, j, splat(np.float32(0)))
    for place in range(get_long(side.pointers, i), get_long(side.pointers, i + 1)):
        feature = get_int(side.indices, place)
        weight = np.float32(get_float(side.values, place) * scale)
        for j in range(0, width, WIDTH):
            row = load(side.rows, width * feature + j)
            store(out, j, add(load(out, j), mul(splat(weight), row)))
        set_float(out, width, get_float(out, width) + weight * get_float(side.biases, PARTS * feature))


@inlined
def _rates_of(tables: Any, values: int, at: int, apart: int, gradient: Any) -> Any:
    """Advance the squares (adadelta: and moves) for ``gradient``; return each component's learning rate."""
    squares, rho, rest = load(values, at + apart), splat(tables.rho), splat(np.float32(1) - tables.rho)
    if tables.adadelta == 0:
        store(values, at + apart, add(squares, mul(gradient, gradient)))
        return mul(splat(tables.rate), rsqrt(squares))
    squares = add(mul(rho, squares), mul(rest, mul(gradient, gradient)))
    moves = load(values, at + 2 * apart)
    small = splat(tables.epsilon)
    root = mul(add(moves, small), rsqrt(add(moves, small)))
    rates = mul(root, rsqrt(add(squares, small)))
    move = mul(rates, gradient)
    store(values, at + apart, squares)
    store(values, at + 2 * apart, add(mul(rho, moves), mul(rest, mul(move, move))))
    return rates


@inlined
def _rate_of_bias(tables: Any, biases: int, at: int, gradient: float) -> float:
    """Do the same for a bias."""
    squares, rest = get_float(biases, at + 1), np.float32(1) - tables.rho
    if tables.adadelta == 0:
        set_float(biases, at + 1, squares + gradient * gradient)
        return tables.rate / np.sqrt(squares)
    squares = tables.rho * squares + rest * gradient * gradient
    moves = get_float(biases, at + 2)
    rate = np.sqrt(moves + tables.epsilon) / np.sqrt(squares + tables.epsilon)
    set_float(biases, at + 1, squares)
    set_float(biases, at + 2, tables.rho * moves + rest * (rate * gradient) * (rate * gradient))
    return rate


@inlined
def _descend(tables: Any, side: Any, i: int, alpha: float, strength: float, slot: int, width: int) -> float:
    """Move all features of ``i`` against ``strength`` times the slot; return the sum of the rates used."""
    rates_used = 0.0
    shrink, one = splat(np.float32(alpha)), splat(np.float32(1))
    for place in range(get_long(side.pointers, i), get_long(side.pointers, i + 1)):
        feature, weight = get_int(side.indices, place), get_float(side.values, place)
        weighted = splat(np.float32(strength * weight))
        seen = splat(np.float32(0))
        for j in range(0, width, WIDTH):
            at = width * feature + j
            gradient = mul(weighted, load(slot, j))
            rates = _rates_of(tables, side.rows, at, side.apart, gradient)
            moved = sub(load(side.rows, at), mul(rates, gradient))
            store(side.rows, at, mul(moved, add(one, mul(shrink, rates))))
            seen = add(seen, mul(rates, load(tables.valid, j)))
        gradient = np.float32(strength * weight)
        rate = _rate_of_bias(tables, side.biases, PARTS * feature, gradient)
        moved = get_float(side.biases, PARTS * feature) - rate * gradient
        set_float(side.biases, PARTS * feature, np.float32(moved * (1.0 + alpha * rate)))
        rates_used += total(seen) + rate
    return rates_used


@inlined
def _grow_scales(tables: Any, rates_used: float, n_features: int) -> None:
    mean = rates_used / max((tables.size + 1) * n_features, 1)
    set_double(tables.scales, 0, get_double(tables.scales, 0) * (1.0 + tables.user_alpha * mean))
    set_double(tables.scales, 1, get_double(tables.scales, 1) * (1.0 + tables.item_alpha * mean))


@inlined
def _count(side: Any, i: int) -> int:
    return get_long(side.pointers, i + 1) - get_long(side.pointers, i)


@inlined
def _fetch(side: Any, i: int, width: int, whole: bool) -> None:
    """Ask for the row of the first feature; the others follow while it is worked on."""
    start = width * get_int(side.indices, get_long(side.pointers, i))
    for j in range(start, start + width, WIDTH):
        prefetch(side.rows, 4 * j)
        if whole:
            prefetch(side.rows, 4 * (side.apart + j))


@implements(verbs.fetch_user, FeatureTables)
def _fetch_user(tables: Any, user: int, width: int) -> None:
    _fetch(tables.user_side, user, width, True)


@implements(verbs.fetch_item, FeatureTables)
def _fetch_item(tables: Any, item: int, width: int, whole: bool) -> None:
    _fetch(tables.item_side, item, width, whole)


@implements(verbs.begin, FeatureTables)
def _begin(tables: Any, user: int, width: int) -> None:
    _represent(tables.user_side, user, get_double(tables.scales, 0), _slot(tables, USER, width), width)


@inlined
def _score_lanes(tables: Any, item: int, width: int) -> Any:
    slot, side, scale = _slot(tables, USER, width), tables.item_side, get_double(tables.scales, 1)
    lanes = splat(np.float32(0))
    for place in range(get_long(side.pointers, item), get_long(side.pointers, item + 1)):
        feature = get_int(side.indices, place)
        weight = np.float32(get_float(side.values, place) * scale)
        part = lone(get_float(side.biases, PARTS * feature))
        for j in range(0, width, WIDTH):
            part = add(part, mul(load(slot, j), load(side.rows, width * feature + j)))
        lanes = add(lanes, mul(splat(weight), part))
    return lanes


@implements(verbs.score, FeatureTables)
def _score(tables: Any, user: int, item: int, width: int) -> Any:
    return _score_lanes(tables, item, width)


@implements(verbs.four_above, FeatureTables)
def _four_above(tables: Any, user: int, drawn: int, place: int, limit: float, width: int) -> int:
    return sums_above(
        _score_lanes(tables, get_int(drawn, place), width),
        _score_lanes(tables, get_int(drawn, place + 1), width),
        _score_lanes(tables, get_int(drawn, place + 2), width),
        _score_lanes(tables, get_int(drawn, place + 3), width),
        limit,
    )


@implements(verbs.user_bias, FeatureTables)
def _user_bias(tables: Any, user: int) -> float:
    return get_float(tables.sums, width_of(tables.blocks))


@implements(verbs.step, FeatureTables)
def _step(tables: Any, user: int, item: int, loss: float, width: int) -> None:
    users, items = tables.user_side, tables.item_side
    own, its = _slot(tables, USER, width), _slot(tables, ITEM, width)
    _represent(items, item, get_double(tables.scales, 1), its, width)
    used = _descend(tables, items, item, tables.item_alpha, loss, own, width)
    used += _descend(tables, users, user, tables.user_alpha, loss, its, width)
    _grow_scales(tables, used, _count(items, item) + _count(users, user))


@implements(verbs.step_apart, FeatureTables)
def _step_apart(tables: Any, user: int, positive: int, negative: int, loss: float, width: int) -> None:
    users, items, scale = tables.user_side, tables.item_side, get_double(tables.scales, 1)
    own, good, bad = _slot(tables, USER, width), _slot(tables, ITEM, width), _slot(tables, OTHER, width)
    _represent(items, positive, scale, good, width)
    _represent(items, negative, scale, bad, width)
    for j in range(0, width, WIDTH):
        store(bad, j, sub(load(bad, j), load(good, j)))
    used = _descend(tables, items, positive, tables.item_alpha, -loss, own, width)
    used += _descend(tables, items, negative, tables.item_alpha, loss, own, width)
    used += _descend(tables, users, user, tables.user_alpha, loss, bad, width)
    _grow_scales(tables, used, _count(items, positive) + _count(items, negative) + _count(users, user))


@implements(verbs.must_pause, FeatureTables)
def _must_pause(tables: Any) -> bool:
    return max(get_double(tables.scales, 0), get_double(tables.scales, 1)) > LARGEST_SCALE
