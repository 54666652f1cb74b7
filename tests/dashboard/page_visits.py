"""Visiting one page as a browser would, with an address."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

from streamlit.testing.v1 import AppTest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets.demo import load_demo
from recsys_core.runs import RunStore

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "back-end" / "recsys_dashboard" / "main.py"


def visit(page, **query):
    """Open ``page`` with the parameters of an address."""
    at = AppTest.from_file(MAIN, default_timeout=60).run()
    at.switch_page(f"../../pages/{page}.py")
    for key, value in query.items():
        at.query_params[key] = value
    return at.run()


def words(at):
    """Everything the page says in text, without Markdown's backslashes."""
    elements = [*at.markdown, *at.caption, *at.error, *at.warning, *at.info, *at.success]
    return " ".join(element.value for element in elements).replace("\\", "")


def metrics(at):
    return {metric.label: metric.value for metric in at.metric}


def button(at, key):
    return next((one for one in at.button if one.key == key), None)


def fine(at):
    assert not at.exception
    assert not at.error
    return at


def wait_until(at, condition, patience):
    """Rerun the page as its fragment would until ``condition`` holds, ``patience`` seconds at most."""
    deadline = time.monotonic() + patience
    while not condition(at):
        assert time.monotonic() < deadline, f"waited too long: {words(at)}"
        assert not at.exception
        time.sleep(0.1)
        at.run()
    return at


@cache
def trained(*models):
    """Train ``models`` (and the baseline) on the demo data for a moment; the same runs to all tests."""
    request = ComparisonRequest(models=models, epochs=2, embedding_size=8)
    return tuple(compare(load_demo(), request, created="2026-01-02T03:04:05+00:00"))


def store_demo_runs(data_root, *models):
    """Store the runs of ``models`` and the baseline below ``data_root`` and return them by model."""
    for run in trained(*models):
        RunStore(data_root / "runs").save(run)
    return {run.manifest.model: run for run in trained(*models)}
