"""Everybody's lists of a run and what is computed from them, shared by all visits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import streamlit as st

from recsys_core.listening.popularity_lists import TopLists, baseline_lists, top_lists
from recsys_core.listening.popularity_rerank import Candidates, Method, candidates
from recsys_core.listening.popularity_story import Story, tell
from recsys_core.listening.popularity_tradeoff import Cost, cost, trade_off
from recsys_core.models.baselines import PopularityRecommender
from recsys_core.plots.tradeoff import Point
from recsys_core.runs import RunStore
from recsys_core.splitting import Protocol, Split, split
from recsys_dashboard import cached
from recsys_dashboard.settings import worker_threads

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.datasets import Dataset
    from recsys_core.runs.manifest import Manifest
    from recsys_dashboard.listening.popularity_choice import Choice


def story_of(choice: Choice, dataset: Dataset) -> Story:
    """Return what :func:`recsys_core.listening.popularity_story.tell` says of the ``choice``."""
    charts = choice.manifest.model == PopularityRecommender.name
    return tell(
        dataset,
        _candidates_of(choice.manifest, dataset),
        k=choice.k,
        by=choice.by,
        method=choice.method,
        strength=choice.strength,
        others=tuple(_lists_of(one, dataset) for one in choice.others),
        baseline=None if charts else _baseline_of(choice.manifest, dataset),
    )


def trade_off_of(choice: Choice, dataset: Dataset) -> pd.DataFrame:
    """Return the cost of every re-ranking of the run's lists."""
    manifest = choice.manifest
    chosen = _candidates_of(manifest, dataset)
    return _trade_off(manifest.run_id, manifest.created, dataset.n_items, choice.k, chosen)


def cost_of(choice: Choice, dataset: Dataset) -> Cost:
    """Return the cost of the chosen re-ranking."""
    manifest = choice.manifest
    chosen = _candidates_of(manifest, dataset)
    key = (manifest.run_id, manifest.created)
    return _cost(*key, dataset.n_items, choice.method, choice.strength, choice.k, chosen)


def points_of(choice: Choice, dataset: Dataset, story: Story, names: dict[str, str]) -> list[Point]:
    """Return precision and spread of the other parts of ``story`` that were judged on the same split."""
    protocol = choice.manifest.protocol
    others = {f"other{at}": one for at, one in enumerate(choice.others, start=1) if one.protocol == protocol}
    judged = {part: _candidates_of(one, dataset) for part, one in others.items()}
    if "baseline" in story.lists:
        judged["baseline"] = _baseline_candidates(choice.manifest, dataset)
    return [
        Point(part, names[part], one.mean_precision(choice.k), spread.items, spread.gini)
        for part, one in judged.items()
        if (spread := story.spreads[part])
    ]


def _lists_of(manifest: Manifest, dataset: Dataset) -> TopLists:
    folder = str(cached.run_store().root)
    return _lists(folder, manifest.run_id, manifest.created, dataset.fingerprint, dataset)


def _candidates_of(manifest: Manifest, dataset: Dataset) -> Candidates:
    parts = _parts_of(manifest, dataset)
    lists = _lists_of(manifest, dataset)
    return _candidates(manifest.run_id, manifest.created, dataset.fingerprint, lists, parts)


def _baseline_of(manifest: Manifest, dataset: Dataset) -> TopLists:
    key = (dataset.fingerprint, msgspec.json.encode(manifest.protocol))
    return _baseline(*key, _parts_of(manifest, dataset))


def _baseline_candidates(manifest: Manifest, dataset: Dataset) -> Candidates:
    protocol = msgspec.json.encode(manifest.protocol).decode()
    lists, parts = _baseline_of(manifest, dataset), _parts_of(manifest, dataset)
    return _candidates("baseline", protocol, dataset.fingerprint, lists, parts)


def _parts_of(manifest: Manifest, dataset: Dataset) -> Split:
    return _parts(dataset.fingerprint, msgspec.json.encode(manifest.protocol), dataset)


@st.cache_resource(max_entries=4, show_spinner=False)
def _parts(fingerprint: str, protocol: bytes, _dataset: Dataset) -> Split:
    return split(_dataset, msgspec.json.decode(protocol, type=Protocol))


@st.cache_resource(max_entries=8, show_spinner=False)
def _lists(folder: str, run_id: str, created: str, fingerprint: str, _dataset: Dataset) -> TopLists:
    return top_lists(RunStore(Path(folder)), run_id, _dataset, threads=worker_threads())


@st.cache_resource(max_entries=2, show_spinner=False)
def _baseline(fingerprint: str, protocol: bytes, _parts: Split) -> TopLists:
    return baseline_lists(_parts, threads=worker_threads())


@st.cache_resource(max_entries=6, show_spinner=False)
def _candidates(run_id: str, created: str, fingerprint: str, _lists: TopLists, _parts: Split) -> Candidates:
    return candidates(_lists, _parts)


@st.cache_resource(max_entries=32, show_spinner=False)
def _trade_off(run_id: str, created: str, n_items: int, k: int, _chosen: Candidates) -> pd.DataFrame:
    return trade_off(_chosen, n_items, k)


@st.cache_resource(max_entries=64, show_spinner=False)
def _cost(
    run_id: str, created: str, n_items: int, method: Method, strength: float, k: int, _chosen: Candidates
) -> Cost:
    return cost(_chosen, n_items, method, strength, k)
