"""After warming up, nobody waits for a compiler; and two pages may evaluate at once."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

from recsys_core.metrics import accuracy
from recsys_core.ranking import both_ranks, held_out_ranks, similar_items, top_k, warm_up
from tests.core.ranking.slow_twins import integer_factors, random_split


def compiled_variants():
    """How many variants of each kernel are compiled, by name."""
    modules = [module for name, module in sys.modules.items() if name.startswith("recsys_core.")]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Dispatcher)]
    return {(kernel.py_func.__module__, kernel.py_func.__name__): len(kernel.signatures) for kernel in found}


def everything(rng, index_dtype, threads):
    factors = integer_factors(rng, 20, 100, 3)
    train, test = random_split(rng, 20, 100)
    for matrix in (train, test):
        matrix.indices, matrix.indptr = matrix.indices.astype(index_dtype), matrix.indptr.astype(index_dtype)
    for scorer in (factors, factors.scores):
        for ranks in both_ranks(scorer, train, test, threads=threads):
            accuracy.per_user_metrics(ranks, 100, (1, 10))
        accuracy.per_user_metrics(held_out_ranks(scorer, test, train, ties="half"), 100)
        top_k(scorer, 5, user_idx=np.array([1, 2], np.int32), exclude=train, threads=threads)
        top_k(scorer, 5, user_idx=np.array([1, 2]), n_items=100)
    similar_items(factors.item_embeddings.astype(np.float64), np.array([1, 2]), 3)


@pytest.mark.parametrize("index_dtype", [np.int32, np.int64])
@pytest.mark.parametrize("threads", [1, 2])
def test_nothing_is_compiled_later(index_dtype, threads):
    warm_up()
    accuracy.warm_up()
    before = compiled_variants()
    assert len(before) > 15
    everything(np.random.default_rng(0), index_dtype, threads)
    assert compiled_variants() == before


def test_evaluations_side_by_side_do_not_disturb_each_other():
    rng = np.random.default_rng(1)
    factors = integer_factors(rng, 400, 2000, 8)
    train, test = random_split(rng, 400, 2000, density=0.01)
    alone = held_out_ranks(factors, test, train).ranks
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(held_out_ranks, factors, test, train, threads=2) for _ in range(8)]
        assert all(np.array_equal(job.result().ranks, alone) for job in jobs)
