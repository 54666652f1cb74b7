"""Blocks run on as many threads as asked, and errors come out."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from recsys_core.ranking.threads import block_bounds, run_blocks, single_blas_thread


def test_bounds_cover_every_row_once():
    assert block_bounds(7, 3) == [(0, 3), (3, 6), (6, 7)]
    assert block_bounds(0, 3) == []


@pytest.mark.parametrize(("threads", "expected"), [(1, 1), (3, 3)])
def test_no_more_threads_than_asked(threads, expected):
    meet = threading.Barrier(expected)
    seen = set()

    def work(start, stop):
        if start < expected:
            meet.wait(timeout=10)
        seen.add(threading.get_ident())

    run_blocks(work, block_bounds(12, 1), threads)
    assert len(seen) <= expected


def test_the_first_error_is_raised():
    def work(start, stop):
        raise ValueError(start)

    with pytest.raises(ValueError, match="0"):
        run_blocks(work, block_bounds(4, 2), 2)


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_who_leaves_first_takes_no_limit_from_the_others_and_the_last_one_leaves_none():
    """A enters, B enters, A leaves, B leaves: overlapping contexts, as two threads have them."""
    before, first, second = blas_threads(), ExitStack(), ExitStack()
    first.enter_context(single_blas_thread())
    second.enter_context(single_blas_thread())
    first.close()
    assert set(blas_threads()) == {1}
    second.close()
    assert blas_threads() == before


def test_an_error_inside_gives_the_threads_back():
    before = blas_threads()
    with pytest.raises(ValueError, match="inside"), single_blas_thread():
        raise ValueError("inside")
    assert blas_threads() == before


def test_matrix_products_are_held_to_one_thread_and_released():
    np.ones((2, 2)) @ np.ones((2, 2))
    before = blas_threads()
    with single_blas_thread():
        assert set(blas_threads()) == {1}
    assert blas_threads() == before
