"""Kernels that pages call are loaded beside the server, after the worker has compiled them."""

from __future__ import annotations

import threading

import pytest

from recsys_core.movies.text_index import kernels
from recsys_core.ranking import block_top_k
from recsys_dashboard import preload
from recsys_dashboard.jobs import tasks


@pytest.fixture
def loading(monkeypatch):
    """Kernels whose loading is only told; nothing has been started yet."""
    told = threading.Event()
    monkeypatch.setattr(preload, "_started", [])
    monkeypatch.setattr(preload, "MODULES", ())
    monkeypatch.setattr(preload, "load_kernels", told.set)
    return told


def test_pages_wait_for_the_worker_before_they_load_kernels(loading):
    compiled = threading.Event()
    preload.begin(compiled.wait)
    preload.finish()  # pages do not wait for kernels
    assert not loading.wait(0.05)
    compiled.set()
    assert loading.wait(10)


def test_a_second_start_does_nothing(loading):
    preload.begin(lambda: None)
    assert loading.wait(10)
    preload.begin(lambda: pytest.fail("asked again"))


def test_the_kernels_of_lists_and_of_similar_films_are_among_them():
    preload.load_kernels()
    for kernel in (kernels.nearest_documents, block_top_k.select_from_factors):
        assert kernel.signatures


def test_the_worker_compiles_what_pages_load_before_it_says_it_is_ready(monkeypatch):
    done = []
    for name in ("load_kernels", "warm_up_metrics"):
        monkeypatch.setattr(tasks, name, lambda name=name: done.append(name))
    monkeypatch.setattr(tasks, "threadpool_limits", lambda _threads: None)
    monkeypatch.setattr(tasks, "compare", lambda *_asked, **_more: done.append("a job in small"))
    tasks.warm_up()
    assert done == ["load_kernels", "warm_up_metrics", "a job in small"]
