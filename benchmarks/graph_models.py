"""Our models under the protocol that graph models were published with, beside the published figures.

RecBole-GNN's social benchmark on Last.fm 2011 (results/social/lastfm.md of RUCAIBox/RecBole-GNN): no pair
left out, each listener's pairs cut at random into 8:1:1, every artist ranked but those of the training and
the validation part, the mean over listeners who have a test pair. Its models stop at the best epoch of the
validation part; ours train on the eight parts with the settings found before and use the validation part
for nothing. Those settings were found on another split, whose validation pairs may be test pairs here.
"""

from __future__ import annotations

import numpy as np

from benchmarks.setting import options
from recsys_core.datasets import Dataset, Interactions, load_demo, load_lastfm
from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.models.registry import create_model
from recsys_core.models.tuned import tuned_settings
from recsys_core.ranking import held_out_ranks

METRICS = ("recall@10", "ndcg@10", "precision@10")
PUBLISHED = {
    "BPR": (0.1761, 0.1674, 0.0858),
    "NeuMF": (0.1696, 0.1604, 0.0828),
    "NGCF": (0.1960, 0.1898, 0.0961),
    "LightGCN": (0.2064, 0.1972, 0.1009),
    "DiffNet": (0.1757, 0.1694, 0.0857),
    "MHCN": (0.2123, 0.2068, 0.1042),
    "SEPT": (0.2127, 0.2057, 0.1044),
}
OURS = ("hybrid", "quick-hybrid", "ease-tags", "als-tags", "fast-warp", "popularity")
PARTS = (0.1, 0.1)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--models", nargs="+", default=list(OURS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    chosen = parser.parse_args()
    data = load_demo() if chosen.data_dir is None else load_lastfm(chosen.data_dir)
    print(f"{data.source.title}: {len(data.interactions):,} pairs, 8:1:1 by listener, seeds {chosen.seeds}")
    print(f"| model | {' | '.join(METRICS)} | from |\n|---|{'---|' * (len(METRICS) + 1)}")
    for name in chosen.models:
        found = np.array([judged(data, name, seed, max(chosen.threads)) for seed in chosen.seeds])
        spread = found.std(axis=0, ddof=1) if len(found) > 1 else np.zeros(len(METRICS))
        cells = [f"{mean:.4f} ±{one:.4f}" for mean, one in zip(found.mean(axis=0), spread, strict=True)]
        print(f"| {name} | {' | '.join(cells)} | this script, ± deviation between splits |", flush=True)
    for name, figures in sorted(PUBLISHED.items(), key=lambda one: -one[1][1]):
        print(f"| {name} | {' | '.join(f'{one:.4f}' for one in figures)} | published |")


def judged(data: Dataset, name: str, seed: int, threads: int) -> list[float]:
    """Return the metrics of a model trained on eight tenths and judged on one."""
    train, validation, test = by_listener(data.interactions, seed)
    tuned = tuned_settings()[name]
    values = {**tuned.parameters, "threads": threads}
    model = create_model(name, values).fit(data.with_interactions(train), epochs=tuned.epochs)
    known = (train.to_csr(binary=True) + validation.to_csr(binary=True)).tocsr()
    ranks = held_out_ranks(model.scorer, test.to_csr(binary=True), known, threads=threads)
    values = per_user_metrics(ranks, data.n_items)
    return [float(np.mean(values[metric])) for metric in METRICS]


def by_listener(rows: Interactions, seed: int) -> tuple[Interactions, Interactions, Interactions]:
    """Return training, validation and test part, each listener's pairs cut as RecBole's ratio split does.

    Shares are rounded down, the rest is for training; a share of less than one pair is one pair as long as
    more than one is left to train on.
    """
    order = np.random.default_rng(seed).permutation(len(rows))
    order = order[np.argsort(rows.user_idx[order], kind="stable")]
    counts = np.bincount(rows.user_idx, minlength=rows.shape[0])
    sizes = np.array([held_out(int(count)) for count in counts])
    from_end = np.repeat(np.cumsum(counts), counts) - 1 - np.arange(len(rows))
    n_validation, n_test = np.repeat(sizes, counts, axis=0).T
    is_test = from_end < n_test
    is_validation = ~is_test & (from_end < n_test + n_validation)
    return (
        rows.take(order[~is_test & ~is_validation]),
        rows.take(order[is_validation]),
        rows.take(order[is_test]),
    )


def held_out(count: int) -> tuple[int, int]:
    """Return how many of a listener's pairs are for validation and for the test.

    Examples
    --------
    >>> held_out(50), held_out(7), held_out(2), held_out(1)
    ((5, 5), (1, 1), (0, 1), (0, 0))
    """
    sizes = [int(share * count) for share in PARTS]
    left = count - sum(sizes)
    for part in reversed(range(len(PARTS))):
        if left <= 1:
            break
        if 0 < PARTS[part] * count < 1:
            sizes[part] += 1
            left -= 1
    return sizes[0], sizes[1]


if __name__ == "__main__":
    main()
