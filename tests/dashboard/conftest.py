"""A dashboard of its own for each test: nothing found, nothing stored, no job left running."""

from __future__ import annotations

import http.server
import threading
from functools import cache

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from recsys_core.datasets import load_demo
from recsys_core.listening.preferences import Suggestions
from recsys_dashboard import visitor
from recsys_dashboard.jobs.queue import JobQueue
from tests.dashboard.page_visits import store_demo_runs
from tests.dashboard.real_jobs import OneFile


@pytest.fixture(autouse=True, scope="session")
def scanned_once():
    """Streamlit reads the metadata of all installed packages for every AppTest: once will do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture
def data_root(tmp_path, monkeypatch):
    """An empty folder that the dashboard takes for its data root; no real data are named."""
    monkeypatch.setenv("REFRAIN_HOME", str(tmp_path))
    monkeypatch.delenv("REFRAIN_DATA", raising=False)
    yield tmp_path
    st.cache_resource.clear()  # closes the job manager too
    st.cache_data.clear()


@pytest.fixture
def one_browser(monkeypatch):
    """AppTest has no cookies: all visits come from one browser."""
    monkeypatch.setattr(visitor, "_browser", lambda: "this browser")


@pytest.fixture
def stored(data_root):
    """Runs of an earlier start of the dashboard, by model."""
    return store_demo_runs(data_root, "lightfm-warp", "svd")


@pytest.fixture
def warp(stored):
    return Suggestions(stored["lightfm-warp"], load_demo())


@pytest.fixture
def manager(data_root):
    """A queue in front of a real worker process."""
    manager = JobQueue()
    yield manager
    manager.close()


@pytest.fixture
def server():
    """The address of an archive on a server of this computer."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), OneFile) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/archive.zip"
        server.shutdown()
        thread.join()
