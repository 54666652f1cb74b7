"""Are models of our trainer as good as LightFM's? Means over many seeds, two one-sided tests each.

The margin is the standard deviation among LightFM's own seeds, so that the choice of trainer matters less
than the choice of seed; ten seeds cannot show that even for equal trainers (their own error is half of it),
forty can.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.equivalence import METRICS, equivalence, our_quality, peer_quality
from benchmarks.setting import load_parts, options
from recsys_core.models.lightfm import LightFMSettings

LOSSES = ("warp", "bpr", "logistic", "warp-kos")


def main() -> None:
    parser = options(__doc__)
    parser.set_defaults(sizes=[32], threads=[1])
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--losses", nargs="+", default=LOSSES, choices=LOSSES)
    chosen = parser.parse_args()
    _, train, test = load_parts(chosen.data_dir)
    failed = 0
    for loss in chosen.losses:
        for size in chosen.sizes:
            for threads in chosen.threads:
                failed += not compared(loss, size, threads, chosen.seeds, chosen.epochs, (train, test))
    sys.exit(1 if failed else 0)


def compared(loss: str, size: int, threads: int, seeds: int, epochs: int, parts: tuple) -> bool:
    """Print the comparison of one loss and size; return whether both metrics are equivalent."""
    settings = [LightFMSettings(embedding_size=size, seed=seed, threads=threads) for seed in range(seeds)]
    theirs = np.array([peer_quality(loss, own, *parts, epochs) for own in settings])
    ours = np.array([our_quality(loss, own, *parts, epochs) for own in settings])
    results = [equivalence(ours[:, i], theirs[:, i], theirs[:, i].std(ddof=1)) for i in range(len(METRICS))]
    for i, (metric, found) in enumerate(zip(METRICS, results, strict=True)):
        means = f"lightfm {theirs[:, i].mean():.4f}  ours {ours[:, i].mean():.4f}"
        print(
            f"{loss:<9} size {size:<4} {threads} thread(s)  {metric:<13} {means}  difference {found}",
            flush=True,
        )
    return all(found.p_value < 0.05 for found in results)


if __name__ == "__main__":
    main()
