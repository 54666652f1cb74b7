"""The map of all artists against umap-learn with its defaults, and groups against scikit-learn's HDBSCAN.

A whole map is a picture, and the groups of three seeds with their agreement. The libraries are called as one
would call them, one layout after the other; ours also measures the picture's quality and names the groups.

Cold is the first map of a fresh process, imports included; our kernels lie compiled on disk, as on every
start but the first of all, which is a row of its own. Trustworthiness is exact, over all artists, for both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from benchmarks.map_makers import ours, theirs
from benchmarks.measure import Row, Sample, in_turns, row, store
from benchmarks.setting import SEED, load_parts, options
from recsys_core.artist_map import ItemVectors, build_map, default_settings
from recsys_core.artist_map.clusters import MIN_SAMPLES, find_clusters
from recsys_core.artist_map.fuzzy_graph import fuzzy_graph
from recsys_core.artist_map.layout import lay_out
from recsys_core.artist_map.layouts import CLUSTER_DIMENSIONS
from recsys_core.artist_map.neighbours import nearest
from recsys_core.artist_map.principal import principal_components
from recsys_core.artist_map.trust import trustworthiness
from recsys_core.datasets import load_demo, load_lastfm
from recsys_core.models.fast.trainer import Trainer
from recsys_core.models.lightfm import LightFMSettings
from recsys_core.ranking.similar import unit_rows

if TYPE_CHECKING:
    from scipy import sparse

    from recsys_core.datasets import Dataset

SIZE, EPOCHS, GROUP = 64, 20, 30
PEER = "umap-learn, its defaults"
COLD = """
import time
wall, cpu = time.perf_counter(), time.process_time()
import sys
import numpy as np
from benchmarks.map_makers import {maker}
{maker}(np.load(sys.argv[1]))
print(time.perf_counter() - wall, time.process_time() - cpu)
"""


def embeddings_of(train: sparse.csr_matrix) -> np.ndarray:
    """Vectors of all items, by our WARP."""
    pairs = train.tocoo()
    settings = LightFMSettings(embedding_size=SIZE, seed=SEED)
    trainer = Trainer("warp", settings, (pairs.row, pairs.col), train)
    for _ in range(EPOCHS):
        trainer.run_epoch()
    return trainer.factors().item_embeddings


def cold(maker: str, path: Path, cache: str = "") -> Sample:
    """Wall and processor time of the first map of a process, imports and all; ``cache``: compiled code."""
    environment = {**os.environ, **({"NUMBA_CACHE_DIR": cache} if cache else {})}
    command = [sys.executable, "-c", COLD.format(maker=maker), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return Sample(*map(float, done.stdout.split()[-2:]))


def measure_maps(vectors: np.ndarray, rounds: int) -> list[Row]:
    """Warm, cold, and the first start of all."""
    true = {name: trustworthiness(vectors, maker(vectors)) for name, maker in MAKERS.items()}
    note = f"trustworthiness {true['theirs']:.4f} / {true['ours']:.4f} (theirs / ours)"
    size = f"map of {vectors.shape[0]:,} x {vectors.shape[1]}"
    warm = in_turns({name: partial(maker, vectors) for name, maker in MAKERS.items()}, rounds)
    rows = [row(f"{size}, warm", PEER, warm["theirs"], warm["ours"], note)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.npy"
        np.save(path, vectors)
        samples: dict[str, list[Sample]] = {"theirs": [], "ours": [], "first": []}
        for number in range(max(1, rounds // 2)):
            samples["theirs"].append(cold("theirs", path))
            samples["ours"].append(cold("ours", path))
            samples["first"].append(cold("ours", path, f"{folder}/{number}"))
    rows.append(row(f"{size}, cold", PEER, samples["theirs"], samples["ours"], note))
    rows.append(row(f"{size}, first start of all", PEER, samples["theirs"], samples["first"], note))
    return rows


def measure_groups(vectors: np.ndarray, rounds: int) -> list[Row]:
    """Groups in the picture and in the five dimensions where we look for them."""
    graph, rows = fuzzy_graph(*nearest(vectors, 14)), []
    for d in (2, 5):
        start = principal_components(vectors, d)
        space = lay_out(graph, start, epochs=200, min_distance=0.0, seed=SEED).astype(np.float64)
        peer = HDBSCAN(
            min_cluster_size=GROUP,
            min_samples=MIN_SAMPLES,
            max_cluster_size=int(0.4 * len(space)),
            copy=True,
        )
        agreement = adjusted_rand_score(peer.fit(space).labels_, find_clusters(space, GROUP).labels)
        jobs = {"theirs": partial(peer.fit, space), "ours": partial(find_clusters, space, GROUP)}
        samples = in_turns(jobs, rounds)
        note = f"adjusted Rand index {agreement:.3f} of the two"
        rows.append(
            row(
                f"groups of {len(space):,} in {d} dimensions",
                "scikit-learn HDBSCAN",
                samples["theirs"],
                samples["ours"],
                note,
            )
        )
    return rows


def measure_whole(data: Dataset, train: sparse.csr_matrix, embeddings: np.ndarray, rounds: int) -> list[Row]:
    """All that a map takes, on one thread and on all cores."""
    listeners, trained = (pairs.getnnz(axis=0) for pairs in (data.interactions.to_csr(), train))
    vectors = ItemVectors("benchmark", "fast-warp", data, embeddings, listeners, trained)
    settings = default_settings(vectors, min_listeners=1, seed=SEED)
    unit, cores = vectors.unit(vectors.chosen(1)), os.cpu_count() or 1
    made = partial(build_map, vectors, settings, created="")
    jobs = {"theirs": partial(_whole_by_libraries, unit, settings.min_cluster_size)}
    jobs |= {f"ours {n}": partial(made, threads=n) for n in sorted({1, cores})}
    samples = in_turns(jobs, max(1, rounds // 2))
    note = f"trustworthiness of ours {made().card.quality.trustworthiness:.4f}"
    return [
        row(
            f"whole map of {len(unit):,}, {n} threads",
            "umap-learn and scikit-learn HDBSCAN",
            samples["theirs"],
            samples[f"ours {n}"],
            note,
        )
        for n in sorted({1, cores})
    ]


def _whole_by_libraries(unit: np.ndarray, min_cluster_size: int) -> float:
    """A picture, and the mean agreement of the groups of three seeds."""
    theirs(unit)
    found = [
        HDBSCAN(min_cluster_size=min_cluster_size, min_samples=MIN_SAMPLES, copy=True)
        .fit(theirs(unit, dimensions=CLUSTER_DIMENSIONS, seed=SEED + more))
        .labels_
        for more in range(3)
    ]
    return float(np.mean([adjusted_rand_score(found[0], other) for other in found[1:]]))


MAKERS = {"theirs": theirs, "ours": ours}


def main() -> None:
    """Measure on the data of the command line."""
    chosen = options(__doc__).parse_args()
    data, train, _ = load_parts(chosen.data_dir)
    embeddings = embeddings_of(train)
    vectors, rounds = unit_rows(embeddings), chosen.rounds
    rows = measure_maps(vectors, rounds) + measure_groups(vectors, rounds)
    dataset = load_demo() if chosen.data_dir is None else load_lastfm(Path(chosen.data_dir))
    store(rows + measure_whole(dataset, train, embeddings, rounds), data)


if __name__ == "__main__":
    main()
