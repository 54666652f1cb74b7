"""The real data and the driver's split of it, read once for all tests of the core."""

from __future__ import annotations

import pytest
from hypothesis import settings

from recsys_core.datasets import load_demo, load_lastfm
from recsys_core.splitting import PROTOCOLS, split
from tests.conftest import LASTFM, has_lastfm

# a busy machine must not fail a property
settings.register_profile("refrain", deadline=None, max_examples=60, print_blob=True)
settings.load_profile("refrain")


@pytest.fixture(scope="session")
def lastfm(lastfm_dir):
    """Last.fm 2011 as loaded."""
    return load_lastfm(lastfm_dir)


@pytest.fixture(scope="session")
def driver_split(lastfm):
    """The owner's split: playCountScaled, 80/20, seed 42."""
    return split(lastfm, PROTOCOLS["driver"])


@pytest.fixture(scope="session")
def large_split():
    """The same of Last.fm, or of the demo data where Last.fm is absent: for what must hold on any data."""
    return split(load_lastfm(LASTFM) if has_lastfm() else load_demo(), PROTOCOLS["driver"])
