"""Runs of small data brought back to life, as pages and commands have them."""

from __future__ import annotations

from functools import cache

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets import Dataset
from recsys_core.datasets.demo import load_demo
from recsys_core.listening.preferences import Suggestions
from recsys_core.splitting import Protocol

DRIVER = Protocol()

CREATED = "2026-01-01T00:00:00+00:00"


@cache
def demo_suggestions(model: str, *, n_users: int = 300) -> Suggestions:
    """Return ``model`` trained for a moment on a few simulated listeners; the same to all tests."""
    return revived(load_demo(n_users=n_users), model)


def revived(data: Dataset, model: str, protocol: Protocol = DRIVER, **settings: object) -> Suggestions:
    """Return ``model`` trained on ``data`` with its own ``settings`` and brought back to life."""
    own = {model: settings}
    wanted = ComparisonRequest(models=(model,), epochs=3, embedding_size=8, protocol=protocol, settings=own)
    run = next(one for one in compare(data, wanted, created=CREATED) if one.manifest.model == model)
    return Suggestions(run, data)
