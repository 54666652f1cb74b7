"""Tables computed from every listener's suggestions: made once per run, shared by all visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.datasets.summary import activity
from recsys_core.listening.hits import hits_per_user
from recsys_dashboard import cached

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.datasets import Dataset
    from recsys_core.listening.preferences import Suggestions


def activity_of(dataset: Dataset) -> pd.DataFrame:
    """Return :func:`recsys_core.datasets.summary.activity` of ``dataset``."""
    return _activity(dataset.fingerprint, dataset)


def hits_of(run_id: str, dataset: Dataset, k: int) -> pd.DataFrame:
    """Return :func:`recsys_core.listening.hits.hits_per_user` of a run."""
    return _hits(run_id, dataset.fingerprint, k, cached.suggestions(run_id, dataset))


@st.cache_resource(max_entries=4, show_spinner=False)
def _activity(fingerprint: str, _dataset: Dataset) -> pd.DataFrame:
    return activity(_dataset)


@st.cache_resource(max_entries=16, show_spinner=False)
def _hits(run_id: str, fingerprint: str, k: int, _suggestions: Suggestions) -> pd.DataFrame:
    return hits_per_user(_suggestions, k)
