"""A run of the demo data and its map, made once for all tests of maps."""

from __future__ import annotations

from functools import cache

from recsys_core.artist_map import ItemVectors, build_map, default_settings
from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets import load_demo
from recsys_core.splitting import PROTOCOLS

CREATED = "2026-11-23T10:00:00+00:00"


@cache
def demo():
    """The demo data."""
    return load_demo()


@cache
def demo_run():
    """A trained run of it."""
    request = ComparisonRequest(
        models=("fast-warp",), epochs=10, embedding_size=16, protocol=PROTOCOLS["all-pairs"]
    )
    return compare(demo(), request, created=CREATED, choice={"name": "demo"})[-1]


@cache
def demo_vectors():
    """The run's item vectors."""
    return ItemVectors.of_run(demo_run(), demo())


def settings(**changes):
    """Settings that fit the demo, with few passes."""
    return default_settings(demo_vectors(), **{"epochs": 60, **changes})


@cache
def demo_map():
    """The map of these settings."""
    return build_map(demo_vectors(), settings(), created=CREATED)
