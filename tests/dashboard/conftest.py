"""A dashboard of its own for each test: nothing found, nothing stored, no job left running."""

from __future__ import annotations

import pytest
import streamlit as st


@pytest.fixture
def data_root(tmp_path, monkeypatch):
    """An empty folder that the dashboard takes for its data root; no real data are named."""
    monkeypatch.setenv("REFRAIN_HOME", str(tmp_path))
    monkeypatch.delenv("REFRAIN_DATA", raising=False)
    yield tmp_path
    st.cache_resource.clear()  # closes the job manager too
    st.cache_data.clear()
