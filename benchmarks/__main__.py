"""Run every benchmark that needs no server of its own: ``python -m benchmarks [options]``.

The service, the simulator, simulated listening and the analysis of logs are run by their own names.
"""

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
    training_limits,
    two_threads,
)

for benchmark in (
    evaluation,
    top_k,
    training,
    training_limits,
    two_threads,
    live_loop,
    maps,
    models,
    growth,
    training_growth,
):
    benchmark.main()
