"""Small searches on the demo's listeners, and a program that runs one and may be killed in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from recsys_core.datasets import FeatureMatrix, load_demo
from recsys_core.tuning import StudyStore, TuningRequest
from tests.core.small_data import random_dataset

ROOT = Path(__file__).resolve().parents[3]
NOW = "2026-11-23T10:00:00+00:00"

PROGRAM = """
import os, signal, sys
from pathlib import Path
from recsys_core.tuning import Budget, run_study
from tests.core.tuning.studies import begin, small_request
folder, trials, die_in, die_at = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])

def die(event):
    if event["kind"] == "epoch" and (event["trial"], event["epoch"]) == (die_in, die_at):
        os.kill(os.getpid(), signal.SIGKILL)

study, data = begin(folder, small_request())
run_study(study, data, Budget(trials=trials), on_event=die)
"""


@cache
def listeners(n_users=80):
    """The demo's first listeners."""
    return load_demo(n_users=n_users)


@cache
def talkative():
    """Listeners with friends who say much about artists: forty tags, given by all."""
    data, rng = random_dataset(40, 60, 600), np.random.default_rng(2)
    givers, items = np.repeat(np.arange(40), 20), rng.integers(60, size=800)
    tags = [f"tag:{one}" for one in rng.integers(40, size=800)]
    friends = [f"friend:{data.users.ids[(user + 1) % 40]}" for user in range(40)]
    return replace(
        data,
        item_features=FeatureMatrix.from_pairs(items, tags, 60, givers),
        user_features=FeatureMatrix.from_pairs(np.arange(40), friends, 40),
    )


def small_request(**values):
    """Return a search that takes about a second."""
    return TuningRequest.from_dict({"model": "fast-warp", "epochs": 6, **values})


def begin(folder, request, name="study", data=None):
    """Return the study ``name`` in ``folder`` and its data."""
    data = data or listeners()
    return StudyStore(folder).open_or_create(name, request, data, created=NOW), data


def told(study):
    """Return what came out of the trials that count, in order of drawing; measured seconds left out."""
    counting = sorted((one for one in study.trials() if one.counts), key=lambda one: one.draw)
    curves = [[{k: v for k, v in row.items() if k != "seconds"} for row in one.curve] for one in counting]
    pairs = zip(counting, curves, strict=True)
    return [(one.state, one.parameters, one.values, curve) for one, curve in pairs]


def start_program(folder, trials, die_in=-1, die_at=-1):
    """Start a process of its own that works on the study, and kills itself at the given epoch of a trial."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "back-end")])
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), *map(str, (trials, die_in, die_at))],
        env={**os.environ, "PYTHONPATH": paths},
        stderr=subprocess.PIPE,
        text=True,
    )
