"""What a finished comparison is judged by, computed once and shared by all visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import streamlit as st

from recsys_core.comparison.evidence import Evidence, kept_evidence, together
from recsys_core.comparison.history import list_length_of
from recsys_core.comparison.rivals import Duel, lightfm_against_svd
from recsys_core.comparison.segments import listeners_table
from recsys_core.comparison.verdicts import pairs_table, verdict_table
from recsys_core.splitting import Protocol, Split, split
from recsys_dashboard import cached
from recsys_dashboard.comparison.words import model_name
from recsys_dashboard.settings import worker_threads
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.datasets import Dataset
    from recsys_core.runs import Run
    from recsys_dashboard.comparison.view import ComparisonView


@dataclass(frozen=True, eq=False)
class Case:
    """A finished comparison with the metric it is looked at by; ``dataset`` is what it was made on."""

    view: ComparisonView
    dataset: Dataset
    metric: str

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs that could be opened."""
        return self.view.runs

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models, in order of training."""
        return tuple(run.manifest.model for run in self.runs)

    @property
    def k(self) -> int:
        """Length of the lists judged."""
        return list_length_of(self.runs[0].manifest)

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """What tells this comparison from all others, runs that cannot be opened left out."""
        return self.view.comparison_id, tuple(run.manifest.run_id for run in self.runs)

    def split(self) -> Split:
        """Return the split it was made on."""
        protocol = msgspec.json.encode(self.runs[0].manifest.protocol)
        return _split(self.dataset.fingerprint, protocol, self.dataset)

    def verdicts(self) -> pd.DataFrame:
        """Return :func:`recsys_core.comparison.verdicts.verdict_table` by the metric."""
        return _verdicts(*self.key, self.metric, self)

    def pairs(self) -> pd.DataFrame:
        """Return :func:`recsys_core.comparison.verdicts.pairs_table` by the metric."""
        return _pairs(*self.key, self.metric, self)

    def duel(self) -> Duel | None:
        """Return the best LightFM against TruncatedSVD by the metric, None where one is missing."""
        return _duel(*self.key, self.metric, self)

    def listeners(self) -> pd.DataFrame:
        """Return the metrics of light, medium and heavy listeners."""
        return _listeners(*self.key, self)

    def evidence(self) -> Evidence:
        """Return segments, lists and ties of all runs, with a bar where they are computed now."""
        shelf, bar = _shelf(), st.empty()
        for number, run in enumerate(self.runs):
            at = (run.manifest.run_id, run.manifest.created, self.k)
            if at not in shelf:
                words = text("models.gathering", model=model_name(run.manifest.model))
                bar.progress(number / len(self.runs), words)
                store, threads = cached.run_store(), worker_threads()
                shelf[at] = kept_evidence(store, run, self.split(), k=self.k, threads=threads)
        bar.empty()
        return together(shelf[run.manifest.run_id, run.manifest.created, self.k] for run in self.runs)


@st.cache_resource(show_spinner=False)
def _shelf() -> dict[tuple[str, str, int], Evidence]:
    """Return what was read or computed since the start, some kilobytes a run."""
    return {}


@st.cache_resource(max_entries=4, show_spinner=False)
def _split(fingerprint: str, protocol: bytes, _dataset: Dataset) -> Split:
    return split(_dataset, msgspec.json.decode(protocol, type=Protocol))


@st.cache_resource(max_entries=64, show_spinner=False)
def _verdicts(comparison_id: str, runs: tuple[str, ...], metric: str, _case: Case) -> pd.DataFrame:
    return verdict_table(_case.runs, metric)


@st.cache_resource(max_entries=64, show_spinner=False)
def _pairs(comparison_id: str, runs: tuple[str, ...], metric: str, _case: Case) -> pd.DataFrame:
    return pairs_table(_case.runs, metric)


@st.cache_resource(max_entries=64, show_spinner=False)
def _duel(comparison_id: str, runs: tuple[str, ...], metric: str, _case: Case) -> Duel | None:
    return lightfm_against_svd(_case.runs, metric)


@st.cache_resource(max_entries=16, show_spinner=False)
def _listeners(comparison_id: str, runs: tuple[str, ...], _case: Case) -> pd.DataFrame:
    return listeners_table(_case.runs, _case.split())
