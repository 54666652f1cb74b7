"""What all visits share: loaded once per server, handed out without copying, never to be changed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import streamlit as st

from recsys_core.datasets import Dataset
from recsys_core.datasets.choice import DatasetChoice, load_dataset
from recsys_core.errors import RunError
from recsys_core.listening.preferences import Suggestions
from recsys_core.runs import Run, RunStore, default_model
from recsys_core.runs.manifest import Manifest
from recsys_dashboard.data.files import stamp
from recsys_dashboard.job_service import job_queue
from recsys_dashboard.settings import read_settings

__all__ = ["dataset", "default_run_id", "job_queue", "manifests", "run", "run_store", "suggestions"]


def dataset(choice: DatasetChoice) -> Dataset:
    """Return the data set of ``choice``, loaded again when its files have changed; arrays are read-only."""
    return _dataset(msgspec.json.encode(choice), stamp(choice), str(read_settings().data_root))


def run_store() -> RunStore:
    """Return the store of runs."""
    return RunStore(read_settings().runs_dir)


def manifests(data: Dataset | None = None) -> list[Manifest]:
    """Return the manifests of all stored runs, or of those trained on ``data``, newest first."""
    folder = read_settings().runs_dir
    changed = folder.stat().st_mtime_ns if folder.is_dir() else 0
    found = _manifests(str(folder), changed)
    if data is None:
        return list(found)
    return [one for one in found if one.dataset.fingerprint == data.fingerprint]


def default_run_id() -> str | None:
    """Return the run that was made the default; None for none, or where the marker is damaged."""
    try:
        return default_model.default_run_id(read_settings().default_model)
    except RunError:
        return None


def run(run_id: str) -> Run:
    """Return a stored run; raises RunError if it is missing or damaged."""
    store = run_store()
    return _run(str(store.root), run_id, store.manifest(run_id).created)


def suggestions(run_id: str, data: Dataset) -> Suggestions:
    """Return a run brought back to life on ``data``; raises RunError if it was trained on other data."""
    store = run_store()
    return _suggestions(str(store.root), run_id, store.manifest(run_id).created, data.fingerprint, data)


@st.cache_resource(max_entries=4, show_spinner=False)
def _dataset(choice: bytes, stamp: int, data_root: str) -> Dataset:
    loaded = load_dataset(msgspec.json.decode(choice, type=DatasetChoice), data_root=Path(data_root))
    rows = loaded.interactions
    for array in (rows.user_idx, rows.item_idx, rows.weights, rows.timestamps, loaded.names):
        if array is not None:
            array.setflags(write=False)
    return loaded


@st.cache_resource(max_entries=2, show_spinner=False)
def _manifests(folder: str, changed: int) -> tuple[Manifest, ...]:
    return tuple(RunStore(Path(folder)).list())


@st.cache_resource(max_entries=32, show_spinner=False)
def _run(folder: str, run_id: str, created: str) -> Run:
    return RunStore(Path(folder)).load(run_id)


@st.cache_resource(max_entries=8, show_spinner=False)
def _suggestions(folder: str, run_id: str, created: str, fingerprint: str, _data: Dataset) -> Suggestions:
    return Suggestions(_run(folder, run_id, created), _data)
