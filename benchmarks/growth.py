"""Evaluation as data grow, 92 thousand to 10 million made-up pairs: time, peak memory, and how time grows.

Ours judges all users. ``lightfm.evaluation`` would take ten minutes a call at the upper end: it judges two
samples of the users, and the time for all is extrapolated from their difference, so that what a call costs
whatever the number of users is counted once. Each case runs in processes of its own, which open the data by
memory map; memory is the growth of the process's peak over what it held with the data loaded.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from lightfm import LightFM

from benchmarks.equivalence import new_trainer
from benchmarks.evaluation import lightfm_three, ours
from benchmarks.measure import Row, Sample, in_turns, keep, row, store
from benchmarks.memory import megabytes_over
from benchmarks.setting import SEED, options
from benchmarks.training_growth import DATA, GRIDS, made_up
from recsys_core.datasets import Dataset, IdMap, Interactions, Source
from recsys_core.datasets.stored import open_dataset, save_dataset
from recsys_core.evaluation import Evaluator
from recsys_core.metrics.accuracy import warm_up as warm_up_metrics
from recsys_core.models.lightfm import LightFMSettings
from recsys_core.ranking import Factors, held_out_ranks, single_blas_thread, warm_up
from recsys_core.splitting import PROTOCOLS, Split, split

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy import sparse

CASES = [("92k", 64), ("1M", 32), ("1M", 64), ("1M", 128), ("3M", 64), ("10M", 64)]
SAMPLED = {"92k": 600, "1M": 400, "3M": 300, "10M": 200}
"""Users of the larger sample; the smaller one has a tenth of them."""


def main() -> None:
    """Measure all cases, then the slope, and keep the rows."""
    parser = options(__doc__)
    parser.set_defaults(rounds=3)
    parser.add_argument("--grids", nargs="+", default=list(GRIDS), choices=list(GRIDS))
    parser.add_argument("--child", nargs=5, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        _child(*chosen.child)
        return
    slopes = {}
    with tempfile.TemporaryDirectory() as home:
        for threads in chosen.threads:
            cases = [case for case in CASES if case[0] in chosen.grids]
            results = []
            for grid, size in cases:
                results.append(_case(Path(home), grid, size, threads, chosen.rounds))
                store(results[-1:], DATA)
            if len(cases) > 1:
                slopes[str(threads)] = _slope(cases, results)
    print(f"log-log slopes of our time against users x items x size, by threads: {slopes}")
    keep(DATA, slopes=slopes)


def _slope(cases: list[tuple[str, int]], rows: list[Row]) -> float:
    """How our time grows with users x items x size on a double logarithmic scale: 1 is in proportion."""
    cells = [GRIDS[grid][0] * GRIDS[grid][1] * size for grid, size in cases]
    return float(np.polyfit(np.log(cells), np.log([row.our_seconds for row in rows]), 1)[0])


def _case(home: Path, grid: str, size: int, threads: int, rounds: int) -> Row:
    """Run one case in two child processes: memory of ours alone, then all that LightFM takes part in."""
    folder = home / grid
    if not folder.exists():
        _write(grid, folder)
    mine, found = (_in_child(folder, mode, size, threads, rounds) for mode in ("memory", "time"))
    theirs, own = ([Sample(*one) for one in found[name]] for name in ("lightfm", "ours"))
    job = f"evaluate, {grid} pairs, size {size}, {threads} thread{'s' * (threads > 1)}"
    peer = f"lightfm, 3 metrics ({found['sampled']} users, extrapolated)"
    both = f"{mine['both']:.0f} MB with the train part judged too"
    result = row(job, peer, theirs, own, f"{found['equality']}; {both}")
    result = replace(result, our_megabytes=mine["test"], peer_megabytes=found["megabytes"])
    print(f"  memory over the data: ours {mine['test']:.0f} MB ({both}), lightfm {found['megabytes']:.0f} MB")
    return result


def _write(grid: str, folder: Path) -> None:
    pairs = made_up(*GRIDS[grid]).tocoo()
    rows = Interactions(pairs.row, pairs.col, pairs.data.astype(np.float64), pairs.shape)
    users, items = (
        IdMap(np.arange(n), kind=kind) for n, kind in zip(pairs.shape, ("user", "item"), strict=True)
    )
    names = np.array([f"item {i}" for i in range(pairs.shape[1])], dtype=object)
    save_dataset(Dataset(Source("made-up", DATA, simulated=True), rows, users, items, names), folder)


def _in_child(folder: Path, mode: str, size: int, threads: int, rounds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.growth", "--child", str(folder), mode]
    done = subprocess.run(
        [*command, str(size), str(threads), str(rounds)], stdout=subprocess.PIPE, check=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _child(folder: str, mode: str, size: str, threads: str, rounds: str) -> None:
    parts = split(open_dataset(Path(folder)), PROTOCOLS["all-pairs"])
    warm_up()
    warm_up_metrics()
    with single_blas_thread():
        if mode == "memory":
            found = _memory(parts, int(size), int(threads))
        else:
            found = _times(parts, Path(folder).name, int(size), int(threads), int(rounds))
    print(json.dumps(found))


def _memory(parts: Split, size: int, threads: int) -> dict[str, float]:
    """Megabytes over the data while we judge the test part, and both parts."""
    evaluator = Evaluator(parts, threads=threads)
    factors = _trained(evaluator.train, size)
    judge = partial(ours, factors, evaluator.test, evaluator.train, threads, (10,))
    return {"test": megabytes_over(judge), "both": megabytes_over(lambda: evaluator.evaluate(factors))}


def _times(parts: Split, grid: str, size: int, threads: int, rounds: int) -> dict[str, Any]:
    train, test = (part.to_csr(binary=True) for part in (parts.train, parts.test))
    factors, model = _trained(train, size), LightFM(no_components=size).fit(train[:, :], epochs=0)
    _give(model, factors)
    users = np.random.default_rng(SEED).permutation(train.shape[0])
    many_test, many_train = (_only(one, users[: SAMPLED[grid]]) for one in (test, train))
    few_test, few_train = (_only(one, users[: SAMPLED[grid] // 10]) for one in (test, train))
    equality = _check(model, factors, many_test, many_train)
    megabytes = megabytes_over(partial(lightfm_three, model, many_test, many_train, threads))
    jobs: dict[str, Callable[[], object]] = {
        "many": partial(lightfm_three, model, many_test, many_train, threads),
        "few": partial(lightfm_three, model, few_test, few_train, threads),
        "ours": partial(ours, factors, test, train, threads, (10,)),
    }
    samples = in_turns(jobs, rounds)
    share = (train.shape[0] - SAMPLED[grid] // 10) / (SAMPLED[grid] - SAMPLED[grid] // 10)
    few_usual = [statistics.median(values) for values in zip(*samples["few"], strict=True)]
    theirs = [
        [low + share * (high - low) for low, high in zip(few_usual, sample, strict=True)]
        for sample in samples["many"]
    ]
    return {
        "lightfm": theirs,
        "ours": samples["ours"],
        "sampled": SAMPLED[grid],
        "equality": equality,
        "megabytes": megabytes,
    }


def _trained(train: sparse.csr_matrix, size: int) -> Factors:
    """Factors after one epoch: scores that are spread as a model's are."""
    trainer = new_trainer("warp", LightFMSettings(embedding_size=size, seed=SEED), train)
    trainer.run_epoch()
    return trainer.factors()


def _give(model: LightFM, factors: Factors) -> None:
    for name in ("user_embeddings", "item_embeddings", "user_biases", "item_biases"):
        setattr(model, name, np.ascontiguousarray(getattr(factors, name)))


def _only(matrix: sparse.csr_matrix, users: np.ndarray) -> sparse.csr_matrix:
    """The matrix with the rows of all other users empty."""
    wanted = np.zeros(matrix.shape[0], bool)
    wanted[users] = True
    pairs = matrix.tocoo()
    keep = wanted[pairs.row]
    return type(matrix)((pairs.data[keep], (pairs.row[keep], pairs.col[keep])), shape=matrix.shape)


def _check(model: LightFM, factors: Factors, test: sparse.csr_matrix, train: sparse.csr_matrix) -> str:
    """Stop unless the sampled users' ranks are LightFM's, on whole numbers and on the trained embeddings."""
    moved, most = _differing(model, factors, test, train)
    rng = np.random.default_rng(SEED)
    names = ("user_embeddings", "item_embeddings", "user_biases", "item_biases")
    whole = Factors(*(rng.integers(-2, 3, getattr(factors, name).shape).astype(np.float32) for name in names))
    _give(model, whole)
    wrong, _ = _differing(model, whole, test, train)
    _give(model, factors)
    if wrong or most > 1:
        raise SystemExit(f"{wrong} ranks differ on whole numbers, trained ranks differ by up to {most}.")
    return f"0 of {test.nnz} sampled ranks differ on whole numbers, {moved} by 1 on trained"


def _differing(
    model: LightFM, factors: Factors, test: sparse.csr_matrix, train: sparse.csr_matrix
) -> tuple[int, int]:
    expected = model.predict_rank(test, train)
    expected.sort_indices()
    difference = np.abs(held_out_ranks(factors, test, train, threads=1).ranks - expected.data)
    return int(np.count_nonzero(difference)), int(difference.max(initial=0))


if __name__ == "__main__":
    main()
