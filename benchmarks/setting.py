"""What all benchmarks share: command line options, the data, trained factors."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from lightfm import LightFM
from scipy import sparse

from recsys_core.datasets import load_demo, load_lastfm
from recsys_core.ranking import Factors
from recsys_core.splitting import PROTOCOLS, split

SEED = 42


def options(description: str | None) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("REFRAIN_DATA"), help="Last.fm files")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 32, 64, 128])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    return parser


def load_parts(folder: Path | None) -> tuple[str, sparse.csr_matrix, sparse.csr_matrix]:
    """The name of the data, and all its pairs split 80/20 at random into train and test."""
    dataset = load_demo() if folder is None else load_lastfm(Path(folder))
    parts = split(dataset, PROTOCOLS["all-pairs"])
    train, test = parts.train.to_csr(binary=True), parts.test.to_csr(binary=True)
    name = "demo (simulated listeners)" if folder is None else "Last.fm 2011"
    print(f"{name}: {train.shape[0]:,} users x {train.shape[1]:,} items, {train.nnz:,} + {test.nnz:,} pairs")
    if folder is None:
        print("Name the Last.fm folder with --data-dir or REFRAIN_DATA for the figures in the README.")
    if chosen := [name for name in os.environ if name.startswith("OPENBLAS_")]:
        print(f"{', '.join(chosen)} set: peers that multiply with OpenBLAS may be slower.", file=sys.stderr)
    return name, train, test


def train_warp(train: sparse.csr_matrix, size: int, epochs: int = 10) -> tuple[LightFM, Factors]:
    """A LightFM model and its factors."""
    model = LightFM(no_components=size, loss="warp", random_state=SEED).fit(train, epochs=epochs)
    arrays = (model.user_embeddings, model.item_embeddings, model.user_biases, model.item_biases)
    return model, Factors(*arrays)
