"""Run every benchmark: ``python -m benchmarks [options]``."""

from __future__ import annotations

from benchmarks import (
    evaluation,
    growth,
    live_loop,
    maps,
    models,
    top_k,
    training,
    training_growth,
    two_threads,
)

for benchmark in (
    evaluation,
    top_k,
    training,
    two_threads,
    live_loop,
    maps,
    models,
    growth,
    training_growth,
):
    benchmark.main()
