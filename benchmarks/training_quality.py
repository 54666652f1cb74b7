"""Are models of our trainer as good as LightFM's? Means over many seeds, two one-sided tests each.

The margin is the standard deviation among LightFM's own seeds, so that the choice of trainer matters less
than the choice of seed; ten seeds cannot show that even for equal trainers (their own error is half of it),
forty can.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from itertools import product
from typing import Any

import numpy as np

from benchmarks.equivalence import METRICS, equivalence, our_quality, peer_quality
from benchmarks.measure import keep
from benchmarks.setting import load_parts, options
from recsys_core.models.lightfm import LightFMSettings

LOSSES = ("warp", "bpr", "logistic", "warp-kos")
CONVINCING = 0.05


def main() -> None:
    parser = options(__doc__)
    parser.set_defaults(sizes=[32], threads=[1])
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--losses", nargs="+", default=LOSSES, choices=LOSSES)
    chosen = parser.parse_args()
    data, train, test = load_parts(chosen.data_dir)
    largest = 0.0
    for loss, size, threads in product(chosen.losses, chosen.sizes, chosen.threads):
        found = compared(loss, size, threads, chosen.seeds, chosen.epochs, (train, test))
        keep(data, quality=found)
        largest = max(largest, *(one["p_value"] for one in found))
    sys.exit(0 if largest < CONVINCING else 1)


def compared(
    loss: str, size: int, threads: int, seeds: int, epochs: int, parts: tuple
) -> list[dict[str, Any]]:
    """Print and return the comparison of one loss and size, metric by metric."""
    settings = [LightFMSettings(embedding_size=size, seed=seed, threads=threads) for seed in range(seeds)]
    theirs = np.array([peer_quality(loss, own, *parts, epochs) for own in settings]).T
    ours = np.array([our_quality(loss, own, *parts, epochs) for own in settings]).T
    job = f"{loss}, size {size}, {threads} thread{'s' * (threads > 1)}, {epochs} epochs, {seeds} seeds"
    results = []
    for metric, our, their in zip(METRICS, ours, theirs, strict=True):
        found = equivalence(our, their, their.std(ddof=1))
        print(f"{job}  {metric:<13} {their.mean():.4f} / {our.mean():.4f}  difference {found}", flush=True)
        means = {"lightfm": float(their.mean()), "ours": float(our.mean())}
        results.append({"job": job, "metric": metric, **means, **asdict(found)})
    return results


if __name__ == "__main__":
    main()
