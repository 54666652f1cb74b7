"""Tables computed from every listener's suggestions: made once per run, shared by all visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.datasets.summary import activity
from recsys_core.listening.hits import hits_per_user
from recsys_core.listening.popularity_shift import By, PopularityShift, popularity_shift
from recsys_dashboard import cached

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.datasets import Dataset
    from recsys_core.listening.preferences import Suggestions

LONGEST_LIST = 20


def activity_of(dataset: Dataset) -> pd.DataFrame:
    """Return :func:`recsys_core.datasets.summary.activity` of ``dataset``."""
    return _activity(dataset.fingerprint, dataset)


def hits_of(run_id: str, dataset: Dataset, k: int) -> pd.DataFrame:
    """Return :func:`recsys_core.listening.hits.hits_per_user` of a run."""
    return _hits(run_id, dataset.fingerprint, k, cached.suggestions(run_id, dataset))


def shift_of(run_id: str, dataset: Dataset, by: By, k: int) -> PopularityShift:
    """Return listening against the first ``k`` (at most 20) suggestions of every listener."""
    lists = _lists(run_id, dataset.fingerprint, cached.suggestions(run_id, dataset))
    return _shift(run_id, dataset.fingerprint, by, k, dataset, lists)


@st.cache_resource(max_entries=4, show_spinner=False)
def _activity(fingerprint: str, _dataset: Dataset) -> pd.DataFrame:
    return activity(_dataset)


@st.cache_resource(max_entries=16, show_spinner=False)
def _hits(run_id: str, fingerprint: str, k: int, _suggestions: Suggestions) -> pd.DataFrame:
    return hits_per_user(_suggestions, k)


@st.cache_resource(max_entries=4, show_spinner=False)
def _lists(run_id: str, fingerprint: str, _suggestions: Suggestions) -> pd.DataFrame:
    return _suggestions.lists(_suggestions.dataset.users.ids, LONGEST_LIST)


@st.cache_resource(max_entries=16, show_spinner=False)
def _shift(
    run_id: str, fingerprint: str, by: By, k: int, _dataset: Dataset, _lists: pd.DataFrame
) -> PopularityShift:
    return popularity_shift(_dataset, _lists, by=by, k=k)
