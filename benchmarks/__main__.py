"""Run every benchmark: ``python -m benchmarks [options]``."""

from __future__ import annotations

from benchmarks import evaluation, live_loop, maps, models, top_k, training

for benchmark in (evaluation, top_k, training, live_loop, maps, models):
    benchmark.main()
